"""Tasks and appointments: made, and brought to an end."""

from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.commands import records
from advocate_app.commands.acting import Acting
from advocate_app.commands.records import Values
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Writer
from advocate_app.store.queries.standing import find_record, values_of

TASK: Final = by_name["task"]
ENDED: Final = frozenset({"done", "cancelled", "no_show", "rescheduled"})
"""Codes of `task_status` that end a task."""


def add(tx: Writer, *, task: bytes, wanted: Values, by: Acting) -> Changes | Refusal:
    """Make a task under a new id; without a client it is one of the house."""
    if not by.may("task.add"):
        return Refusal("command.not_allowed", {"command": "task.add"})
    return records.begin(tx, record=TASK, record_id=task, wanted=wanted, by=by)


def end(tx: Writer, *, task: bytes, status: str, by: Acting, result: str | None = None) -> Changes | Refusal:
    """Bring a task to an end: done, cancelled, no_show or rescheduled; `result` says what came of it."""
    if status not in ENDED:
        return Refusal("task.end.unknown_status")
    standing = find_record(tx, record_id=task, kind=TASK.number)
    if standing is None:
        return Refusal("record.not_found", {"type": "task"})
    if values_of(tx, standing).get("status") in ENDED:
        return Refusal("task.end.already_ended")
    wanted = {"status": status, "done_on": by.today().isoformat() if status == "done" else None}
    if result is not None:
        wanted["result"] = result
    return records.save(tx, record=TASK, record_id=task, wanted=wanted, by=by)
