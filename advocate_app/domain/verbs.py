"""What an event can do to a record."""

from enum import IntEnum
from typing import Final


class Verb(IntEnum):
    """The verb of an event, by its released number; powers are judged from record type and verb alone."""

    WRITE = 1
    """Gives fields new values (the first one makes the record)."""
    FILE = 2
    """Says that the record is finished and counts; a record that freezes can then only be amended."""
    AMEND = 3
    """Changes a filed record, with a reason; what stood before stays readable."""
    STRIKE = 4
    """Says that the record should not have been made, with a reason; it no longer counts."""
    RESTORE = 5
    """Takes back the strikes it names."""
    SUBMIT = 6
    """Asks for a review."""
    APPROVE = 7
    """A supervisor's yes."""
    RETURN = 8
    """A supervisor's "not yet" or "no", with a comment."""
    ADMIT = 9
    """A supervisor lets in what waits for admission."""
    READERS = 10
    """A supervisor decides who reads a compartment; only this sets a standing removal aside."""


NEEDS_REASON: Final = frozenset({Verb.AMEND, Verb.STRIKE, Verb.RESTORE})
"""Verbs whose event must carry a reason."""
