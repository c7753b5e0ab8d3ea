"""Admission: what was sealed under a power that was taken away before it was logged waits for a supervisor."""

import pytest

from advocate_app.commands import admission, notes
from advocate_app.store.queries.standing import list_for_admission
from advocate_app.sync.key_work import append_or_lose, sign_entries
from advocate_app.sync.rounds import run_round
from advocate_app.sync.session import Stopped
from advocate_app.wire import api
from advocate_app.wire import roster as r
from advocate_app.wiring import connect
from tests.agency import CLOCK, IDS, Colleague, code_of, done
from tests.commands.conftest import Team
from tests.commands.giving import give, has, new_client


class AfterSealing:
    """Says stop once everything here is sealed and nothing of it was sent."""

    def __init__(self, who: Colleague) -> None:
        self._who = who

    def __call__(self) -> bool:
        with self._who.vault.read() as db:
            waiting = db.row("SELECT count(*) FROM event WHERE no IS NULL")
            sealed = db.row("SELECT count(*) FROM envelope WHERE log_index IS NULL AND flagged = 0")
        assert waiting is not None
        assert sealed is not None
        return bool(waiting[0] == 0 and sealed[0])


def give_role(team: Team, member: bytes, role: str) -> None:
    """The founder puts another role on the roster."""
    office = connect(team.founder.vault, clock=CLOCK)
    try:
        change = r.MemberRole(member=member, roles=[role])
        entries = sign_entries(me=office.me, state=office.state, bodies=[change], at=CLOCK.now())
        request = api.RosterAppend(size=office.state.size, head=office.state.head, entries=entries, boxes=[])
        assert append_or_lose(office.link, request)
    finally:
        office.link.close()


def test_a_supervisor_lets_in_what_was_sealed_before_the_role_was_lost(team: Team) -> None:
    gus = team.agency.enrol("Gus")
    client = new_client(gus)
    for one in (gus, team.supervisor):
        one.sync()
    note = gus.new_id()
    done(give(gus, notes.write, note=note, wanted={"client": client, "text": "She called at nine."}))
    with pytest.raises(Stopped):
        run_round(gus.vault, clock=CLOCK, ids=IDS, should_stop=AfterSealing(gus))
    give_role(team, gus.id, "reporter")
    gus.sync()
    team.supervisor.sync()
    with team.supervisor.vault.read() as db:
        waiting = [one for one in list_for_admission(db) if one.member == gus.id]
    assert waiting
    assert (
        code_of(give(team.bea, admission.admit, admission=team.bea.new_id(), parcel=waiting[0]))
        == "command.not_allowed"
    )
    for parcel in waiting:
        done(give(team.supervisor, admission.admit, admission=team.supervisor.new_id(), parcel=parcel))
    assert has(team.supervisor, "note", note)
    again = give(team.supervisor, admission.admit, admission=team.supervisor.new_id(), parcel=waiting[0])
    assert code_of(again) == "admit.not_waiting"
