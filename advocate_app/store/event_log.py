"""The event log: the one door by which anything comes into the vault's records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from advocate_app.base.clock import Clock
from advocate_app.base.errors import Bug, Refusal
from advocate_app.base.ids import Ids
from advocate_app.domain.compartments import CompartmentKind, CompartmentRef, compartment_id
from advocate_app.domain.powers import may
from advocate_app.store.arrivals import Echo, Waiting, log_known, receive, receive_all, replay_newer
from advocate_app.store.changes import Changes, Topic
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_rows import (
    THIS_DEVICE,
    EventRow,
    EventState,
    decode_body,
    encode_body,
    in_lists,
    insert_rows,
    last_event,
)
from advocate_app.store.naming import Arrived
from advocate_app.store.projections.project import project, refold
from advocate_app.store.projections.shapes import shape_of
from advocate_app.store.projections.shelf import Shelf
from advocate_app.store.projections.touched import Fresh, RecordKey, Records
from advocate_app.wire.envelope import MAX_EVENT
from advocate_app.wire.roster import agency_stream_id

__all__ = [
    "Arrived",
    "Author",
    "NewEvent",
    "Waiting",
    "append",
    "mark_logged",
    "mark_sealed",
    "receive",
    "receive_all",
    "replay_newer",
    "set_state",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who writes here and now: the member whose vault this is, as the verified roster has them."""

    member: bytes
    """Member id, 16 bytes."""
    roles: frozenset[str]
    cited: int
    """Size of the roster that the roles were read from."""
    clock: Clock
    ids: Ids
    device_row: int = THIS_DEVICE


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """One change that a person makes to one record; see `domain.events.Event` for the fields."""

    record_type: int
    record_id: bytes
    verb: int
    fields: Mapping[int, Any]
    compartment: CompartmentRef
    over: Mapping[int, Sequence[int]] = field(default_factory=dict)
    reason: str | None = None
    txn: bytes | None = None


_FRAME: Final = 64
"""Bytes for what stands around an event's fields: ids, times, verb."""
_FACT: Final = "SELECT value FROM fact WHERE name = ?"
_STREAM: Final = "SELECT id FROM stream WHERE stream = ?"
_COMPARTMENT: Final = "SELECT id, stream, kind FROM compartment WHERE compartment = ?"
_ADD_COMPARTMENT: Final = "INSERT INTO compartment (compartment, kind, owner, name, stream) VALUES (?,?,?,?,?)"
_KNOW_COMPARTMENT: Final = "UPDATE compartment SET kind = ?, owner = ?, name = ?, stream = ? WHERE id = ?"


def append(tx: Writer, *, events: Sequence[NewEvent], author: Author) -> Changes | Refusal:
    """Write what a person did here, and bring the records up to date, in the same transaction.

    Refuses with `power.missing` (facts `record_type`, `verb`) when the author's roles do not allow one of the events,
    and with `record.too_large` (facts `bytes`, `most`) when one could never be sealed; nothing is written then.
    """
    for event in events:
        if not may(author.roles, record_type=event.record_type, verb=event.verb):
            return Refusal("power.missing", {"record_type": event.record_type, "verb": event.verb})
        size = _size(event)
        if size > MAX_EVENT:
            return Refusal("record.too_large", {"bytes": size, "most": MAX_EVENT})
    at, zone = author.clock.now(), author.clock.zone()
    compartments = {ref: _compartment(tx, ref) for ref in dict.fromkeys(event.compartment for event in events)}
    keys: list[RecordKey] = [
        (event.record_id, compartments[event.compartment][0], event.record_type) for event in events
    ]
    records = Records(tx, keys)
    shelf = Shelf()
    rows: list[EventRow] = []
    number = last_event(tx)
    for event, key in zip(events, keys, strict=True):
        number += 1
        verb = int(event.verb)
        shape = shape_of(event.record_type, verb, event.fields)
        state = shape.judge(event.fields, event.over)
        if state:
            raise Bug("event_log: this program does not know its own event", record_type=event.record_type, verb=verb)
        if shape.is_plain and key in records.new_once:
            record = records.next_row()
            shelf.put_first(
                record,
                record_id=event.record_id,
                compartment=key[1],
                shape=shape,
                fields=event.fields,
                log_index=None,
                recorded_at=at,
            )
        else:
            one = records.touch(key)
            record = one.row
            one.fresh.append(
                Fresh(
                    id=number,
                    log_index=None,
                    no=None,
                    verb=verb,
                    fields=event.fields,
                    over=event.over,
                    author=author.member,
                    recorded_at=at,
                    zone=zone,
                    reason=event.reason,
                )
            )
        rows.append(
            EventRow(
                id=number,
                record=record,
                device=author.device_row,
                stream=compartments[event.compartment][1],
                no=None,
                log_index=None,
                cited=author.cited,
                verb=verb,
                state=state,
                recorded_at=at,
                body=encode_body((zone, event.fields, event.over, event.reason, event.txn)),
            )
        )
    insert_rows(tx, rows)
    tx.changes.add(Topic.WAITING)
    changes = project(tx, touched=records.touched(), shelf=shelf)
    return changes | Changes(topics=frozenset({Topic.WAITING}))


def _size(event: NewEvent) -> int:
    """Bytes that an event takes before it is sealed, at most: a name of an event in `over` takes no more than 16."""
    seen = sum(len(refs) for refs in event.over.values())
    return len(encode_body((0, event.fields, {}, event.reason, event.txn))) + 16 * seen + _FRAME


def _compartment(tx: Writer, ref: CompartmentRef) -> tuple[int, int]:
    """Row ids of the compartment and of its home stream; made when it is new."""
    agency = _fact(tx, "agency")
    name = compartment_id(agency, kind=ref.kind, owner=ref.owner)
    found = tx.row(_COMPARTMENT, (name,))
    if found is not None and found[1] is not None and found[2] is not None:
        return found[0], found[1]
    stream = found[1] if found is not None and found[1] is not None else _home(tx, agency, ref)
    owner = ref.owner if isinstance(ref.owner, bytes) else None
    register = ref.owner if isinstance(ref.owner, str) else None
    if found is None:
        return tx.run(_ADD_COMPARTMENT, (name, ref.kind.value, owner, register, stream)), stream
    tx.run(_KNOW_COMPARTMENT, (ref.kind.value, owner, register, stream, found[0]))
    return found[0], stream


def _home(db: Reader, agency: bytes, ref: CompartmentRef) -> int:
    """The stream of a new compartment: that of the client's file, else this member's team; registers are everyone's."""
    if ref.kind is CompartmentKind.REGISTER:
        row = db.row(_STREAM, (agency_stream_id(agency),))
        if row is None:
            raise Bug("event_log: this vault has no stream of its agency")
        return int(row[0])
    if ref.kind is not CompartmentKind.FILE:
        row = db.row(_COMPARTMENT, (compartment_id(agency, kind=CompartmentKind.FILE, owner=ref.owner),))
        if row is not None and row[1] is not None:
            return int(row[1])
    return int(_fact(db, "home_stream"))


def _fact(db: Reader, name: str) -> Any:
    row = db.row(_FACT, (name,))
    if row is None:
        raise Bug("event_log: a fact is missing", fact=name)
    return row[0]


_SEAL: Final = "UPDATE event SET no = ? WHERE id = ?"
_OWN_SEALED: Final = """SELECT no, id, record, log_index, state FROM event
  WHERE stream = ? AND device = ? AND no BETWEEN ? AND ? AND log_index IS NULL"""


def mark_sealed(tx: Writer, *, stream: int, rows: Sequence[int], first_no: int) -> None:
    """Name these events of this device (local ids, in the order in which they were sealed) from `first_no` on."""
    tx.run_many(_SEAL, [(first_no + place, row) for place, row in enumerate(rows)])
    tx.changes.add(Topic.WAITING)


def mark_logged(
    tx: Writer, *, stream: int, first_no: int, count: int, log_index: int, state: int = EventState.APPLIED
) -> Changes:
    """Say where on the log `count` events of this device now stand, and how log and roster judge them there.

    Said again, it changes nothing.
    """
    found = tx.rows(_OWN_SEALED, (stream, THIS_DEVICE, first_no, first_no + count - 1))
    changes = log_known(
        tx, [Echo(no, event, record, at, held, state) for no, event, record, at, held in found], log_index=log_index
    )
    tx.changes.add(Topic.WAITING)
    return changes | Changes(topics=frozenset({Topic.WAITING}))


_STATES: Final = """SELECT e.id, e.record, e.state, e.verb, e.body, r.type
  FROM event e JOIN record r ON r.id = e.record WHERE e.id IN ({places})"""
_SET_STATE: Final = "UPDATE event SET state = ? WHERE id = ?"


def set_state(tx: Writer, *, events: Iterable[int], state: int) -> Changes:
    """Judge events (local ids) anew: let in what waited for admission, or set apart what was applied.

    What this program does not know cannot be let in by it: that becomes NEWER, and is let in by the program that does.
    """
    changed: list[tuple[int, int]] = []
    records: set[int] = set()
    for sql, params in in_lists(_STATES, list(events)):
        for event, record, held, verb, data, kind in tx.rows(sql, params):
            wanted = int(state)
            if wanted == EventState.APPLIED:
                body = decode_body(data)
                wanted = shape_of(kind, verb, body.fields).judge(body.fields, body.over)
            if wanted != held:
                changed.append((wanted, event))
                records.add(record)
    tx.run_many(_SET_STATE, changed)
    tx.changes.add(Topic.ADMISSION)
    return refold(tx, records) | Changes(topics=frozenset({Topic.ADMISSION}))
