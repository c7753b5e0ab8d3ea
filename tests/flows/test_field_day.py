"""A field day in finer steps: members' vaults in this process, one real server process, real sockets between."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from advocate_app.base.clock import FixedClock
from advocate_app.base.errors import Refusal
from advocate_app.commands import assignment, conflicts, contacts, notes, reviews, safe_contacts
from advocate_app.domain.compartments import CompartmentKind, compartment_id
from advocate_app.domain.records import by_name
from advocate_app.store import compartments, facts
from advocate_app.store.event_rows import decode_body, encode_body, last_event
from advocate_app.store.queries.standing import find_record, not_understood
from advocate_app.sync import enrolment, letters
from advocate_app.sync.enrolment import Invited
from advocate_app.sync.errors import CaptivePortal, ClockWrong, ServerTrouble
from advocate_app.sync.rounds import run_round
from advocate_app.sync.schedule import Schedule
from advocate_app.sync.server_link import ServerLink
from advocate_app.sync.state import sync_state
from advocate_app.sync.words import SyncWord
from advocate_app.wiring import connect
from tests.agency import CLOCK, IDS, Colleague, FoundedAgency, done, founded_agency, new_vault
from tests.commands.giving import give, has, new_client, seen
from tests.flows.portal import answering

CLIENT, NOTE, SAFE = (by_name[kind] for kind in ("client", "note", "safe_contact"))
NEW_FIELD = 9_999
HOUR_MS = 60 * 60 * 1000


class Team:
    """A founder, a supervisor and two advocates."""

    def __init__(self, agency: FoundedAgency) -> None:
        self.agency = agency
        self.founder = agency.founder
        self.supervisor = agency.enrol("Sol", role="supervisor")
        self.bea, self.dee = agency.enrol("Bea"), agency.enrol("Dee")
        self.supervisor.sync()

    def assign(self, client: bytes, to: Colleague) -> None:
        """The supervisor assigns a client, and who is assigned pulls."""
        self.supervisor.sync()
        done(give(self.supervisor, assignment.assign, client=client, member=to.id))
        self.supervisor.sync()
        to.sync()

    def invite(self) -> Invited:
        """An invitation of the founder's."""
        office = connect(self.founder.vault, clock=CLOCK)
        try:
            invited = enrolment.invite(
                *(self.founder.vault,),
                link=office.link,
                me=office.me,
                state=office.state,
                role="advocate",
                clock=CLOCK,
                ids=IDS,
            )
        finally:
            office.link.close()
        assert not isinstance(invited, Refusal)
        return invited

    def approve(self, invited: Invited, *, typed: str) -> bytes | Refusal:
        """The founder types the words that were heard."""
        office = connect(self.founder.vault, clock=CLOCK)
        try:
            mailbox = letters.mailbox_of(invited.secret)
            return enrolment.approve(
                *(self.founder.vault,),
                link=office.link,
                me=office.me,
                state=office.state,
                mailbox=mailbox,
                typed=typed,
                clock=CLOCK,
            )
        finally:
            office.link.close()

    def apply(
        self, path: Path, *, secret: bytes, clock: FixedClock | None = None, name: str = "Ida"
    ) -> tuple[str, ...] | Refusal:
        """Somebody with a new vault answers an invitation."""
        link = ServerLink(server=self.agency.server.address, clock=CLOCK)
        vault = new_vault(path)
        try:
            return enrolment.apply(
                vault,
                link=link,
                server=self.agency.server.address,
                secret=secret,
                fingerprint=self.agency.founded.fingerprint,
                name=name,
                clock=clock or CLOCK,
                ids=IDS,
            )
        finally:
            link.close()
            vault.close()


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    agency = founded_agency(tmp_path_factory.mktemp("flow"))
    try:
        yield Team(agency)
    finally:
        agency.close()


@contextmanager
def another_server(who: Colleague, address: str) -> Iterator[None]:
    """Whoever answers at this address answers instead of the server."""
    with who.vault.write() as tx:
        real = facts.find_text(tx, facts.SERVER)
        facts.put(tx, facts.SERVER, address)
    try:
        yield
    finally:
        with who.vault.write() as tx:
            facts.put(tx, facts.SERVER, real)


def holds_key_of(who: Colleague, client: bytes) -> bool:
    """Whether a key to this client's file is in the vault."""
    file = compartment_id(who.acting().agency, kind=CompartmentKind.FILE, owner=client)
    with who.vault.read() as db:
        return file in {name for _, name, _ in compartments.held_compartments(db)}


def sealed_parcels(who: Colleague) -> int:
    """How many parcels lie in the vault unopened."""
    with who.vault.read() as db:
        row = db.row("SELECT count(*) FROM parcel")
    assert row is not None
    return int(row[0])


def test_a_file_assigned_after_a_thousand_events_opens_with_all_of_them(team: Team) -> None:
    client = new_client(team.bea)
    called = {"client": client, "channel": "call", "direction": "outgoing", "minutes": 5}
    with team.bea.vault.write() as tx:
        by = team.bea.acting_in(tx)
        for number in range(500):
            done(contacts.log(tx, contact=IDS.next(), wanted=called, by=by))
            done(notes.write(tx, note=IDS.next(), wanted={"client": client, "text": f"Visit {number}."}, by=by))
    team.bea.sync()
    before = sealed_parcels(team.dee)
    team.dee.sync()
    assert not has(team.dee, "client", client)
    assert not holds_key_of(team.dee, client)
    assert sealed_parcels(team.dee) > before
    team.assign(client, team.dee)
    assert holds_key_of(team.dee, client)
    for who in (team.dee, team.supervisor):
        with who.vault.read() as db:
            counted = db.rows(
                "SELECT r.type, count(*) FROM record r JOIN event e ON e.record = r.id "
                "WHERE r.client = ? AND e.state = 0 AND r.type IN (?, ?) GROUP BY r.type ORDER BY r.type",
                (client, by_name["contact"].number, NOTE.number),
            )
        assert counted == [(by_name["contact"].number, 500), (NOTE.number, 500)]


def test_a_supervisor_who_comes_later_reads_what_was_there_before(team: Team) -> None:
    client = new_client(team.bea)
    team.bea.sync()
    newcomer = team.agency.enrol("Eva", role="supervisor")
    for one in (team.supervisor, newcomer):
        one.sync()
    assert has(newcomer, "client", client)


def test_an_advocate_who_comes_later_opens_only_what_is_assigned(team: Team) -> None:
    client, other = new_client(team.bea), new_client(team.bea)
    team.bea.sync()
    newcomer = team.agency.enrol("Gil")
    assert not has(newcomer, "client", client)
    team.assign(client, newcomer)
    assert has(newcomer, "client", client)
    assert not has(newcomer, "client", other)


def test_two_answers_on_a_safe_contact_stand_until_one_is_chosen_and_the_cautious_one_is_in_force(team: Team) -> None:
    client = new_client(team.bea)
    done(give(team.bea, safe_contacts.put, client=client, wanted={"leave_message": "unsure"}))
    team.bea.sync()
    team.assign(client, team.dee)
    about = safe_contacts.safe_contact_id(client)
    done(give(team.bea, safe_contacts.put, client=client, wanted={"leave_message": "yes"}))
    done(give(team.dee, safe_contacts.put, client=client, wanted={"leave_message": "no"}))
    for one in (team.bea, team.dee, team.bea, team.supervisor):
        one.sync()
    for one in (team.bea, team.dee, team.supervisor):
        view = seen(one, "safe_contact", about)
        assert [conflict.name for conflict in view.conflicts] == ["calling"]
        assert view.in_force["calling"]["leave_message"] == "no"
    sides = seen(team.supervisor, "safe_contact", about).conflicts[0].values
    chosen = [side.value["leave_message"] for side in sides].index("yes")
    resolve = conflicts.resolve
    done(give(team.supervisor, resolve, record=SAFE, record_id=about, register="calling", choose=chosen))
    for one in (team.supervisor, team.bea, team.dee):
        one.sync()
    for one in (team.bea, team.dee):
        view = seen(one, "safe_contact", about)
        assert (view.conflicts, view.values["leave_message"]) == ((), "yes")


def test_a_returned_review_is_seen_where_it_was_asked_for(team: Team) -> None:
    client, note, review = new_client(team.bea), team.bea.new_id(), team.bea.new_id()
    done(give(team.bea, notes.write, note=note, wanted={"client": client, "text": "She called."}))
    done(give(team.bea, reviews.submit, review=review, subject=note, subject_record=NOTE))
    for one in (team.bea, team.supervisor):
        one.sync()
    done(give(team.supervisor, reviews.give_back, review=review, comment="Which county?"))
    for one in (team.supervisor, team.bea):
        one.sync()
    values = seen(team.bea, "review", review).values
    assert (values["decision"], values["comments"]) == ("returned", ["Which county?"])


def test_what_a_newer_version_wrote_is_kept_whole_told_and_given_to_whoever_comes(team: Team) -> None:
    client = new_client(team.bea)
    written_by_a_newer_program(team.bea, client)
    team.bea.sync()
    team.assign(client, team.dee)
    for one in (team.supervisor, team.dee):
        with one.vault.read() as db:
            assert (client, CLIENT.number, 1) in not_understood(db)
            bodies = db.rows(
                "SELECT e.body FROM event e JOIN record r ON r.id = e.record WHERE r.record_id = ? AND e.state = 1",
                (client,),
            )
        assert [decode_body(body).fields[NEW_FIELD] for (body,) in bodies] == ["from the year after"]
        assert seen(one, "client", client).values["first_name"] == "Marisol"


def written_by_a_newer_program(who: Colleague, client: bytes) -> None:
    """Puts into the outbox what a program with a further field would have written."""
    with who.vault.write() as tx:
        standing = find_record(tx, record_id=client, kind=CLIENT.number)
        assert standing is not None
        body = encode_body((0, {NEW_FIELD: "from the year after"}, {}, None, None))
        tx.run(
            """INSERT INTO event (id, record, device, stream, cited, verb, state, recorded_at, body)
              SELECT ?, record, device, stream, cited, 1, 1, recorded_at, ? FROM event WHERE record = ? LIMIT 1""",
            (last_event(tx) + 1, body, standing.row),
        )


def test_a_wrong_clock_is_told_and_harms_nothing(team: Team) -> None:
    client = new_client(team.bea)
    with pytest.raises(ClockWrong) as told:
        run_round(team.bea.vault, clock=FixedClock(CLOCK.now() - 3 * HOUR_MS), ids=IDS)
    assert told.value.facts["minutes"] == pytest.approx(-180, abs=1)
    assert sync_state(team.bea.vault, now=CLOCK.now()).waiting > 0
    for one in (team.bea, team.supervisor):
        one.sync()
    assert has(team.supervisor, "client", client)


def test_an_expired_invitation_brings_nobody_in(team: Team, tmp_path: Path) -> None:
    invited = team.invite()
    late = FixedClock(invited.expires_at + 1)
    refused = team.apply(tmp_path / "late", secret=invited.secret, clock=late)
    assert isinstance(refused, Refusal)
    assert refused.code == "invitation.expired"


def test_an_invitation_is_answered_by_one_person(team: Team, tmp_path: Path) -> None:
    invited = team.invite()
    words = team.apply(tmp_path / "first", secret=invited.secret)
    assert isinstance(words, tuple)
    second = team.apply(tmp_path / "second", secret=invited.secret)
    assert isinstance(second, Refusal)
    assert second.code == "invitation.used"
    assert isinstance(team.approve(invited, typed=" ".join(words)), bytes)
    third = team.apply(tmp_path / "third", secret=invited.secret)
    assert isinstance(third, Refusal)
    assert third.code in {"invitation.used", "invitation.not_there"}


def test_wrong_check_words_bring_nobody_in(team: Team, tmp_path: Path) -> None:
    invited = team.invite()
    words = team.apply(tmp_path / "newcomer", secret=invited.secret)
    assert isinstance(words, tuple)
    swapped = " ".join([words[1], words[0], *words[2:]]) if words[0] != words[1] else " ".join([*words[:-1], "zoo"])
    refused = team.approve(invited, typed=swapped)
    assert isinstance(refused, Refusal)
    assert refused.code == "approve.words_differ"
    emptied = team.approve(invited, typed=" ".join(words))
    assert isinstance(emptied, Refusal)
    assert emptied.code == "approve.nobody_applied"


def test_a_wi_fi_that_wants_a_sign_in_is_told_and_harms_nothing(team: Team) -> None:
    client = new_client(team.bea)
    page = b"<html><body>Welcome to the Desert Inn. Please sign in.</body></html>"
    with (
        answering(200, headers={"Content-Type": "text/html; charset=utf-8"}, body=page) as address,
        another_server(team.bea, address),
        pytest.raises(CaptivePortal),
    ):
        team.bea.sync()
    told = sync_state(team.bea.vault, now=CLOCK.now())
    assert (told.word, told.code) == (SyncWord.OFFLINE, CaptivePortal.code)
    assert told.waiting > 0
    for one in (team.bea, team.supervisor):
        one.sync()
    assert has(team.supervisor, "client", client)
    assert sync_state(team.bea.vault, now=CLOCK.now()).word is SyncWord.UP_TO_DATE


def test_a_server_that_asks_for_patience_gets_as_much_as_it_asks_for(team: Team) -> None:
    with (
        answering(503, headers={"Retry-After": "120", "Content-Type": "text/plain"}, body=b"later") as address,
        another_server(team.bea, address),
        pytest.raises(ServerTrouble) as told,
    ):
        team.bea.sync()
    assert told.value.retry_after == 120
    _, wait = Schedule().after(told.value, between=lambda least, _most: least)
    assert wait == 120
    team.bea.sync()
