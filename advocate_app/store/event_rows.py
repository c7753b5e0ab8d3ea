"""The rows of the event log: how an event lies in its row, and how the events of a record are read back."""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any, Final, NamedTuple

import msgspec

from advocate_app.domain.events import Event, Position
from advocate_app.store.connection import Reader, Writer

THIS_DEVICE: Final = 1
"""The row of this device in the table of devices, in every vault."""


class EventState(IntEnum):
    """What became of an event; only applied ones are folded."""

    APPLIED = 0
    NEWER = 1
    """Of a type, verb or field that only a newer program knows: kept whole, replayed after the update."""
    ADMISSION = 2
    """Waits for a supervisor to let it in."""
    REFUSED = 3
    """Breaks a rule that every program can judge; kept, never shown as true."""


# As plain numbers: the database binds those fastest.
APPLIED: Final = int(EventState.APPLIED)
NEWER: Final = int(EventState.NEWER)
REFUSED: Final = int(EventState.REFUSED)

Ref = int | list[int]
"""What `over` holds in a row: a local event id, or [device row, no] of an event that was not here then."""


class Body(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The part of an event that only folding reads: msgpack `[zone, fields, over, reason, txn]`."""

    zone: int
    fields: dict[int, Any]
    over: dict[int, list[Ref]]
    reason: str | None = None
    txn: bytes | None = None


class EventRow(NamedTuple):
    """One row to be written, in the order of the table's columns."""

    id: int
    record: int
    device: int
    stream: int
    no: int | None
    log_index: int | None
    cited: int
    verb: int
    state: int
    recorded_at: int
    body: bytes


encode_body: Final = msgspec.msgpack.Encoder().encode
"""msgpack of a `Body`, or of a tuple of the same five things."""
decode_body: Final = msgspec.msgpack.Decoder(Body).decode
"""The `Body` in a row's bytes."""

_INSERT: Final = "INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?,?)"
_LAST: Final = "SELECT ifnull(max(id), 0) FROM event"
_OF_RECORDS: Final = """SELECT e.id, e.record, e.device, e.stream, e.no, e.log_index, e.verb, e.recorded_at, e.body,
  r.type, r.record_id FROM event e JOIN record r ON r.id = e.record WHERE e.state = 0 AND e.record IN ({places})"""
_MEMBERS: Final = "SELECT id, member FROM device"
_NAMED: Final = "SELECT no, id FROM event WHERE stream = ? AND device = ? AND no IN ({places})"

SIZES: Final = (1, 8, 64, 512)
"""How many parameters an IN list takes: few different statements, so that each stays prepared."""


def in_lists(sql: str, values: Sequence[Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The statement `sql`, its `{places}` filled in, for one part of the values after the other, padded with NULL."""
    start = 0
    while start < len(values):
        size = next((size for size in SIZES if size >= len(values) - start), SIZES[-1])
        part = tuple(values[start : start + size])
        yield sql.format(places=",".join("?" * size)), part + (None,) * (size - len(part))
        start += size


def insert_rows(tx: Writer, rows: Sequence[EventRow] | Sequence[tuple[Any, ...]]) -> None:
    """Write new rows, each an `EventRow` or a tuple of the same eleven things."""
    tx.run_many(_INSERT, rows)


def last_event(db: Reader) -> int:
    """The highest local id of an event; 0 when there is none."""
    row = db.row(_LAST)
    assert row is not None
    return int(row[0])


def position_of(*, event: int, log_index: int | None, no: int | None) -> Position:
    """Where an event stands in the order of its record: the logged first, then the others by their local id."""
    if log_index is None:
        return (1, 0, event)
    return (0, log_index, no or 0)


def members_by_device(db: Reader) -> dict[int, bytes]:
    """Device row to member id."""
    return dict(db.rows(_MEMBERS))


def events_of(db: Reader, records: Sequence[int]) -> dict[int, list[Event]]:
    """The applied events of these records (row ids), in no particular order; records without any are missing."""
    members = members_by_device(db)
    found: dict[int, list[Any]] = {}
    for sql, params in in_lists(_OF_RECORDS, records):
        for row in db.rows(sql, params):
            found.setdefault(row[1], []).append(row)
    return {record: _read(rows, members) for record, rows in found.items()}


def _read(rows: list[Any], members: Mapping[int, bytes]) -> list[Event]:
    named = {(stream, device, no): event for event, _, device, stream, no, *_ in rows if no is not None}
    events: list[Event] = []
    for event, _, device, stream, no, log_index, verb, recorded_at, data, kind, record_id in rows:
        body = decode_body(data)
        over: Mapping[int, Sequence[int]] = {}
        if body.over:
            over = {register: list(_local(refs, stream, named)) for register, refs in body.over.items()}
        events.append(
            Event(
                id=event,
                position=position_of(event=event, log_index=log_index, no=no),
                record_type=kind,
                record_id=record_id,
                verb=verb,
                fields=body.fields,
                over=over,
                author=members.get(device, b""),
                recorded_at=recorded_at,
                zone=body.zone,
                reason=body.reason,
            )
        )
    return events


def _local(refs: Sequence[Ref], stream: int, named: Mapping[tuple[int, int, int], int]) -> Iterator[int]:
    """Local ids; a name of which no event has come yet says nothing."""
    for ref in refs:
        if isinstance(ref, int):
            yield ref
            continue
        event = named.get((stream, ref[0], ref[1]))
        if event is not None:
            yield event


def ids_of_names(db: Reader, *, stream: int, names: Mapping[int, set[int]]) -> dict[tuple[int, int], int]:
    """(device row, no) to local event id, for those events of the stream that are here. `names`: device row to nos."""
    found: dict[tuple[int, int], int] = {}
    for device, numbers in names.items():
        for sql, params in in_lists(_NAMED, sorted(numbers)):
            for no, event in db.rows(sql, (stream, device, *params)):
                found[device, no] = event
    return found
