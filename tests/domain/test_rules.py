"""Rules hand back the reason why something may not be done."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from advocate_app.base.errors import Refusal
from advocate_app.domain.cases import Case, case_of
from advocate_app.domain.events import Event
from advocate_app.domain.folding import State, fold
from advocate_app.domain.merge import view
from advocate_app.domain.records import by_name
from advocate_app.domain.rules import (
    refuse_amending,
    refuse_assignment,
    refuse_decision,
    refuse_filing,
    refuse_restoring,
    refuse_second_decision,
    refuse_striking,
    refuse_submitting,
    refuse_writing,
    version_of,
)
from advocate_app.domain.verbs import Verb
from tests.domain.making import event

TODAY = date(2026, 11, 24)
NOTE, REVIEW, CASE = by_name["note"], by_name["review"], by_name["case"]
ADVOCATE, SUPERVISOR, SECOND = b"a" * 16, b"s" * 16, b"t" * 16


def written(number: int = 1, **fields: Any) -> Event:
    return event(number, {"format": "contact", "occurred_at": "2026-11-23", "text": "Met.", **fields}, record=NOTE)


def note(*events: Event) -> State:
    return fold(NOTE, events)


FILED = event(8, {"text": "Met."}, verb=Verb.FILE, record=NOTE)
STRUCK = event(9, verb=Verb.STRIKE, record=NOTE, reason="wrong client")


def code(refusal: object) -> str | None:
    return refusal.code if isinstance(refusal, Refusal) else None


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((written(),), None),
        ((written(text=None),), "record.file.missing"),
        ((written(), FILED), "record.file.already_filed"),
        ((written(), STRUCK), "record.file.struck"),
        ((written(), event(2, {"text": "Met twice."}, record=NOTE)), "record.file.conflict"),
    ],
)
def test_a_record_is_filed_once_whole_and_without_conflict(events: tuple[Event, ...], expected: str | None) -> None:
    assert code(refuse_filing(NOTE, state=note(*events), today=TODAY)) == expected


def test_a_refusal_to_file_names_every_missing_field() -> None:
    refusal = refuse_filing(NOTE, state=note(event(1, {"format": "contact"}, record=NOTE)), today=TODAY)
    assert refusal is not None
    assert refusal.facts == {"type": "note", "fields": "occurred_at, text", "count": 2}


@pytest.mark.parametrize(
    ("events", "reason", "expected"),
    [
        ((written(), FILED), "wrong day", None),
        ((written(), FILED), " ", "record.amend.needs_reason"),
        ((written(), FILED), None, "record.amend.needs_reason"),
        ((written(),), "wrong day", "record.amend.not_filed"),
        ((written(), FILED, STRUCK), "wrong day", "record.amend.struck"),
    ],
)
def test_only_what_is_filed_is_amended_and_with_a_reason(
    events: tuple[Event, ...], reason: str | None, expected: str | None
) -> None:
    assert code(refuse_amending(NOTE, state=note(*events), reason=reason)) == expected


def test_a_filed_note_is_not_simply_written_again() -> None:
    assert code(refuse_writing(NOTE, state=note(written(), FILED))) == "record.write.filed"
    assert refuse_writing(NOTE, state=note(written())) is None
    assert refuse_writing(CASE, state=fold(CASE, [event(1, verb=Verb.FILE, record=CASE)])) is None


@pytest.mark.parametrize(
    ("events", "reason", "expected"),
    [
        ((written(),), "wrong client", None),
        ((written(),), "", "record.strike.needs_reason"),
        ((written(), STRUCK), "again", "record.strike.already_struck"),
        ((), "why", "record.strike.no_record"),
    ],
)
def test_a_record_is_struck_once_and_with_a_reason(
    events: tuple[Event, ...], reason: str, expected: str | None
) -> None:
    assert code(refuse_striking(NOTE, state=note(*events), reason=reason)) == expected


def test_only_what_was_struck_is_restored_and_with_a_reason() -> None:
    assert code(refuse_restoring(NOTE, state=note(written()), reason="why")) == "record.restore.not_struck"
    assert code(refuse_restoring(NOTE, state=note(written(), STRUCK), reason=None)) == "record.restore.needs_reason"
    assert refuse_restoring(NOTE, state=note(written(), STRUCK), reason="it was right") is None


def test_what_is_struck_or_missing_is_not_submitted() -> None:
    assert refuse_submitting(subject=note(written()), subject_record=NOTE) is None
    assert code(refuse_submitting(subject=note(written(), STRUCK), subject_record=NOTE)) == "review.submit.struck"
    assert code(refuse_submitting(subject={}, subject_record=NOTE)) == "review.submit.no_record"


def review(*more: Event, **fields: Any) -> State:
    asked = event(1, {"requested_by": ADVOCATE, "kind": "record", **fields}, verb=Verb.SUBMIT, record=REVIEW)
    return fold(REVIEW, [asked, *more])


def decided(what: str, *, number: int = 2, by: bytes = SUPERVISOR) -> Event:
    verb = Verb.APPROVE if what == "approved" else Verb.RETURN
    return event(number, {"decision": what, "decided_by": by}, verb=verb, record=REVIEW)


def decide(state: State, decision: str, **more: Any) -> str | None:
    given = {"reviewer": SUPERVISOR, "authors": [ADVOCATE], "comment": None, **more}
    return code(refuse_decision(REVIEW, state=state, decision=decision, **given))


def test_a_supervisor_decides_and_a_return_says_why() -> None:
    assert decide(review(), "approved") is None
    assert decide(review(), "returned", comment="Which day?") is None
    assert decide(review(), "rejected", comment="Not ours.") is None
    assert decide(review(), "returned") == "review.return.needs_comment"
    assert decide(review(), "rejected", comment="  ") == "review.return.needs_comment"
    assert decide(review(), "pending") == "review.decide.unknown_decision"
    assert decide(review(), "praised") == "review.decide.unknown_decision"
    assert decide({}, "approved") == "review.decide.no_review"


def test_nobody_approves_what_they_asked_for_or_wrote() -> None:
    assert decide(review(), "approved", reviewer=ADVOCATE, authors=[]) == "review.approve.own_work"
    assert decide(review(), "approved", authors=[ADVOCATE, SUPERVISOR]) == "review.approve.own_work"


def test_a_review_is_decided_once_unless_two_decisions_stand_against_each_other() -> None:
    assert decide(review(decided("returned")), "approved") == "review.decide.already_decided"
    assert decide(review(decided("returned"), decided("approved", number=3, by=SECOND)), "approved") is None


def test_what_changed_since_it_was_submitted_is_not_approved() -> None:
    before, after = version_of(NOTE, note(written())), version_of(NOTE, note(written(text="More.")))
    assert decide(review(subject_version=before), "approved", subject_version=before) is None
    assert decide(review(subject_version=before), "approved", subject_version=after) == "review.approve.changed_since"
    assert decide(review(subject_version=before), "returned", subject_version=after, comment="Why?") is None


def test_of_two_decisions_the_more_careful_is_in_force() -> None:
    state = review(decided("returned"), decided("approved", number=3, by=SECOND))
    assert view(REVIEW, state).values["decision"] == "returned"


def test_an_advocate_cannot_write_a_decision_into_a_review() -> None:
    forged = event(2, {"decision": "approved", "decided_by": SUPERVISOR}, record=REVIEW)
    assert decide(review(forged), "approved") is None


def test_the_second_reviewer_is_someone_else() -> None:
    def second(state: State, reviewer: bytes) -> str | None:
        return code(refuse_second_decision(REVIEW, state=state, reviewer=reviewer, authors=[ADVOCATE]))

    approved = review(decided("approved"))
    assert second(approved, SECOND) is None
    assert second(approved, SUPERVISOR) == "review.second.same_reviewer"
    assert second(approved, ADVOCATE) == "review.approve.own_work"
    assert second(review(), SECOND) == "review.second.first_missing"


def test_a_version_is_the_same_wherever_the_same_events_are_held_and_changes_with_what_is_shown() -> None:
    here = note(written(1), event(2, {"title": "Visit"}, record=NOTE))
    there = note(written(7), event(9, {"title": "Visit"}, record=NOTE))
    assert version_of(NOTE, here) == version_of(NOTE, there)
    assert version_of(NOTE, here) != version_of(NOTE, note(written(1)))
    only_title = note(event(1, {"title": "Visit"}, record=NOTE))
    spelled_out = b"\x92\xa4list\x91\x92\xa4list\x92\x92\xa3int\x06\x92\xa3str\xa5Visit"
    assert version_of(NOTE, only_title) == sha256(spelled_out).digest()


def test_a_file_is_given_to_someone_who_does_case_work_and_once() -> None:
    assert refuse_assignment(member_roles={"advocate"}, already=False) is None
    assert code(refuse_assignment(member_roles=None, already=False)) == "assign.no_member"
    assert code(refuse_assignment(member_roles={"it", "auditor"}, already=False)) == "assign.no_case_work"
    assert code(refuse_assignment(member_roles={"advocate"}, already=True)) == "assign.already_reads"


OPEN = Case(stage="active", opened_on="2026-05")


def test_a_case_is_closed_with_a_reason_and_on_or_after_the_day_it_was_opened() -> None:
    closed = OPEN.close(on=TODAY, reason="completed")
    assert closed == Case(stage="closed", opened_on="2026-05", closed_on="2026-11-24", closure_reason="completed")
    assert isinstance(OPEN.close(on=date(2026, 5, 1), reason="completed"), Case)
    assert code(OPEN.close(on=date(2026, 4, 30), reason="completed")) == "case.close.before_opened"
    assert code(OPEN.close(on=TODAY, reason=None)) == "case.close.needs_reason"
    assert isinstance(closed, Case)
    assert code(closed.close(on=TODAY, reason="completed")) == "case.close.already_closed"


def test_only_a_closed_case_is_reopened() -> None:
    closed = OPEN.close(on=TODAY, reason="completed")
    assert isinstance(closed, Case)
    assert closed.reopen() == Case(stage="reopened", opened_on="2026-05")
    assert code(OPEN.reopen()) == "case.reopen.not_closed"


def test_a_case_is_read_from_what_a_record_shows() -> None:
    assert case_of({"stage": "active", "opened_on": "2026-05", "goal": "Housing"}) == OPEN
