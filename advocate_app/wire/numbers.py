"""Bounds of the whole numbers in messages: what fits the byte formats and the database, and nothing beyond."""

from typing import Annotated

import msgspec

Count32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
"""A roster size, a life, a generation: an unsigned number of 32 bits."""
Count63 = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
"""A place, a sequence or a time in ms: never negative, and no larger than SQLite's integers."""
