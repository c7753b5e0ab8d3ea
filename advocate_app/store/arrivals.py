"""Events that arrived: named, judged, written and projected; the same however often and in whatever order they come."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from advocate_app.domain.compartments import CompartmentKind, compartment_id
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes, Topic
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_rows import (
    EventState,
    Ref,
    decode_body,
    encode_body,
    ids_of_names,
    in_lists,
    insert_rows,
    last_event,
    members_by_device,
)
from advocate_app.store.judging import judge, knows
from advocate_app.store.projections.project import project, refold
from advocate_app.store.projections.touched import Fresh, RecordKey, find, find_or_make
from advocate_app.wire.events import SealedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """The events of one opened parcel, and what the log and the roster say of them."""

    stream: int
    """Row of the stream."""
    log_index: int | None
    """Where its envelope stands on the log; None while that is not known (it came by stick)."""
    device: int
    """Row of the device that sealed it."""
    author: bytes
    """That device's member, 16 bytes."""
    cited: int
    """Roster size that the envelope cites."""
    first_no: int
    """Number of the first event of this parcel."""
    compartment: int
    """Row of the compartment whose key opened it."""
    events: Sequence[SealedEvent]
    devices: Sequence[int]
    """Device row for each entry of the delta's `devices`."""
    states: Sequence[int] | int = EventState.APPLIED
    """How each event was judged (or all of them): APPLIED, ADMISSION or REFUSED."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that waited for a newer program, as it is judged when that has come."""

    event: int
    """Local id."""
    record_type: int
    verb: int
    author: bytes
    cited: int
    stream: int
    log_index: int | None


_HELD: Final = (
    "SELECT no, id, record, log_index, state FROM event WHERE stream = ? AND device = ? AND no BETWEEN ? AND ?"
)
_SET_INDEX: Final = "UPDATE event SET log_index = ?, state = ? WHERE id = ?"
_STILL_UNLOGGED: Final = """SELECT record, min(id) FROM event
  WHERE log_index IS NULL AND state = 0 AND record IN ({places}) GROUP BY record"""
_NOW_LOGGED: Final = "UPDATE record SET last_index = ?, unlogged = unlogged - ? WHERE id = ?"
_COMPARTMENT_IDS: Final = "SELECT id, compartment FROM compartment WHERE id IN ({places})"
_AGENCY: Final = "SELECT value FROM fact WHERE name = 'agency'"
_NEWER: Final = """SELECT e.id, e.record, e.device, e.cited, e.stream, e.log_index, e.verb, e.body, r.type
  FROM event e JOIN record r ON r.id = e.record WHERE e.state = 1 ORDER BY e.id"""
_SET_STATE: Final = "UPDATE event SET state = ? WHERE id = ?"

_CLIENT: Final = by_name["client"].number
_READERS: Final = by_name["readers"].number
_NO_OVER: Final[dict[int, list[Ref]]] = {}
_TOPICS: Final[Mapping[int, Topic]] = {
    EventState.NEWER: Topic.NEWER,
    EventState.ADMISSION: Topic.ADMISSION,
    EventState.REFUSED: Topic.ADMISSION,
}

_Name = tuple[int, int, int]
"""Stream row, device row, no."""
_Pending = tuple[Arrived, int, SealedEvent, int, RecordKey]


class Echo(NamedTuple):
    """An event of an arriving parcel that is here already: its number, local id, record row, place, state, and how it
    is judged now."""

    no: int
    event: int
    record: int
    log_index: int | None
    state: int
    judged: int


def receive(tx: Writer, *, batch: Arrived) -> Changes:
    """Take in the events of one parcel; see `receive_all`."""
    return receive_all(tx, parcels=(batch,))


def receive_all(tx: Writer, *, parcels: Sequence[Arrived]) -> Changes:
    """Take in the events of parcels, in the order of the log, and bring the records up to date.

    An event that is here already (this device's own come back, and any may be sent twice) is not written again: if its
    place on the log was not known it is now, and it is then as it was judged. One that this program does not know is
    kept whole for a newer one.
    """
    changes = Changes()
    pending: list[_Pending] = []
    places = _Places(tx, parcels)
    for parcel in parcels:
        known = _held(tx, parcel)
        states = parcel.states
        echoes: list[Echo] = []
        for place, event in enumerate(parcel.events):
            number = parcel.first_no + place
            given = states if isinstance(states, int) else states[place]
            if number in known:
                echoes.append(Echo(number, *known[number], given))
                continue
            if given and not knows(record_type=event.record_type, verb=event.verb):
                # Its power was judged by a program that cannot know it: this is done when it is replayed.
                given = EventState.NEWER
            state = given or _judge(event) or places.judge(event, compartment=parcel.compartment)
            key = (event.record_id, parcel.compartment, event.record_type)
            pending.append((parcel, number, event, state, key))
        if echoes and parcel.log_index is not None:
            changes |= log_known(tx, echoes, log_index=parcel.log_index)
    if pending:
        changes |= _take_in(tx, pending)
    return changes


def log_known(tx: Writer, echoes: Sequence[Echo], *, log_index: int) -> Changes:
    """Events that are here stand on the log at `log_index`: count them so, and fold anew where the order changed."""
    news = [echo for echo in echoes if echo.log_index is None]
    if not news:
        return Changes()
    tx.run_many(_SET_INDEX, [(log_index, echo.judged, echo.event) for echo in news])
    counted: dict[int, list[Echo]] = {}
    judged_anew: set[int] = set()
    for echo in news:
        if echo.state == EventState.APPLIED == echo.judged:
            counted.setdefault(echo.record, []).append(echo)
        elif echo.state != echo.judged:
            judged_anew.add(echo.record)
    first_left: dict[int, int] = {}
    for sql, params in in_lists(_STILL_UNLOGGED, list(counted)):
        first_left |= dict(tx.rows(sql, params))
    kept: list[tuple[int, int, int]] = []
    for one in find(tx, list(counted)):
        ours = counted[one.row]
        by_number = [echo.event for echo in sorted(ours, key=lambda echo: echo.no)]
        moved = by_number != sorted(by_number) or first_left.get(one.row, by_number[-1]) < by_number[-1]
        if moved or one.last_index > log_index or one.row in judged_anew:
            judged_anew.add(one.row)
        else:
            kept.append((log_index, len(ours), one.row))
    tx.run_many(_NOW_LOGGED, kept)
    changes = refold(tx, judged_anew)
    tx.changes.add(Topic.WAITING)
    return changes | Changes(topics=frozenset({Topic.WAITING}))


def replay_newer(tx: Writer, *, power: Callable[[Waiting], int] | None = None) -> Changes:
    """After an update: take in the events that waited for it. `power` judges what an older program could not."""
    members = members_by_device(tx)
    judged: list[tuple[int, int]] = []
    records: set[int] = set()
    for event, record, device, cited, stream, log_index, verb, data, kind in tx.rows(_NEWER):
        body = decode_body(data)
        state: int = judge(record_type=kind, verb=verb, fields=body.fields, registers=body.over)
        if state == EventState.NEWER:
            continue
        if state == EventState.APPLIED and power is not None:
            state = power(
                Waiting(
                    event=event,
                    record_type=kind,
                    verb=verb,
                    author=members.get(device, b""),
                    cited=cited,
                    stream=stream,
                    log_index=log_index,
                )
            )
        judged.append((state, event))
        records.add(record)
    tx.run_many(_SET_STATE, judged)
    if not judged:
        return Changes()
    tx.changes.add(Topic.NEWER)
    return refold(tx, records) | Changes(topics=frozenset({Topic.NEWER}))


def _held(db: Reader, parcel: Arrived) -> dict[int, tuple[int, int, int | None, int]]:
    last = parcel.first_no + len(parcel.events) - 1
    rows = db.rows(_HELD, (parcel.stream, parcel.device, parcel.first_no, last))
    return {no: (event, record, log_index, state) for no, event, record, log_index, state in rows}


def _take_in(tx: Writer, pending: Sequence[_Pending]) -> Changes:
    touched = find_or_make(tx, (entry[4] for entry in pending))
    over_of = _Names(tx, pending)
    rows: list[tuple[Any, ...]] = []
    topics: set[Topic] = set()
    number = over_of.first
    for parcel, no, event, state, key in pending:
        record = touched[key]
        over = over_of.local(parcel, event.over) if event.over else _NO_OVER
        body = encode_body((event.zone, event.fields, over, event.reason, event.txn))
        rows.append(
            (
                number,
                record.row,
                parcel.device,
                parcel.stream,
                no,
                parcel.log_index,
                parcel.cited,
                event.verb,
                state,
                event.recorded_at,
                body,
            )
        )
        if state == 0:
            seen = (
                {name: [ref for ref in refs if isinstance(ref, int)] for name, refs in over.items()} if over else over
            )
            record.fresh.append(
                Fresh(
                    number,
                    parcel.log_index,
                    no,
                    event.verb,
                    event.fields,
                    seen,  # type: ignore[arg-type]
                    parcel.author,
                    event.recorded_at,
                    event.zone,
                    event.reason,
                )
            )
        else:
            topics.add(_TOPICS[state])
        number += 1
    insert_rows(tx, rows)
    tx.changes.update(topics)
    return project(tx, touched.values()) | Changes(topics=frozenset(topics))


class _Names:
    """Turns the names in `over` into local ids, also of events that come in the same breath."""

    def __init__(self, db: Reader, pending: Sequence[_Pending]) -> None:
        self.first = last_event(db) + 1
        """The local id of the first of them; the others follow."""
        self._known: dict[_Name, int] = {}
        wanted: dict[int, dict[int, set[int]]] = {}
        for parcel, _, event, _, _ in pending:
            for names in event.over.values():
                for place, no in names:
                    if place < len(parcel.devices):
                        wanted.setdefault(parcel.stream, {}).setdefault(parcel.devices[place], set()).add(no)
        if not wanted:
            return
        for stream, named in wanted.items():
            for (device, no), local in ids_of_names(db, stream=stream, names=named).items():
                self._known[stream, device, no] = local
        for row, (parcel, no, _, _, _) in enumerate(pending, start=self.first):
            self._known[parcel.stream, parcel.device, no] = row

    def local(self, parcel: Arrived, over: Mapping[int, Sequence[tuple[int, int]]]) -> dict[int, list[Ref]]:
        """What goes into the row: local ids, and [device row, no] of events that have not come yet."""
        return {register: list(self._refs(parcel, names)) for register, names in over.items()}

    def _refs(self, parcel: Arrived, names: Sequence[tuple[int, int]]) -> Iterator[Ref]:
        for place, no in names:
            if place < len(parcel.devices):
                device = parcel.devices[place]
                known = self._known.get((parcel.stream, device, no))
                yield [device, no] if known is None else known


class _Places:
    """Refuses a client's own record, or a compartment's readers, in a compartment that is not theirs."""

    def __init__(self, db: Reader, parcels: Sequence[Arrived]) -> None:
        self._db = db
        self._rows = list({parcel.compartment for parcel in parcels})
        self._agency: bytes = b""
        self._ids: dict[int, bytes] = {}

    def judge(self, event: SealedEvent, *, compartment: int) -> EventState:
        """APPLIED or REFUSED."""
        kind = event.record_type
        if kind != _CLIENT and kind != _READERS:
            return EventState.APPLIED
        if not self._ids:
            self._look_up()
        own = event.record_id
        if kind == _CLIENT:
            own = compartment_id(self._agency, kind=CompartmentKind.FILE, owner=own)
        return EventState.APPLIED if own == self._ids.get(compartment) else EventState.REFUSED

    def _look_up(self) -> None:
        agency = self._db.row(_AGENCY)
        self._agency = agency[0] if agency is not None else b""
        for sql, params in in_lists(_COMPARTMENT_IDS, self._rows):
            self._ids |= dict(self._db.rows(sql, params))


def _judge(event: SealedEvent) -> int:
    return judge(record_type=event.record_type, verb=event.verb, fields=event.fields, registers=event.over)
