"""Contacts: calls, texts, visits; one without a client goes to the hotline's register of its month."""

from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.commands import records
from advocate_app.commands.acting import Acting
from advocate_app.commands.records import Values
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Writer

CONTACT: Final = by_name["contact"]


def log(tx: Writer, *, contact: bytes, wanted: Values, by: Acting, file: bool = False) -> Changes | Refusal:
    """Log a contact under a new id; unfinished ones are kept too, and wait to be filed."""
    if not by.may("contact.log"):
        return Refusal("command.not_allowed", {"command": "contact.log"})
    return records.begin(tx, record=CONTACT, record_id=contact, wanted=wanted, by=by, file=file)
