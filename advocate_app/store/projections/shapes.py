"""Shapes of events: what can be told of all events of one type and verb that write the same fields with like values."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from advocate_app.domain.fields import RECORD_REGISTER, Kind, Merge
from advocate_app.domain.verbs import Verb
from advocate_app.store.event_rows import APPLIED, NEWER, REFUSED
from advocate_app.store.projections.tables import TABLES, Table

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
_WRITE: Final = int(Verb.WRITE)
_NOTHING: Final = type(None)
_LEAST: Final = -(1 << 63)
_MOST: Final = (1 << 63) - 1
_ID_SIZE: Final = 16

Cells = Callable[[Mapping[int, Any]], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of such events."""

    state: int
    """APPLIED, NEWER or REFUSED, as far as types and numbers tell."""
    is_plain: bool
    """Whether a record of one such event shows just what it writes. Most records are such; they keep no state."""
    table: Table | None
    numbers: tuple[int, ...]
    """The fields whose values are whole numbers, which have to fit 64 bits."""
    ids: tuple[int, ...]
    """The fields whose values are ids, which have to be 16 bytes long."""
    insert: str
    """For a plain shape: the statement that adds its row to the typed table; `cells` gives all but the first three."""
    cells: Cells

    def judge(self, fields: Mapping[int, Any], registers: Collection[int]) -> int:
        """APPLIED; NEWER for what this program does not know; REFUSED for values of the wrong kind.

        `registers` are those that the event's `over` names. Whether its author had the power is not judged here.
        """
        if self.state or self.table is None:
            return self.state
        if registers and not all(one == RECORD_REGISTER or one in self.table.record.registers for one in registers):
            return NEWER
        for number in self.numbers:
            if not _LEAST <= fields[number] <= _MOST:
                return REFUSED
        for number in self.ids:
            if len(fields[number]) != _ID_SIZE:
                return REFUSED
        return APPLIED


def knows(record_type: int, verb: int) -> bool:
    """Whether this program knows the type and the verb, so that it can tell who has the power."""
    return record_type in TABLES and verb in _VERBS


def shape_of(record_type: int, verb: int, fields: Mapping[int, Any]) -> Shape:
    """The shape of an event."""
    return _shape(record_type, verb, tuple(fields), tuple(map(type, fields.values())))


@lru_cache(maxsize=4096)
def _shape(record_type: int, verb: int, numbers: tuple[int, ...], types: tuple[type, ...]) -> Shape:
    table = TABLES.get(record_type)
    state = _state(table, verb, dict(zip(numbers, types, strict=True)))
    if table is None or state:
        return Shape(state=state, is_plain=False, table=table, numbers=(), ids=(), insert="", cells=lambda _fields: ())
    fields = table.record.by_number
    listed = tuple(number for number in table.numbers if number in numbers)
    columns = ", ".join(f'"{fields[number].name}"' for number in listed)
    return Shape(
        state=state,
        is_plain=verb == _WRITE and table.record.direct.issuperset(numbers),
        table=table,
        numbers=tuple(number for number, one in zip(numbers, types, strict=True) if one is int),
        ids=tuple(
            number
            for number, one in zip(numbers, types, strict=True)
            if one is bytes and fields[number].kind is Kind.ID
        ),
        insert=table.insert_of(columns, len(listed)),
        cells=_cells(table, listed),
    )


def _state(table: Table | None, verb: int, types: Mapping[int, type]) -> int:
    if table is None or verb not in _VERBS:
        return NEWER
    fields = table.record.by_number
    if not types.keys() <= fields.keys():
        return NEWER
    for number, given in types.items():
        one = fields[number]
        if given is _NOTHING or given is _TYPES.get(one.kind, str):
            continue
        if given is not dict or one.merge not in (Merge.SET, Merge.READERS):
            return REFUSED
    return APPLIED


def _cells(table: Table, listed: tuple[int, ...]) -> Cells:
    """How the cells of the listed fields are got out of the fields of an event that writes all of them."""
    if any(table.record.by_number[number].kind in table.LISTS for number in listed):
        return lambda fields: table.cells_of(listed, fields.get)
    if len(listed) > 1:
        return itemgetter(*listed)
    return lambda fields: tuple(fields[number] for number in listed)
