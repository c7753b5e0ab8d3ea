"""Reviews: asked for, approved, or returned with a comment; nobody approves their own work."""

from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.commands.acting import Acting
from advocate_app.commands.compartments import ensure
from advocate_app.commands.records import Values, event
from advocate_app.domain.edits import edit
from advocate_app.domain.fields import Record
from advocate_app.domain.merge import State, fold
from advocate_app.domain.placing import place
from advocate_app.domain.records import by_name, by_number
from advocate_app.domain.rules import refuse_decision, refuse_submitting, version_of
from advocate_app.domain.verbs import Verb
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_log import append
from advocate_app.store.queries.standing import (
    Standing,
    events_in,
    find_record,
    list_records,
    ref_of,
    state_of,
    values_of,
)

REVIEW: Final = by_name["review"]
_PENDING: Final = (None, "pending")


def submit(
    tx: Writer,
    *,
    review: bytes,
    subject: bytes,
    subject_record: Record,
    by: Acting,
    kind: str = "record",
    message: str | None = None,
    wanted: Values | None = None,
) -> Changes | Refusal:
    """Ask a supervisor to look at a record, under a new id for the review; `kind` is a code of `review_kind`."""
    if not by.may("review.submit"):
        return Refusal("command.not_allowed", {"command": "review.submit"})
    standing = find_record(tx, record_id=subject, kind=subject_record.number)
    state: State = {} if standing is None else state_of(tx, standing)
    refusal = refuse_submitting(subject=state, subject_record=subject_record)
    if refusal is not None or standing is None:
        return refusal or Refusal("review.submit.no_record", {"type": subject_record.name})
    values = {
        **(wanted or {}),
        "client": standing.client,
        "subject": subject,
        "subject_type": subject_record.number,
        "subject_version": version_of(subject_record, state),
        "kind": kind,
        "requested_by": by.member,
        "requested_at": by.author.clock.now(),
        "message": message,
    }
    values = {name: value for name, value in values.items() if value is not None}
    where = place(REVIEW, record_id=review, fields=values, month=by.today().isoformat()[:7])
    asked = event(REVIEW, review, verb=Verb.SUBMIT, says=edit(REVIEW, seen={}, wanted=values), where=where)
    return append(tx, events=[*ensure(tx, ref=where, by=by), asked], author=by.author)


def approve(tx: Writer, *, review: bytes, by: Acting, comment: str | None = None) -> Changes | Refusal:
    """Say yes to what was submitted, if it is still that and another member's work."""
    return _decide(tx, review=review, decision="approved", comment=comment, flagged=(), by=by)


def give_back(
    tx: Writer, *, review: bytes, comment: str, by: Acting, flagged: tuple[str, ...] = (), reject: bool = False
) -> Changes | Refusal:
    """Return what was submitted with a comment (or reject it); `flagged` names fields to look at again."""
    decision = "rejected" if reject else "returned"
    return _decide(tx, review=review, decision=decision, comment=comment, flagged=flagged, by=by)


def list_pending(db: Reader) -> list[Standing]:
    """Reviews that wait for a decision, the oldest first."""
    found = [one for one in list_records(db, kind=REVIEW.number) if values_of(db, one).get("decision") in _PENDING]
    return sorted(found, key=lambda one: one.record_id)


def _decide(
    tx: Writer, *, review: bytes, decision: str, comment: str | None, flagged: tuple[str, ...], by: Acting
) -> Changes | Refusal:
    command = "review.approve" if decision == "approved" else "review.return"
    if not by.may(command):
        return Refusal("command.not_allowed", {"command": command})
    standing = find_record(tx, record_id=review, kind=REVIEW.number)
    where = None if standing is None else ref_of(tx, compartment=standing.compartment)
    if standing is None or where is None:
        return Refusal("review.decide.no_review")
    state = state_of(tx, standing)
    values = values_of(tx, standing)
    authors, version = _subject(tx, values)
    refusal = refuse_decision(
        REVIEW,
        state=state,
        decision=decision,
        reviewer=by.member,
        authors=authors,
        comment=comment,
        subject_version=version,
    )
    if refusal is not None:
        return refusal
    wanted = {"decision": decision, "decided_by": by.member, "decided_at": by.author.clock.now()}
    if comment is not None and comment.strip():
        wanted["comments"] = [*(values.get("comments") or ()), comment.strip()]
    if flagged:
        wanted["flagged_fields"] = list(flagged)
    verb = Verb.APPROVE if decision == "approved" else Verb.RETURN
    says = edit(REVIEW, seen=state, wanted=wanted)
    return append(tx, events=[event(REVIEW, review, verb=verb, says=says, where=where)], author=by.author)


def _subject(db: Reader, values: Values) -> tuple[frozenset[bytes], bytes | None]:
    """Who wrote what is reviewed, and which version of it stands here; nothing where it cannot be read."""
    record = by_number.get(values.get("subject_type", 0))
    standing = None if record is None else find_record(db, record_id=values["subject"], kind=record.number)
    if record is None or standing is None:
        return frozenset(), None
    events = events_in(db, standing.row)
    return frozenset(one.author for one in events), version_of(record, fold(record, events))
