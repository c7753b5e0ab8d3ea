"""The ways one column of field values stands in a parcel, and the messages they are part of."""

from itertools import accumulate
from typing import Annotated, Any, Final

import msgspec

from advocate_app.base.errors import Bug
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.events import MAX_EVENTS

CHOICE_SIZE: Final = 64
DEEPEST: Final = 16
_STEPPED_FROM: Final = 1 << 31
_FLAT: Final = frozenset({type(None), bool, int, str, bytes})
_Rows = msgspec.Meta(max_length=MAX_EVENTS)
Whole = Annotated[list[int], _Rows]
"""One whole number for each of some events."""


class Plain(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True, tag=0):
    """Values one by one."""

    values: Annotated[list[Any], _Rows]


class Chosen(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True, tag=1):
    """Texts that repeat: each once in `table`, and for each row its place there."""

    table: list[str]
    picks: Whole

    @property
    def weight(self) -> int:
        """Characters that the rows may come to; bounded for a parcel as a frame's size is."""
        return len(self.picks) * max(map(len, self.table), default=0)


class Named(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True, tag=2):
    """16-byte ids, as references (see `columns`)."""

    refs: Whole


class Stepped(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True, tag=3):
    """Large whole numbers: the first, then each less the one before."""

    steps: Whole


Column = Plain | Chosen | Named | Stepped


class Shape(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """What some events of a parcel have in common: type, verb, numbers of fields and of registers in `over`."""

    record_type: int
    verb: int
    fields: list[int]
    registers: list[int]


class Columns(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """All events of a parcel, turned by a quarter. `docs/spec/columns.md` has every rule."""

    tails: bytes
    lead_times: list[int]
    shapes: list[Shape]
    order: Whole
    times: Whole
    zones: int | Whole
    records: Whole
    txns: Whole | None
    reasons: Annotated[list[str | None], _Rows] | None
    over_counts: list[int]
    over_devices: list[int]
    over_numbers: list[int]
    columns: list[Column]


def flat_column(values: list[Any]) -> Plain | Chosen | Stepped:
    """The shortest way to write values that are not ids. A value that no field may hold is a `Bug`."""
    kinds = set(map(type, values))
    if kinds == {str}:
        table = list(dict.fromkeys(values))
        if 2 * len(table) <= len(values) and max(map(len, table)) <= CHOICE_SIZE:
            places = dict(zip(table, range(len(table)), strict=True))
            return Chosen(table, [places[value] for value in values])
    elif kinds == {int} and values[0] >= _STEPPED_FROM:
        return Stepped([values[0], *map(int.__sub__, values[1:], values)])
    elif not kinds <= _FLAT:
        try:
            check_values(values)
        except WireBroken as error:
            raise Bug("columns: a value that no field may hold") from error
    return Plain(values)


def flat_values(column: Plain | Chosen | Stepped) -> list[Any]:
    """The values of such a column. Raises `WireBroken`."""
    if isinstance(column, Plain):
        check_values(column.values)
        return column.values
    if isinstance(column, Stepped):
        return list(accumulate(column.steps))
    check_places(column.picks, below=len(column.table))
    return [column.table[pick] for pick in column.picks]


def check_values(values: list[Any], *, depth: int = 0) -> None:
    """Refuse what no field may hold: floats, extensions, dates, odd keys, nests beyond 16."""
    if depth > DEEPEST:
        raise WireBroken("columns: nested too deep")
    kinds = set(map(type, values))
    if kinds <= _FLAT:
        return
    for value in values:
        if type(value) is list:
            check_values(value, depth=depth + 1)
        elif type(value) is dict:
            if not set(map(type, value)) <= {int, str}:
                raise WireBroken("columns: a map with odd keys")
            check_values(list(value.values()), depth=depth + 1)
        elif type(value) not in _FLAT:
            raise WireBroken("columns: a value of no known kind")


def check_places(places: list[int], *, below: int) -> None:
    """Refuse an index outside a table of so many."""
    if places and not 0 <= min(places) <= max(places) < below:
        raise WireBroken("columns: an index outside its table")
