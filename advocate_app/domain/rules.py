"""When a record may be filed, amended, struck, reviewed or handed on; each rule returns a refusal or None."""

from collections.abc import Collection
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec

from advocate_app.base.errors import Refusal
from advocate_app.domain.fields import Record
from advocate_app.domain.filing import missing_to_file
from advocate_app.domain.folding import FILED, STRUCK, State, value_key
from advocate_app.domain.view import conflicts_of, shown

DECISIONS = ("pending", "approved", "returned", "rejected")
"""What may become of a review; codes of `review_decision`."""


def refuse_writing(record: Record, *, state: State) -> Refusal | None:
    """A filed record that freezes is changed by amending it, with a reason."""
    if record.freezes and FILED in state:
        return Refusal("record.write.filed", {"type": record.name})
    return None


def refuse_filing(record: Record, *, state: State, today: date) -> Refusal | None:
    """A record is filed once, whole, and not while two values stand against each other."""
    if STRUCK in state:
        return Refusal("record.file.struck", {"type": record.name})
    if FILED in state:
        return Refusal("record.file.already_filed", {"type": record.name})
    conflicts = conflicts_of(record, state)
    if conflicts:
        return Refusal("record.file.conflict", {"type": record.name, "field": conflicts[0].name})
    missing = missing_to_file(record, state, today=today)
    if missing:
        names = ", ".join(one.field for one in missing)
        return Refusal("record.file.missing", {"type": record.name, "fields": names, "count": len(missing)})
    return None


def refuse_amending(record: Record, *, state: State, reason: str | None) -> Refusal | None:
    """Only what was filed is amended, and the amendment says why."""
    if STRUCK in state:
        return Refusal("record.amend.struck", {"type": record.name})
    if FILED not in state:
        return Refusal("record.amend.not_filed", {"type": record.name})
    return None if _said(reason) else Refusal("record.amend.needs_reason", {"type": record.name})


def refuse_striking(record: Record, *, state: State, reason: str | None) -> Refusal | None:
    """A record is struck once, with a reason; it is never deleted."""
    if not state:
        return Refusal("record.strike.no_record", {"type": record.name})
    if STRUCK in state:
        return Refusal("record.strike.already_struck", {"type": record.name})
    return None if _said(reason) else Refusal("record.strike.needs_reason", {"type": record.name})


def refuse_restoring(record: Record, *, state: State, reason: str | None) -> Refusal | None:
    """Only what was struck is restored, with a reason."""
    if STRUCK not in state:
        return Refusal("record.restore.not_struck", {"type": record.name})
    return None if _said(reason) else Refusal("record.restore.needs_reason", {"type": record.name})


def refuse_submitting(*, subject: State, subject_record: Record) -> Refusal | None:
    """What is struck or does not exist is not reviewed."""
    if not subject:
        return Refusal("review.submit.no_record", {"type": subject_record.name})
    if STRUCK in subject:
        return Refusal("review.submit.struck", {"type": subject_record.name})
    return None


def refuse_decision(
    review: Record,
    *,
    state: State,
    decision: str,
    reviewer: bytes,
    authors: Collection[bytes],
    comment: str | None,
    subject_version: bytes | None = None,
) -> Refusal | None:
    """Whether a reviewer (member id) may decide a review so.

    Nobody approves what they asked for or wrote: `authors` are the members who wrote the reviewed change. A return or
    a rejection says why. `subject_version` is `version_of` the subject as the reviewer saw it; approving another
    version than the one submitted is refused.
    """
    values = {review.by_number[number].name: value for number, value in shown(review, state).items()}
    if decision not in DECISIONS or decision == "pending":
        return Refusal("review.decide.unknown_decision")
    if not state:
        return Refusal("review.decide.no_review")
    if values.get("decision") not in (None, "pending") and not conflicts_of(review, state):
        return Refusal("review.decide.already_decided", {"decision": values["decision"]})
    if decision == "approved" and (reviewer == values.get("requested_by") or reviewer in authors):
        return Refusal("review.approve.own_work")
    if decision in ("returned", "rejected") and not _said(comment):
        return Refusal("review.return.needs_comment")
    asked = values.get("subject_version")
    if decision == "approved" and None not in (asked, subject_version) and asked != subject_version:
        return Refusal("review.approve.changed_since")
    return None


def refuse_second_decision(
    review: Record, *, state: State, reviewer: bytes, authors: Collection[bytes]
) -> Refusal | None:
    """The second reviewer is another than the first, and than who asked or wrote."""
    values = {review.by_number[number].name: value for number, value in shown(review, state).items()}
    if values.get("decision") != "approved":
        return Refusal("review.second.first_missing")
    if reviewer == values.get("decided_by"):
        return Refusal("review.second.same_reviewer")
    if reviewer == values.get("requested_by") or reviewer in authors:
        return Refusal("review.approve.own_work")
    return None


def refuse_assignment(*, member_roles: Collection[str] | None, already: bool) -> Refusal | None:
    """A client's file is given to a member on the roster who does case work, once."""
    if member_roles is None:
        return Refusal("assign.no_member")
    if not {"advocate", "hotline", "supervisor"} & set(member_roles):
        return Refusal("assign.no_case_work")
    return Refusal("assign.already_reads") if already else None


def version_of(record: Record, state: State) -> bytes:
    """SHA-256 over what a record shows: equal on every device that holds the same events.

    Of the msgpack of `value_key` of the array of [field number, value] pairs in the order of numbers.
    """
    pairs: list[tuple[int, Any]] = sorted(shown(record, state).items(), key=lambda pair: pair[0])
    return sha256(msgspec.msgpack.encode(value_key(pairs))).digest()


def _said(text: str | None) -> bool:
    return text is not None and bool(text.strip())
