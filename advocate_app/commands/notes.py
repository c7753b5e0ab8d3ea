"""Notes: written, filed, and from then on only amended; supervision's own lie apart."""

from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.commands import records
from advocate_app.commands.acting import Acting
from advocate_app.commands.records import Values
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Writer

NOTE: Final = by_name["note"]


def write(tx: Writer, *, note: bytes, wanted: Values, by: Acting, file: bool = False) -> Changes | Refusal:
    """Write a note under a new id: into the client's narrative, or apart where its format says so."""
    if not by.may("note.write"):
        return Refusal("command.not_allowed", {"command": "note.write"})
    return records.begin(tx, record=NOTE, record_id=note, wanted=wanted, by=by, file=file)


def amend(tx: Writer, *, note: bytes, wanted: Values, reason: str, by: Acting) -> Changes | Refusal:
    """Change a filed note, with a reason; the first text stays readable."""
    return records.amend(tx, record=NOTE, record_id=note, wanted=wanted, reason=reason, by=by)
