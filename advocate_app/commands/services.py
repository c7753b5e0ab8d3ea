"""Services: help that was given, as funders count it."""

from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.commands import records
from advocate_app.commands.acting import Acting
from advocate_app.commands.records import Values
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Writer

SERVICE: Final = by_name["service"]


def log(tx: Writer, *, service: bytes, wanted: Values, by: Acting, file: bool = False) -> Changes | Refusal:
    """Log a service under a new id; it counts once it is filed."""
    if not by.may("service.log"):
        return Refusal("command.not_allowed", {"command": "service.log"})
    return records.begin(tx, record=SERVICE, record_id=service, wanted=wanted, by=by, file=file)
