"""Admission: a supervisor lets in what was written under a power that had just been taken away."""

from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.commands.acting import Acting
from advocate_app.commands.records import event
from advocate_app.domain.edits import edit
from advocate_app.domain.records import by_name
from advocate_app.domain.verbs import Verb
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Writer
from advocate_app.store.event_log import append, set_state
from advocate_app.store.event_rows import EventState
from advocate_app.store.queries.standing import ForAdmission, list_for_admission, ref_of

ADMIT: Final = by_name["admit"]


def admit(tx: Writer, *, admission: bytes, parcel: ForAdmission, by: Acting) -> Changes | Refusal:
    """Let in one parcel, under a new id for the admission, which names the envelope's leaf and the parcel's place."""
    if not by.may("admit"):
        return Refusal("command.not_allowed", {"command": "admit"})
    where = ref_of(tx, compartment=parcel.compartment)
    if where is None or parcel not in list_for_admission(tx):
        return Refusal("admit.not_waiting")
    says = edit(ADMIT, seen={}, wanted={"leaf": parcel.leaf, "parcel": parcel.parcel})
    said = append(tx, events=[event(ADMIT, admission, verb=Verb.ADMIT, says=says, where=where)], author=by.author)
    if isinstance(said, Refusal):
        return said
    return said | set_state(tx, events=parcel.events, state=EventState.APPLIED)
