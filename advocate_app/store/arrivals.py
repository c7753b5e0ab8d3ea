"""Events that arrived: named, judged, written and projected; the same however often and in whatever order they come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from advocate_app.store.changes import Changes, Topic
from advocate_app.store.connection import Writer
from advocate_app.store.event_rows import (
    APPLIED,
    NEWER,
    REFUSED,
    EventState,
    decode_body,
    encode_body,
    in_lists,
    insert_rows,
    last_event,
    members_by_device,
)
from advocate_app.store.naming import Arrived, Names, Numbers, Pending, Places
from advocate_app.store.projections.project import project, refold
from advocate_app.store.projections.shapes import knows, shape_of
from advocate_app.store.projections.shelf import Shelf
from advocate_app.store.projections.touched import Fresh, Records, find


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that waited for a newer program, as it is judged when that has come."""

    event: int
    """Local id."""
    record_type: int
    verb: int
    author: bytes
    device: int
    """Row of the device that sealed it."""
    cited: int
    stream: int
    log_index: int | None
    stamped: int | None
    """Roster size that its place on the log is stamped with; None while it has none."""


class Echo(NamedTuple):
    """An event of an arriving parcel that is here already, and how it is judged now."""

    no: int
    event: int
    record: int
    log_index: int | None
    state: int
    judged: int


_SET_INDEX: Final = "UPDATE event SET log_index = ?, state = ? WHERE id = ?"
_STILL_UNLOGGED: Final = """SELECT record, min(id) FROM event
  WHERE log_index IS NULL AND state = 0 AND record IN ({places}) GROUP BY record"""
_NOW_LOGGED: Final = "UPDATE record SET last_index = ?, unlogged = unlogged - ? WHERE id = ?"
_NEWER: Final = """SELECT e.id, e.record, e.device, e.cited, e.stream, e.log_index, l.roster_size,
  e.verb, e.body, r.type FROM event e JOIN record r ON r.id = e.record
  LEFT JOIN log_entry l ON l.stream = e.stream AND l.idx = e.log_index WHERE e.state = 1 ORDER BY e.id"""
_SET_STATE: Final = "UPDATE event SET state = ? WHERE id = ?"


def receive(tx: Writer, *, batch: Arrived) -> Changes:
    """Take in the events of one parcel; see `receive_all`."""
    return receive_all(tx, parcels=(batch,))


def receive_all(tx: Writer, *, parcels: Sequence[Arrived]) -> Changes:
    """Take in the events of parcels, in any order, and bring the records up to date.

    An event that is here already (this device's own come back, and any may be sent twice) is not written again: if its
    place on the log was not known it is now, and it is then as it was judged. One that this program does not know is
    kept whole for a newer one.
    """
    changes = Changes()
    pending: list[Pending] = []
    numbers = Numbers(tx, pending)
    places = Places(tx, parcels)
    for parcel in parcels:
        held = numbers.held(parcel)
        states, compartment, number = parcel.states, parcel.compartment, parcel.first_no
        one_state = states if isinstance(states, int) else None
        echoes: list[Echo] = []
        for place, event in enumerate(parcel.events):
            given = int(states[place]) if one_state is None else one_state  # type: ignore[index]  # a list then
            kind = event.record_type
            if held and number in held:
                echoes.append(Echo(number, *held[number], given))
            else:
                shape = shape_of(kind, event.verb, event.fields)
                if not given:
                    state = shape.judge(event.fields, event.over)
                    if places.are_told_by(kind) and not state:
                        state = places.judge(event, compartment=compartment)
                else:
                    # What an older program cannot know it could not judge: that is done when it is replayed.
                    state = given if knows(kind, event.verb) else NEWER
                pending.append((parcel, number, event, shape, state, (event.record_id, compartment, kind)))
            number += 1
        if echoes and parcel.log_index is not None:
            changes |= log_known(tx, echoes, log_index=parcel.log_index)
    return changes | _take_in(tx, pending) if pending else changes


def log_known(tx: Writer, echoes: Sequence[Echo], *, log_index: int) -> Changes:
    """Events that are here stand on the log at `log_index`: count them so, and fold anew where the order changed."""
    news = [echo for echo in echoes if echo.log_index is None]
    if not news:
        return Changes()
    judged = [(echo, NEWER if echo.state == NEWER else echo.judged) for echo in news]
    tx.run_many(_SET_INDEX, [(log_index, state, echo.event) for echo, state in judged])
    counted: dict[int, list[Echo]] = {}
    anew: set[int] = set()
    for echo, state in judged:
        if echo.state == state == APPLIED:
            counted.setdefault(echo.record, []).append(echo)
        elif echo.state != state:
            anew.add(echo.record)
    first_left: dict[int, int] = {}
    for sql, params in in_lists(_STILL_UNLOGGED, list(counted)):
        first_left |= dict(tx.rows(sql, params))
    kept: list[tuple[int, int, int]] = []
    for one in find(tx, list(counted)):
        ours = [echo.event for echo in sorted(counted[one.row])]
        moved = ours != sorted(ours) or first_left.get(one.row, ours[-1]) < ours[-1]
        if moved or one.last_index > log_index:
            anew.add(one.row)
        elif one.row not in anew:
            kept.append((log_index, len(ours), one.row))
    tx.run_many(_NOW_LOGGED, kept)
    tx.changes.add(Topic.WAITING)
    return refold(tx, anew) | Changes(topics=frozenset({Topic.WAITING}))


def replay_newer(tx: Writer, *, power: Callable[[Waiting], int] | None = None) -> Changes:
    """After an update: take in the events that waited for it. `power` judges what an older program could not."""
    members = members_by_device(tx)
    judged: list[tuple[int, int]] = []
    records: set[int] = set()
    for event, record, device, cited, stream, log_index, stamped, verb, data, kind in tx.rows(_NEWER):
        body = decode_body(data)
        state = shape_of(kind, verb, body.fields).judge(body.fields, body.over)
        if state == NEWER:
            continue
        if state == APPLIED and power is not None:
            author = members.get(device, b"")
            state = int(power(Waiting(event, kind, verb, author, device, cited, stream, log_index, stamped)))
        judged.append((state, event))
        records.add(record)
    if not judged:
        return Changes()
    tx.run_many(_SET_STATE, judged)
    tx.changes.add(Topic.NEWER)
    return refold(tx, records) | Changes(topics=frozenset({Topic.NEWER}))


def _take_in(tx: Writer, pending: Sequence[Pending]) -> Changes:
    records = Records(tx, [entry[5] for entry in pending])
    number = last_event(tx) + 1
    names = Names(tx, pending, first=number)
    rows: list[tuple[Any, ...]] = []
    states: set[int] = set()
    shelf = Shelf()
    for parcel, no, event, shape, state, key in pending:
        over = names.local(parcel, event.over) if event.over else _NO_OVER
        at, log_index, verb, fields = event.recorded_at, parcel.log_index, event.verb, event.fields
        if shape.is_plain and not state and key in records.new_once:
            record = records.next_row()
            shelf.put_first(
                record,
                record_id=event.record_id,
                compartment=parcel.compartment,
                shape=shape,
                fields=fields,
                log_index=log_index,
                recorded_at=at,
            )
        else:
            one = records.touch(key)
            record = one.row
            if state:
                states.add(state)
            else:
                seen = names.seen(over)
                one.fresh.append(
                    Fresh(number, log_index, no, verb, fields, seen, parcel.author, at, event.zone, event.reason)
                )
        body = encode_body((event.zone, fields, over, event.reason, event.txn))
        rows.append((number, record, parcel.device, parcel.stream, no, log_index, parcel.cited, verb, state, at, body))
        number += 1
    insert_rows(tx, rows)
    topics = frozenset(_TOPICS[state] for state in states)
    tx.changes.update(topics)
    return project(tx, touched=records.touched(), shelf=shelf) | Changes(topics=topics)


_NO_OVER: Final[dict[int, list[Any]]] = {}
_TOPICS: Final = {NEWER: Topic.NEWER, int(EventState.ADMISSION): Topic.ADMISSION, REFUSED: Topic.ADMISSION}
