"""Assignment: who reads a client's file and narrative."""

from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.commands.acting import Acting
from advocate_app.commands.compartments import READERS, first_event, readers_in, readers_state
from advocate_app.commands.records import event
from advocate_app.domain.compartments import CompartmentKind, CompartmentRef, compartment_id
from advocate_app.domain.edits import readers_change
from advocate_app.domain.merge import REMOVED, State
from advocate_app.domain.rules import refuse_assignment
from advocate_app.domain.verbs import Verb
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_log import NewEvent, append

_ASSIGNED: Final = (CompartmentKind.FILE, CompartmentKind.NARRATIVE)


def assign(tx: Writer, *, client: bytes, member: bytes, by: Acting) -> Changes | Refusal:
    """Let a member read a client's file and narrative; the keys to all that is in them follow with the next sync."""
    if not by.may("assign"):
        return Refusal("command.not_allowed", {"command": "assign"})
    states = _states(tx, client=client, by=by)
    file = states[CompartmentKind.FILE]
    if not file:
        return Refusal("assign.no_client")
    already = all(by.reads(readers=readers_in(state), member=member) for state in states.values())
    refusal = refuse_assignment(member_roles=by.roles.get(member), already=already)
    if refusal is not None:
        return refusal
    events = []
    for kind, state in states.items():
        ref = CompartmentRef(kind=kind, owner=client)
        if not state:
            events.append(first_event(ref=ref, readers=readers_in(file) | {member}, by=by))
        elif not by.reads(readers=readers_in(state), member=member):
            events.append(_change(ref, state=state, add=(member,), remove=(), by=by))
    return append(tx, events=events, author=by.author)


def unassign(tx: Writer, *, client: bytes, member: bytes, by: Acting) -> Changes | Refusal:
    """Let a member read no longer what is written from here on; what they have, they have."""
    if not by.may("assign"):
        return Refusal("command.not_allowed", {"command": "assign"})
    events = [
        _change(CompartmentRef(kind=kind, owner=client), state=state, add=(), remove=(member,), by=by)
        for kind, state in _states(tx, client=client, by=by).items()
        if member in readers_in(state)
    ]
    if not events:
        return Refusal("assign.does_not_read")
    return append(tx, events=events, author=by.author)


def readers_of_client(db: Reader, *, client: bytes, by: Acting) -> frozenset[bytes]:
    """Members and groups (ids) who read a client's file, as far as this vault knows."""
    return readers_in(_states(db, client=client, by=by)[CompartmentKind.FILE])


def _states(db: Reader, *, client: bytes, by: Acting) -> dict[CompartmentKind, State]:
    return {kind: readers_state(db, ref=CompartmentRef(kind=kind, owner=client), by=by) for kind in _ASSIGNED}


def _change(
    ref: CompartmentRef, *, state: State, add: tuple[bytes, ...], remove: tuple[bytes, ...], by: Acting
) -> NewEvent:
    """A plain change; one that sets a standing removal aside is a supervisor's decision and says so."""
    decides = any(one in gone for _, gone in state.get(REMOVED, ()) for one in add)
    return event(
        READERS,
        compartment_id(by.agency, kind=ref.kind, owner=ref.owner),
        verb=Verb.READERS if decides else Verb.WRITE,
        says=readers_change(READERS, seen=state, add=add, remove=remove),
        where=ref,
    )
