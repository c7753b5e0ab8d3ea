"""Any declared record: begin, change, file, amend, strike and restore it. Most commands are one of these."""

import copy
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from advocate_app.base.errors import Refusal
from advocate_app.commands.acting import Acting
from advocate_app.commands.compartments import ensure
from advocate_app.commands.defaults import first_values
from advocate_app.domain.checks import Problem, check
from advocate_app.domain.compartments import CompartmentRef
from advocate_app.domain.edits import Edit, edit, filing, restoring
from advocate_app.domain.events import Event
from advocate_app.domain.fields import Record
from advocate_app.domain.merge import State, apply
from advocate_app.domain.placing import place
from advocate_app.domain.records import by_name
from advocate_app.domain.rules import (
    refuse_amending,
    refuse_filing,
    refuse_restoring,
    refuse_striking,
    refuse_writing,
)
from advocate_app.domain.verbs import Verb
from advocate_app.store.changes import NOTHING, Changes
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_log import NewEvent, append
from advocate_app.store.queries.standing import Standing, find_record, ref_of, state_of

_CLIENT: Final = by_name["client"]
_LAST: Final = (2, 0, 0)
"""A position behind all that can be: for trying an event out before it is written."""

Values = Mapping[str, Any]
"""Field name to value; `None` empties a field, a set's value is the list of its members."""


def begin(
    tx: Writer, *, record: Record, record_id: bytes, wanted: Values, by: Acting, file: bool = False
) -> Changes | Refusal:
    """Make a new record of this type under a new id, with what is typed over the values it starts with.

    `file` also files it, or refuses and writes nothing when something is missing for that.
    """
    values = {**first_values(record.name, by=by), **_given(wanted)}
    refusal = _refuse_values(record, values, by=by)
    if refusal is not None:
        return refusal
    if find_record(tx, record_id=record_id, kind=record.number) is not None:
        return Refusal("record.begin.exists", {"type": record.name})
    client = values.get("client")
    if client is not None and find_record(tx, record_id=client, kind=_CLIENT.number) is None:
        return Refusal("record.begin.no_client", {"type": record.name})
    if "client" in record.by_name and client is None and record.register is None:
        return Refusal("record.begin.needs_client", {"type": record.name})
    where = place(record, record_id=record_id, fields=values, month=_month(record, values, by=by))
    written = edit(record, seen={}, wanted=values)
    events = ensure(tx, ref=where, by=by)
    events.append(event(record, record_id, verb=Verb.WRITE, says=written, where=where))
    if file:
        state = _tried(record, {}, written, verb=Verb.WRITE)
        refusal = refuse_filing(record, state=state, today=by.today())
        if refusal is not None:
            return refusal
        # Filing states the content itself, so that the one event is enough.
        events[-1] = event(record, record_id, verb=Verb.FILE, says=written, where=where)
    return append(tx, events=events, author=by.author)


def save(
    tx: Writer, *, record: Record, record_id: bytes, wanted: Values, by: Acting, seen: State | None = None
) -> Changes | Refusal:
    """Bring fields of a record to the wanted values.

    `seen` is the state that the form showed when it was opened, so that what arrived since stays beside it; without
    it, what stands now.
    """
    found = _find(tx, record, record_id)
    if isinstance(found, Refusal):
        return found
    standing, state, where = found
    refusal = (
        refuse_writing(record, state=state)
        or _refuse_values(record, wanted, by=by)
        or _refuse_other_client(standing, where=where, wanted=wanted)
    )
    if refusal is not None:
        return refusal
    says = edit(record, seen=state if seen is None else seen, wanted=wanted)
    if not says:
        return NOTHING
    return append(tx, events=[event(record, record_id, verb=Verb.WRITE, says=says, where=where)], author=by.author)


def file(
    tx: Writer, *, record: Record, record_id: bytes, by: Acting, wanted: Values | None = None, seen: State | None = None
) -> Changes | Refusal:
    """Declare a record finished, with last changes; one that freezes can then only be amended."""
    found = _find(tx, record, record_id)
    if isinstance(found, Refusal):
        return found
    standing, state, where = found
    last = wanted or {}
    refusal = _refuse_values(record, last, by=by) or _refuse_other_client(standing, where=where, wanted=last)
    if refusal is not None:
        return refusal
    tried = _tried(record, state, edit(record, seen=state, wanted=last), verb=Verb.WRITE)
    refusal = refuse_filing(record, state=tried, today=by.today())
    if refusal is not None:
        return refusal
    says = filing(record, seen=state if seen is None else seen, wanted=last)
    return append(tx, events=[event(record, record_id, verb=Verb.FILE, says=says, where=where)], author=by.author)


def amend(
    tx: Writer,
    *,
    record: Record,
    record_id: bytes,
    wanted: Values,
    reason: str,
    by: Acting,
    seen: State | None = None,
) -> Changes | Refusal:
    """Change a filed record, with a reason; what stood before stays readable."""
    found = _find(tx, record, record_id)
    if isinstance(found, Refusal):
        return found
    standing, state, where = found
    refusal = (
        refuse_amending(record, state=state, reason=reason)
        or _refuse_values(record, wanted, by=by)
        or _refuse_other_client(standing, where=where, wanted=wanted)
    )
    if refusal is not None:
        return refusal
    says = edit(record, seen=state if seen is None else seen, wanted=wanted)
    if not says:
        return NOTHING
    made = event(record, record_id, verb=Verb.AMEND, says=says, where=where, reason=reason.strip())
    return append(tx, events=[made], author=by.author)


def strike(tx: Writer, *, record: Record, record_id: bytes, reason: str, by: Acting) -> Changes | Refusal:
    """Say that a record should not have been made, with a reason; it stays readable and counts no more."""
    found = _find(tx, record, record_id)
    if isinstance(found, Refusal):
        return found
    _, state, where = found
    refusal = refuse_striking(record, state=state, reason=reason)
    if refusal is not None:
        return refusal
    nothing = Edit(fields={}, over={})
    made = event(record, record_id, verb=Verb.STRIKE, says=nothing, where=where, reason=reason.strip())
    return append(tx, events=[made], author=by.author)


def restore(tx: Writer, *, record: Record, record_id: bytes, reason: str, by: Acting) -> Changes | Refusal:
    """Take back the strikes that are in force, with a reason."""
    found = _find(tx, record, record_id)
    if isinstance(found, Refusal):
        return found
    _, state, where = found
    refusal = refuse_restoring(record, state=state, reason=reason)
    if refusal is not None:
        return refusal
    made = event(record, record_id, verb=Verb.RESTORE, says=restoring(state), where=where, reason=reason.strip())
    return append(tx, events=[made], author=by.author)


def remarks(record: Record, values: Values, *, today: date) -> list[Problem]:
    """What is odd about values and can be stored all the same, for whoever typed them."""
    return [problem for problem in check(record, values, today=today) if not problem.hard]


def event(
    record: Record,
    record_id: bytes,
    *,
    verb: Verb,
    says: Edit,
    where: CompartmentRef,
    reason: str | None = None,
) -> NewEvent:
    """One event of a record, out of an edit."""
    return NewEvent(
        record_type=record.number,
        record_id=record_id,
        verb=verb,
        fields=says.fields,
        over=says.over,
        compartment=where,
        reason=reason,
    )


def _find(db: Reader, record: Record, record_id: bytes) -> tuple[Standing, State, CompartmentRef] | Refusal:
    standing = find_record(db, record_id=record_id, kind=record.number)
    if standing is None:
        return Refusal("record.not_found", {"type": record.name})
    where = ref_of(db, compartment=standing.compartment)
    if where is None:
        return Refusal("record.place_unknown", {"type": record.name})
    return standing, state_of(db, standing), where


def _given(wanted: Values) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}


def _refuse_values(record: Record, values: Values, *, by: Acting) -> Refusal | None:
    """The first thing that keeps these values from being stored."""
    hard = next((problem for problem in check(record, values, today=by.today()) if problem.hard), None)
    if hard is None:
        return None
    return Refusal("record.values", {"type": record.name, "field": hard.field, "problem": hard.code, **hard.facts})


def _refuse_other_client(standing: Standing, *, where: CompartmentRef, wanted: Values) -> Refusal | None:
    """A record in one client's file cannot be made another client's: it lies under keys of their own."""
    if "client" not in wanted or wanted["client"] == standing.client:
        return None
    if isinstance(where.owner, bytes) and wanted["client"] != where.owner:
        return Refusal("record.other_client", {})
    return None


def _month(record: Record, values: Values, *, by: Acting) -> str:
    """The month of the happening, as far as it is known; else this one."""
    moments: Sequence[str] = ("started_at", "date", "occurred_at")
    for name in moments:
        told = values.get(name)
        if name in record.by_name and isinstance(told, str) and len(told) >= 7:
            return told[:7]
    return by.today().isoformat()[:7]


def _tried(record: Record, state: State, says: Edit, *, verb: Verb) -> State:
    """The state as it would be, were this said."""
    tried = Event(
        id=-1,
        position=_LAST,
        record_type=record.number,
        record_id=b"",
        verb=verb,
        fields=says.fields,
        over=says.over,
        author=b"",
        recorded_at=0,
        zone=0,
    )
    return apply(record, copy.deepcopy(state), tried)
