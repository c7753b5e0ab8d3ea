"""What this program can make of an event that arrived: take it, keep it for a newer program, or refuse it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from advocate_app.domain.fields import RECORD_REGISTER, Kind, Merge, Record
from advocate_app.domain.records import RECORDS
from advocate_app.domain.verbs import Verb
from advocate_app.store.event_rows import EventState

_TYPES: Final[Mapping[Kind, type]] = {
    Kind.TEXTS: list,
    Kind.CHOICES: list,
    Kind.IDS: list,
    Kind.INSTANT: int,
    Kind.INT: int,
    Kind.CENTS: int,
    Kind.BOOL: bool,
    Kind.ID: bytes,
    Kind.BYTES: bytes,
    Kind.SHARES: dict,
}
"""The Python type of a field's value, where it is not str."""

_VERBS: Final = frozenset(map(int, Verb))
_LEAST: Final = -(1 << 63)
_MOST: Final = (1 << 63) - 1
_ID_SIZE: Final = 16


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a record type."""

    types: Mapping[int, type]
    registers: frozenset[int]
    sets: frozenset[int]
    ids: frozenset[int]


def _known(record: Record) -> _Known:
    sets = (Merge.SET, Merge.READERS)
    return _Known(
        types={one.number: _TYPES.get(one.kind, str) for one in record.fields},
        registers=frozenset(record.registers) | {RECORD_REGISTER},
        sets=frozenset(one.number for one in record.fields if one.merge in sets),
        ids=frozenset(one.number for one in record.fields if one.kind is Kind.ID),
    )


_KNOWN: Final = {record.number: _known(record) for record in RECORDS}


def knows(*, record_type: int, verb: int) -> bool:
    """Whether this program knows the type and the verb, so that it can tell who has the power."""
    return record_type in _KNOWN and verb in _VERBS


def judge(*, record_type: int, verb: int, fields: Mapping[int, Any], registers: Collection[int]) -> EventState:
    """NEWER for what this program does not know, REFUSED for values of the wrong kind, APPLIED for all else.

    `registers` are those that the event's `over` names. Whether its author had the power is not judged here.
    """
    known = _KNOWN.get(record_type)
    if known is None or verb not in _VERBS:
        return EventState.NEWER
    types = known.types
    if not fields.keys() <= types.keys() or not known.registers.issuperset(registers):
        return EventState.NEWER
    for number, value in fields.items():
        given, wanted = type(value), types[number]
        if value is None or given is wanted is str:
            continue
        if given is not wanted:
            if given is dict and number in known.sets:
                continue
            return EventState.REFUSED
        if given is int and not _LEAST <= value <= _MOST:
            return EventState.REFUSED
        if number in known.ids and len(value) != _ID_SIZE:
            return EventState.REFUSED
    return EventState.APPLIED
