"""An event as folding sees it: one attributable change to one record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Position = tuple[int, int, int]
"""Where an event stands: (0, log index, ordinal) once logged, (1, 0, local row) before. Unique; compared as a tuple."""


@dataclass(frozen=True, slots=True)
class Event:
    """One change to one record, opened and named by its local row; never edited."""

    id: int
    """Local row, unique in this vault."""
    position: Position
    record_type: int
    record_id: bytes
    """16 bytes."""
    verb: int
    """A `Verb`, or a number that only a newer program knows."""
    fields: Mapping[int, Any]
    """Field number to value; `None` empties. A set's value is a list (added) or {"add": [...], "remove": [...]}."""
    over: Mapping[int, Sequence[int]]
    """Register number to local ids of the events whose live values the author saw; register 0 is the record itself."""
    author: bytes
    """Member id, 16 bytes."""
    recorded_at: int
    """Milliseconds since 1970 UTC, as the author's clock read; never orders anything."""
    zone: int
    """Minutes east of UTC."""
    reason: str | None = None
