"""Conflicts: found with both sides, settled by one of them or by something new, for everybody."""

import copy
from typing import Any

from advocate_app.commands import assignment, conflicts, records, reviews, safe_contacts
from advocate_app.domain.merge import State
from advocate_app.domain.records import by_name
from advocate_app.store.queries.standing import find_record, state_of
from tests.agency import Colleague, code_of, done
from tests.commands.conftest import Team
from tests.commands.giving import give, new_client, seen

CLIENT, REVIEW = by_name["client"], by_name["review"]


def form_of(who: Colleague, client: bytes) -> State:
    with who.vault.read() as db:
        standing = find_record(db, record_id=client, kind=CLIENT.number)
        assert standing is not None
        return copy.deepcopy(state_of(db, standing))


def torn(who: Colleague, *sides: dict[str, Any]) -> bytes:
    """A client whose record several forms saved, each opened before the others were saved."""
    client = new_client(who)
    form = form_of(who, client)
    for side in sides:
        done(give(who, records.save, record=CLIENT, record_id=client, wanted=side, seen=form))
    return client


def test_a_conflict_is_listed_with_both_sides(team: Team) -> None:
    client = torn(team.bea, {"community": "Zuni"}, {"community": "Shiprock"})
    with team.bea.vault.read() as db:
        found = next(one for one in conflicts.list_open(db) if one.standing.record_id == client)
    assert [side.value for side in found.conflicts[0].values] == ["Zuni", "Shiprock"]


def test_choosing_a_side_settles_it(team: Team) -> None:
    client = torn(team.bea, {"community": "Zuni"}, {"community": "Shiprock"})
    done(give(team.bea, conflicts.resolve, record=CLIENT, record_id=client, register="community", choose=0))
    view = seen(team.bea, "client", client)
    assert (view.conflicts, view.values["community"]) == ((), "Zuni")


def test_a_new_value_settles_it(team: Team) -> None:
    client = torn(team.bea, {"birth_date": "1999"}, {"birth_date": "1998-05"})
    wanted = {"birth_date": "1998-05-02", "birth_date_quality": None}
    done(give(team.bea, conflicts.resolve, record=CLIENT, record_id=client, register="birth", wanted=wanted))
    view = seen(team.bea, "client", client)
    assert (view.conflicts, view.values["birth_date"]) == ((), "1998-05-02")


def test_a_third_value_that_was_not_shown_stays_in_conflict(team: Team) -> None:
    client = torn(team.bea, {"community": "Zuni"}, {"community": "Shiprock"})
    shown = form_of(team.bea, client)
    done(give(team.bea, records.save, record=CLIENT, record_id=client, wanted={"community": "Taos"}, seen={}))
    done(give(team.bea, conflicts.resolve, record=CLIENT, record_id=client, register="community", choose=0, seen=shown))
    sides = seen(team.bea, "client", client).conflicts[0].values
    assert [side.value for side in sides] == ["Taos", "Zuni"]


def test_what_does_not_settle_anything_is_refused_with_its_reason(team: Team) -> None:
    client = torn(team.bea, {"community": "Zuni"}, {"community": "Shiprock"})
    about: dict[str, Any] = {"record": CLIENT, "record_id": client}
    resolve = conflicts.resolve
    no_conflict = give(team.bea, resolve, **about, register="education", choose=0)
    assert code_of(no_conflict) == "conflict.resolve.no_conflict"
    no_side = give(team.bea, resolve, **about, register="community", choose=2)
    assert code_of(no_side) == "conflict.resolve.no_such_side"
    other = give(team.bea, resolve, **about, register="community", wanted={"gender_other": "x"})
    assert code_of(other) == "conflict.resolve.other_field"
    wrong = give(team.bea, resolve, **about, register="community", wanted={"community": 7})
    assert code_of(wrong) == "record.values"


def test_a_supervisor_settles_for_everybody_what_two_wrote_apart(team: Team) -> None:
    client = new_client(team.bea)
    team.bea.sync()
    team.supervisor.sync()
    done(give(team.supervisor, assignment.assign, client=client, member=team.dee.id))
    team.supervisor.sync()
    team.dee.sync()
    done(give(team.bea, safe_contacts.put, client=client, wanted={"methods": ["call"]}))
    done(give(team.dee, safe_contacts.put, client=client, wanted={"methods": ["never"]}))
    for one in (team.bea, team.dee, team.supervisor):
        one.sync()
    safe, about = safe_contacts.SAFE_CONTACT, safe_contacts.safe_contact_id(client)
    sides = seen(team.supervisor, "safe_contact", about).conflicts[0].values
    choose = [side.value for side in sides].index(["never"])
    done(give(team.supervisor, conflicts.resolve, record=safe, record_id=about, register="methods", choose=choose))
    for one in (team.supervisor, team.bea, team.dee):
        one.sync()
    for one in (team.bea, team.dee):
        view = seen(one, "safe_contact", about)
        assert (view.conflicts, view.values["methods"]) == ((), ["never"])


def test_readers_torn_between_adding_and_removing_are_decided_by_a_supervisor(team: Team) -> None:
    client = new_client(team.bea)
    for one in (team.bea, team.supervisor, team.founder):
        one.sync()
    done(give(team.supervisor, assignment.assign, client=client, member=team.dee.id))
    team.supervisor.sync()
    team.founder.sync()
    done(give(team.supervisor, assignment.unassign, client=client, member=team.dee.id))
    done(give(team.founder, assignment.unassign, client=client, member=team.dee.id))
    done(give(team.founder, assignment.assign, client=client, member=team.dee.id))
    for one in (team.founder, team.supervisor, team.founder, team.supervisor):
        one.sync()
    with team.supervisor.vault.read() as db:
        open_ones = [one for one in conflicts.list_open(db) if one.record.name == "readers"]
    for found in open_ones:
        done(
            give(
                team.supervisor,
                conflicts.resolve,
                record=found.record,
                record_id=found.standing.record_id,
                register="readers",
                choose=0,
            )
        )
    with team.supervisor.vault.read() as db:
        assert not [one for one in conflicts.list_open(db) if one.record.name == "readers"]
        assert team.dee.id in assignment.readers_of_client(db, client=client, by=team.supervisor.acting_in(db))


def test_reviews_are_settled_by_deciding_again(team: Team) -> None:
    client, review = new_client(team.bea), team.bea.new_id()
    done(give(team.bea, reviews.submit, review=review, subject=client, subject_record=CLIENT))
    for one in (team.bea, team.supervisor, team.founder):
        one.sync()
    done(give(team.supervisor, reviews.approve, review=review))
    done(give(team.founder, reviews.give_back, review=review, comment="Not yet."))
    for one in (team.supervisor, team.founder, team.supervisor):
        one.sync()
    outcome = give(team.supervisor, conflicts.resolve, record=REVIEW, record_id=review, register="decision", choose=0)
    assert code_of(outcome) == "conflict.resolve.own_command"
    done(give(team.supervisor, reviews.give_back, review=review, comment="Indeed not yet."))
    assert seen(team.supervisor, "review", review).values["decision"] == "returned"
