"""Reviews: asked for, approved or returned by another than the author, of the version that was submitted."""

from advocate_app.commands import notes, records, reviews
from advocate_app.domain.records import by_name
from tests.agency import code_of, done
from tests.commands.conftest import Team
from tests.commands.giving import give, new_client, seen

NOTE = by_name["note"]


def submitted(team: Team) -> tuple[bytes, bytes]:
    """A note of Bea's and the review she asked for, both known to the supervisor."""
    client, note, review = new_client(team.bea), team.bea.new_id(), team.bea.new_id()
    done(give(team.bea, notes.write, note=note, wanted={"client": client, "text": "She called at nine."}))
    done(give(team.bea, reviews.submit, review=review, subject=note, subject_record=NOTE, message="please look"))
    team.bea.sync()
    team.supervisor.sync()
    return note, review


def test_a_submitted_review_waits_for_a_decision(team: Team) -> None:
    _, review = submitted(team)
    with team.supervisor.vault.read() as db:
        assert review in [one.record_id for one in reviews.list_pending(db)]


def test_a_return_with_its_comment_reaches_who_asked(team: Team) -> None:
    _, review = submitted(team)
    done(give(team.supervisor, reviews.give_back, review=review, comment="Which county?", flagged=("text",)))
    team.supervisor.sync()
    team.bea.sync()
    values = seen(team.bea, "review", review).values
    assert (values["decision"], values["comments"], values["flagged_fields"]) == (
        "returned",
        ["Which county?"],
        ["text"],
    )
    assert values["decided_by"] == team.supervisor.id


def test_a_return_without_a_comment_is_refused(team: Team) -> None:
    _, review = submitted(team)
    assert (
        code_of(give(team.supervisor, reviews.give_back, review=review, comment=" ")) == "review.return.needs_comment"
    )


def test_an_approved_review_is_decided(team: Team) -> None:
    _, review = submitted(team)
    done(give(team.supervisor, reviews.approve, review=review))
    assert code_of(give(team.supervisor, reviews.approve, review=review)) == "review.decide.already_decided"
    with team.supervisor.vault.read() as db:
        assert review not in [one.record_id for one in reviews.list_pending(db)]


def test_an_advocate_decides_nothing(team: Team) -> None:
    _, review = submitted(team)
    assert code_of(give(team.bea, reviews.approve, review=review)) == "command.not_allowed"


def test_a_supervisor_does_not_approve_what_they_wrote(team: Team) -> None:
    client, note, review = new_client(team.supervisor), team.supervisor.new_id(), team.supervisor.new_id()
    done(give(team.supervisor, notes.write, note=note, wanted={"client": client, "text": "Mine."}))
    done(give(team.supervisor, reviews.submit, review=review, subject=note, subject_record=NOTE))
    assert code_of(give(team.supervisor, reviews.approve, review=review)) == "review.approve.own_work"


def test_what_was_changed_after_submitting_is_not_approved(team: Team) -> None:
    note, review = submitted(team)
    done(give(team.bea, records.save, record=NOTE, record_id=note, wanted={"text": "At ten."}))
    team.bea.sync()
    team.supervisor.sync()
    assert code_of(give(team.supervisor, reviews.approve, review=review)) == "review.approve.changed_since"


def test_what_is_struck_is_not_submitted(team: Team) -> None:
    note, _ = submitted(team)
    done(give(team.bea, records.strike, record=NOTE, record_id=note, reason="wrong client"))
    outcome = give(team.bea, reviews.submit, review=team.bea.new_id(), subject=note, subject_record=NOTE)
    assert code_of(outcome) == "review.submit.struck"
