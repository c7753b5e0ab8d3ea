"""Conflicts: values that stand against each other, and the write that settles them."""

from dataclasses import dataclass
from typing import Any, Final

from advocate_app.base.errors import Refusal
from advocate_app.commands.acting import Acting
from advocate_app.commands.records import Values, event
from advocate_app.domain.checks import check
from advocate_app.domain.edits import Edit, edit, readers_change
from advocate_app.domain.fields import Merge, Record
from advocate_app.domain.merge import FILED, ConflictView, State, conflicts_of
from advocate_app.domain.records import by_number
from advocate_app.domain.verbs import Verb
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_log import append
from advocate_app.store.queries.standing import Standing, find_record, list_conflicts, ref_of, state_of

_REASON: Final = "conflict resolved"


@dataclass(frozen=True, slots=True)
class Conflicting:
    """One record with its conflicts."""

    standing: Standing
    record: Record
    conflicts: tuple[ConflictView, ...]


def list_open(db: Reader) -> list[Conflicting]:
    """Every record with values that stand against each other."""
    found = []
    for standing in list_conflicts(db):
        record = by_number.get(standing.type)
        if record is not None:
            conflicts = conflicts_of(record, state_of(db, standing))
            found.append(Conflicting(standing=standing, record=record, conflicts=conflicts))
    return found


def resolve(
    tx: Writer,
    *,
    record: Record,
    record_id: bytes,
    register: str,
    by: Acting,
    choose: int | None = None,
    wanted: Values | None = None,
    seen: State | None = None,
) -> Changes | Refusal:
    """Settle one register (by the name of its field or group), by one side or by new values.

    `choose` counts the conflict's values from 0, as `domain.merge.conflicts_of` lists them; `wanted` gives fields of
    the register instead. `seen` is the state that was shown, when later arrivals are to stay beside the answer.
    """
    if not by.may("conflict.resolve"):
        return Refusal("command.not_allowed", {"command": "conflict.resolve"})
    standing = find_record(tx, record_id=record_id, kind=record.number)
    where = None if standing is None else ref_of(tx, compartment=standing.compartment)
    if standing is None or where is None:
        return Refusal("record.not_found", {"type": record.name})
    now = state_of(tx, standing) if seen is None else seen
    conflict = next((one for one in conflicts_of(record, now) if one.name == register), None)
    if conflict is None:
        return Refusal("conflict.resolve.no_conflict", {"field": register})
    if choose is not None and not 0 <= choose < len(conflict.values):
        return Refusal("conflict.resolve.no_such_side", {"field": register, "count": len(conflict.values)})
    if any(one.verbs is not None for one in record.registers[conflict.register].fields):
        return Refusal("conflict.resolve.own_command", {"field": register})
    says = _says(record, conflict=conflict, choose=choose, wanted=wanted or {}, state=now, by=by)
    if isinstance(says, Refusal):
        return says
    frozen = record.freezes and FILED in now
    verb = Verb.READERS if conflict.merge is Merge.READERS else Verb.AMEND if frozen else Verb.WRITE
    made = event(record, record_id, verb=verb, says=says, where=where, reason=_REASON if frozen else None)
    return append(tx, events=[made], author=by.author)


def _says(
    record: Record, *, conflict: ConflictView, choose: int | None, wanted: Values, state: State, by: Acting
) -> Edit | Refusal:
    register = record.registers[conflict.register]
    if conflict.merge is Merge.READERS:
        if choose is None:
            return Refusal("conflict.resolve.choose_a_side", {"field": conflict.name})
        side = conflict.values[choose].value
        return readers_change(record, seen=state, add=side.get("add", ()), remove=side.get("remove", ()))
    names = [one.name for one in register.fields]
    if choose is not None:
        chosen: Any = conflict.values[choose].value
        given = {register.name: chosen} if register.group is None else {name: chosen.get(name) for name in names}
        return edit(record, seen=state, wanted=given)
    foreign = next((name for name in wanted if name not in names), None)
    if not wanted or foreign is not None:
        return Refusal("conflict.resolve.other_field", {"field": conflict.name, "other": foreign})
    hard = next((one for one in check(record, wanted, today=by.today()) if one.hard), None)
    if hard is not None:
        facts = {"type": record.name, "field": hard.field, "problem": hard.code, **hard.facts}
        return Refusal("record.values", facts)
    return edit(record, seen=state, wanted=wanted)
