"""Compartments that are made when they are first needed, and who reads them from the first event on."""

from typing import Final

from advocate_app.commands.acting import Acting
from advocate_app.domain.compartments import CompartmentKind, CompartmentRef, compartment_id
from advocate_app.domain.edits import readers_change
from advocate_app.domain.merge import State
from advocate_app.domain.placing import group_of_register
from advocate_app.domain.records import by_name
from advocate_app.domain.verbs import Verb
from advocate_app.domain.view import members
from advocate_app.store.connection import Reader
from advocate_app.store.event_log import NewEvent
from advocate_app.store.queries.standing import readers_record, state_of

READERS: Final = by_name["readers"]
_FIELD: Final = READERS.field("readers").number


def readers_state(db: Reader, *, ref: CompartmentRef, by: Acting) -> State:
    """What is decided about who reads a compartment; empty when this vault knows of no such compartment."""
    standing = readers_record(db, compartment=compartment_id(by.agency, kind=ref.kind, owner=ref.owner))
    return {} if standing is None else state_of(db, standing)


def readers_in(state: State) -> frozenset[bytes]:
    """Members and groups (ids) who read, by a state of `readers_state`."""
    return frozenset(members(state, _FIELD))


def ensure(db: Reader, *, ref: CompartmentRef, by: Acting) -> list[NewEvent]:
    """What must be said first in a compartment that is new to this vault: its readers. Nothing for one it knows."""
    if readers_state(db, ref=ref, by=by):
        return []
    return [first_event(ref=ref, readers=first_readers(db, ref=ref, by=by), by=by)]


def first_event(*, ref: CompartmentRef, readers: frozenset[bytes], by: Acting) -> NewEvent:
    """The event that makes a compartment known: what it is, whose, and who reads it."""
    change = readers_change(READERS, seen={}, add=sorted(readers))
    fields = {**change.fields, READERS.field("kind").number: ref.kind.value}
    whose = "owner" if isinstance(ref.owner, bytes) else "name"
    fields[READERS.field(whose).number] = ref.owner
    return NewEvent(
        record_type=READERS.number,
        record_id=compartment_id(by.agency, kind=ref.kind, owner=ref.owner),
        verb=Verb.WRITE,
        fields=fields,
        compartment=ref,
    )


def first_readers(db: Reader, *, ref: CompartmentRef, by: Acting) -> frozenset[bytes]:
    """Who reads a new compartment from its first event on.

    A file: its maker and supervision. A narrative: whoever reads the file. Restricted: its maker and supervision.
    Money: supervision and finance. A register: the group it is declared for.
    """
    supervision = by.groups["supervision"].id
    match ref.kind:
        case CompartmentKind.FILE | CompartmentKind.RESTRICTED:
            return frozenset({by.member, supervision})
        case CompartmentKind.NARRATIVE:
            file = CompartmentRef(kind=CompartmentKind.FILE, owner=ref.owner)
            return readers_in(readers_state(db, ref=file, by=by)) or frozenset({by.member, supervision})
        case CompartmentKind.MONEY:
            finance = by.groups.get("finance")
            return frozenset({supervision}) if finance is None else frozenset({supervision, finance.id})
        case CompartmentKind.REGISTER:
            return frozenset({by.groups[group_of_register(str(ref.owner))].id})
