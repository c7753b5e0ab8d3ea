"""Admissions: what a supervisor let in counts, in whatever order her word and the events arrived."""

from typing import Final

from advocate_app.store.changes import NOTHING, Changes
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_log import set_state
from advocate_app.store.event_rows import EventState, decode_body
from advocate_app.store.queries.standing import list_for_admission

_ADMIT_TYPE: Final = 21
_LEAF: Final = 1
_PARCEL: Final = 2


def settle_admissions(tx: Writer) -> Changes:
    """Let in what waits for admission and was admitted in the same compartment."""
    waiting = list_for_admission(tx)
    if not waiting:
        return NOTHING
    admitted = _admitted(tx)
    events = [event for one in waiting if (one.compartment, one.leaf, one.parcel) in admitted for event in one.events]
    return set_state(tx, events=events, state=EventState.APPLIED) if events else NOTHING


def _admitted(db: Reader) -> set[tuple[int, object, object]]:
    """(compartment row, leaf, place of the parcel) of every admission in force."""
    rows = db.rows(
        "SELECT r.compartment, e.body FROM event e JOIN record r ON r.id = e.record WHERE r.type = ? AND e.state = 0",
        (_ADMIT_TYPE,),
    )
    found = ((compartment, decode_body(body).fields) for compartment, body in rows)
    return {(compartment, fields.get(_LEAF), fields.get(_PARCEL)) for compartment, fields in found}
