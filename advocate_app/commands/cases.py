"""Cases: opened, closed and opened again; everything else about one is an edit of its record."""

from datetime import date
from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.commands import records
from advocate_app.commands.acting import Acting
from advocate_app.commands.records import Values
from advocate_app.domain.cases import Case, case_of
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.queries.standing import find_record, values_of

CASE: Final = by_name["case"]


def open_case(tx: Writer, *, case: bytes, client: bytes, wanted: Values, by: Acting) -> Changes | Refusal:
    """Open a case for a client, under a new id."""
    if not by.may("case.open"):
        return Refusal("command.not_allowed", {"command": "case.open"})
    return records.begin(tx, record=CASE, record_id=case, wanted={**wanted, "client": client}, by=by)


def close_case(
    tx: Writer, *, case: bytes, on: date, reason: str | None, by: Acting, wanted: Values | None = None
) -> Changes | Refusal:
    """Close a case for a reason (code of `closure_reason`), or say why it must stay open."""
    if not by.may("case.close"):
        return Refusal("command.not_allowed", {"command": "case.close"})
    found = _find(tx, case)
    closed = found if isinstance(found, Refusal) else found.close(on=on, reason=reason)
    if isinstance(closed, Refusal):
        return closed
    return _put(tx, case=case, stands=closed, wanted=wanted or {}, by=by)


def reopen_case(tx: Writer, *, case: bytes, by: Acting) -> Changes | Refusal:
    """Open a closed case again, or say why it cannot be."""
    if not by.may("case.close"):
        return Refusal("command.not_allowed", {"command": "case.close"})
    found = _find(tx, case)
    opened = found if isinstance(found, Refusal) else found.reopen()
    if isinstance(opened, Refusal):
        return opened
    return _put(tx, case=case, stands=opened, wanted={}, by=by)


def _find(db: Reader, case: bytes) -> Case | Refusal:
    standing = find_record(db, record_id=case, kind=CASE.number)
    return Refusal("record.not_found", {"type": "case"}) if standing is None else case_of(values_of(db, standing))


def _put(tx: Writer, *, case: bytes, stands: Case, wanted: Values, by: Acting) -> Changes | Refusal:
    values = {
        **wanted,
        "stage": stands.stage,
        "closed_on": stands.closed_on,
        "closure_reason": stands.closure_reason,
    }
    return records.save(tx, record=CASE, record_id=case, wanted=values, by=by)
