"""Events of a parcel as columns: small, fast both ways, and strict on the way in."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice
from typing import Any, Final

import msgspec

from advocate_app.base.errors import Bug
from advocate_app.wire.column_kinds import (
    CHOICE_SIZE,
    Chosen,
    Column,
    Columns,
    Named,
    Plain,
    Shape,
    check_places,
    flat_column,
    flat_values,
)
from advocate_app.wire.compression import MOST, compress, expand
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.events import MAX_EVENTS, SealedEvent

_TIME: Final = 6
_TAIL: Final = 10
_ID: Final = _TIME + _TAIL
_NEW: Final = 0
_NONE: Final = -1
_LATEST: Final = 1 << 48
_WIDEST_ZONE: Final = 1440
_LARGEST_NUMBER: Final = 1 << 31
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Columns)


def encode(events: Sequence[SealedEvent]) -> bytes:
    """The events, in their order, as dictionary number || zstd(msgpack(columns)).

    1 to 65,536 of them; more, or what no parcel may hold, is a `Bug`.
    """
    content, noise = _written(events)
    return compress(content, noise=noise)


def uncompressed(events: Sequence[SealedEvent], *, noise: bool = True) -> bytes:
    """What `encode` compresses, as dictionaries are trained on; without its random start unless `noise`."""
    content, end = _written(events)
    return content if noise else content[end:]


def decode(data: bytes) -> list[SealedEvent]:
    """The events in their order. Raises `WireBroken` for anything that `encode` would not have made of them."""
    content = expand(data)
    try:
        columns = _DECODER.decode(content)
        return _turn_back(columns)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        raise WireBroken("columns: not readable") from error


def _written(events: Sequence[SealedEvent]) -> tuple[bytes, int]:
    """The encoded columns, and where the random tails of ids end in them, which come first."""
    if not 1 <= len(events) <= MAX_EVENTS:
        raise Bug("columns: number of events", count=len(events))
    columns = _turn(events)
    content = _ENCODER.encode(columns)
    if len(content) > MOST:
        raise Bug("columns: too much for one parcel", length=len(content))
    size = len(columns.tails)
    return content, 1 + (2 if size < 1 << 8 else 3 if size < 1 << 16 else 5) + size


# --- there


class _Names:
    """The ids of a parcel in order of first use, and references to them."""

    def __init__(self) -> None:
        self.tails: list[bytes] = []
        self.lead_times: list[int] = []
        self._places: dict[bytes, int] = {}

    def refs(self, ids: Iterable[bytes | None], *, times: Iterable[int]) -> list[int]:
        """For each id: 0 when new, else how many ids back it was named; -1 for none."""
        places, refs = self._places, []
        for value, at in zip(ids, times, strict=True):
            if value is None:
                refs.append(_NONE)
                continue
            place = places.get(value)
            if place is None:
                if len(value) != _ID:
                    raise Bug("columns: an id of another length", length=len(value))
                places[value] = len(places)
                self.lead_times.append(int.from_bytes(value[:_TIME], "big") - at)
                self.tails.append(value[_TIME:])
                refs.append(_NEW)
            else:
                refs.append(len(places) - place)
        return refs


_Key = tuple[int, int, tuple[int, ...], tuple[int, ...]]


def _turn(events: Sequence[SealedEvent]) -> Columns:
    order: list[int] = []
    groups: dict[_Key, list[SealedEvent]] = {}
    places: dict[_Key, int] = {}
    for event in events:
        key = (event.record_type, event.verb, tuple(event.fields), tuple(event.over))
        place = places.get(key)
        if place is None:
            places[key] = place = len(places)
            groups[key] = []
        groups[key].append(event)
        order.append(place)
    times = [event.recorded_at for event in events]
    zones = [event.zone for event in events]
    names = _Names()
    records = names.refs((event.record_id for event in events), times=times)
    txns = [event.txn for event in events]
    reasons = [event.reason for event in events]
    if min(times) < 0 or max(times) >= _LATEST or max(map(abs, zones)) > _WIDEST_ZONE:
        raise Bug("columns: a time or a zone out of bounds")
    txn_refs = names.refs(txns, times=times) if any(txns) else None
    counts, devices, numbers = _turn_over(groups)
    return Columns(
        columns=_turn_fields(groups, names=names),
        tails=b"".join(names.tails),
        lead_times=names.lead_times,
        shapes=[Shape(kind, verb, list(fields), list(registers)) for kind, verb, fields, registers in groups],
        order=order,
        times=[times[0], *map(int.__sub__, times[1:], times)],
        zones=zones[0] if zones.count(zones[0]) == len(zones) else zones,
        records=records,
        txns=txn_refs,
        reasons=reasons if any(reason is not None for reason in reasons) else None,
        over_counts=counts,
        over_devices=devices,
        over_numbers=numbers,
    )


def _turn_over(groups: dict[_Key, list[SealedEvent]]) -> tuple[list[int], list[int], list[int]]:
    counts: list[int] = []
    devices: list[int] = []
    numbers: list[int] = []
    before = 0
    for key, group in groups.items():
        if not key[3]:
            continue
        for event in group:
            for names in event.over.values():
                counts.append(len(names))
                for device, number in names:
                    devices.append(device)
                    numbers.append(number - before)
                    before = number
    return counts, devices, numbers


def _turn_fields(groups: dict[_Key, list[SealedEvent]], *, names: _Names) -> list[Column]:
    gathered: dict[tuple[int, int], list[Any]] = {}
    members: dict[tuple[int, int], list[list[SealedEvent]]] = {}
    for (kind, _, fields, _), group in groups.items():
        rows = zip(*[event.fields.values() for event in group], strict=True)
        for number, row in zip(fields, rows, strict=True):
            gathered.setdefault((kind, number), []).extend(row)
            members.setdefault((kind, number), []).append(group)
    columns: list[Column] = []
    weight = 0
    for key, values in gathered.items():
        column: Column
        if all(type(value) is bytes and len(value) == _ID for value in values):
            times = (event.recorded_at for group in members[key] for event in group)
            column = Named(names.refs(values, times=times))
        else:
            column = flat_column(values)
        if isinstance(column, Chosen):
            weight += column.weight
            column = column if weight <= MOST else Plain(values)
        columns.append(column)
    return columns


# --- and back


class _KnownIds:
    """Reads references back to ids. Raises `WireBroken`."""

    def __init__(self, *, tails: bytes, lead_times: list[int]) -> None:
        if len(tails) != _TAIL * len(lead_times):
            raise WireBroken("columns: ids of the wrong length")
        self._tails = tails
        self._lead_times = lead_times
        self._known: list[bytes] = []

    def ids(self, refs: list[int], *, times: Sequence[int]) -> list[bytes]:
        """The ids behind the references, one for each time."""
        if len(refs) != len(times):
            raise WireBroken("columns: references of another length")
        known, tails, leads = self._known, self._tails, self._lead_times
        place = len(known)
        if place + refs.count(_NEW) > len(leads):
            raise WireBroken("columns: fewer ids than are named")
        found: list[bytes] = []
        for ref, at in zip(refs, times, strict=True):
            if ref == _NEW:
                start = _TAIL * place
                made = (leads[place] + at).to_bytes(_TIME, "big") + tails[start : start + _TAIL]
                place += 1
                known.append(made)
                found.append(made)
            elif 0 < ref <= place:
                found.append(known[-ref])
            else:
                raise WireBroken("columns: an id that was not named before")
        return found

    def ids_or_none(self, refs: list[int], *, times: Sequence[int]) -> list[bytes | None]:
        """The same, where -1 stands for none."""
        if len(refs) != len(times):
            raise WireBroken("columns: references of another length")
        given = [(ref, at) for ref, at in zip(refs, times, strict=True) if ref != _NONE]
        found = iter(self.ids([ref for ref, _ in given], times=[at for _, at in given]))
        return [None if ref == _NONE else next(found) for ref in refs]

    def check_used(self) -> None:
        """Refuse ids that nothing names."""
        if len(self._known) != len(self._lead_times):
            raise WireBroken("columns: more ids than are named")


def _turn_back(columns: Columns) -> list[SealedEvent]:
    shapes, order = columns.shapes, columns.order
    if not 1 <= len(order) <= MAX_EVENTS:
        raise WireBroken("columns: number of events", count=len(order))
    check_places(order, below=len(shapes))
    for shape in shapes:
        _check_shape(shape)
    times = list(accumulate(columns.times))
    if len(times) != len(order) or not 0 <= min(times) <= max(times) < _LATEST:
        raise WireBroken("columns: times out of bounds")
    known = _KnownIds(tails=columns.tails, lead_times=columns.lead_times)
    records = known.ids(columns.records, times=times)
    nothing = [None] * len(order)
    txns = nothing if columns.txns is None else known.ids_or_none(columns.txns, times=times)
    rows = _rows(columns, times=times, known=known)
    known.check_used()
    return [
        SealedEvent(kind, record, verb, next(fields), next(over), at, zone, reason, txn)
        for (kind, verb, fields, over), record, at, zone, reason, txn in zip(
            [rows[place] for place in order],
            records,
            times,
            _zones(columns, len(order)),
            nothing if columns.reasons is None else columns.reasons,
            txns,
            strict=True,
        )
    ]


def _check_shape(shape: Shape) -> None:
    numbers = (shape.record_type, shape.verb, *shape.fields, *shape.registers)
    if not 0 <= min(numbers) <= max(numbers) < _LARGEST_NUMBER:
        raise WireBroken("columns: a number out of bounds")
    if len(set(shape.fields)) != len(shape.fields) or len(set(shape.registers)) != len(shape.registers):
        raise WireBroken("columns: a field twice in one event")


def _zones(columns: Columns, count: int) -> list[int]:
    zones = columns.zones if isinstance(columns.zones, list) else [columns.zones] * count
    if not -_WIDEST_ZONE <= min(zones, default=0) <= max(zones, default=0) <= _WIDEST_ZONE:
        raise WireBroken("columns: a zone out of bounds")
    return zones


_Row = tuple[int, int, Iterator[dict[int, Any]], Iterator[dict[int, list[tuple[int, int]]]]]


def _rows(columns: Columns, *, times: list[int], known: _KnownIds) -> list[_Row]:
    """For each shape: its type and verb, and the fields and `over` of its events in their order."""
    times_of: list[list[int]] = [[] for _ in columns.shapes]
    for at, place in zip(times, columns.order, strict=True):
        times_of[place].append(at)
    if not all(times_of):
        raise WireBroken("columns: a shape of no event")
    values = _values(columns, times_of=times_of, known=known)
    over = _over(
        columns, count=sum(len(shape.registers) * len(at) for shape, at in zip(columns.shapes, times_of, strict=True))
    )
    rows: list[_Row] = []
    for shape, members in zip(columns.shapes, times_of, strict=True):
        numbers, count = shape.fields, len(members)
        if numbers:
            cut = [islice(values[shape.record_type, number], count) for number in numbers]
            fields = [dict(zip(numbers, row, strict=False)) for row in zip(*cut, strict=False)]
        else:
            fields = [{} for _ in members]
        registers = shape.registers
        seen = [{number: next(over) for number in registers} for _ in members] if registers else [{} for _ in members]
        rows.append((shape.record_type, shape.verb, iter(fields), iter(seen)))
    return rows


def _values(columns: Columns, *, times_of: list[list[int]], known: _KnownIds) -> dict[tuple[int, int], Iterator[Any]]:
    """For each type and field the values of its column, as many as its events."""
    members: dict[tuple[int, int], list[list[int]]] = {}
    for shape, times in zip(columns.shapes, times_of, strict=True):
        for number in shape.fields:
            members.setdefault((shape.record_type, number), []).append(times)
    if len(members) != len(columns.columns):
        raise WireBroken("columns: not as many as the shapes name")
    if any(len(text) > CHOICE_SIZE for each in columns.columns if isinstance(each, Chosen) for text in each.table):
        raise WireBroken("columns: a choice is too long")
    if sum(each.weight for each in columns.columns if isinstance(each, Chosen)) > MOST:
        raise WireBroken("columns: expands too far")
    values: dict[tuple[int, int], Iterator[Any]] = {}
    for (key, groups), column in zip(members.items(), columns.columns, strict=True):
        if isinstance(column, Named):
            read: list[Any] = [*known.ids(column.refs, times=[at for times in groups for at in times])]
        else:
            read = flat_values(column)
        if len(read) != sum(map(len, groups)):
            raise WireBroken("columns: a column of another length")
        values[key] = iter(read)
    return values


def _over(columns: Columns, *, count: int) -> Iterator[list[tuple[int, int]]]:
    counts, devices = columns.over_counts, columns.over_devices
    numbers = list(accumulate(columns.over_numbers))
    if len(counts) != count or min(counts, default=0) < 0:
        raise WireBroken("columns: counts in over do not fit")
    if not sum(counts) == len(devices) == len(numbers):
        raise WireBroken("columns: names in over do not add up")
    check_places(devices, below=MAX_EVENTS)
    if numbers and not 0 < min(numbers) <= max(numbers) < 1 << 63:
        raise WireBroken("columns: a number in over out of bounds")
    pairs = zip(devices, numbers, strict=True)
    return iter([list(islice(pairs, each)) for each in counts])
