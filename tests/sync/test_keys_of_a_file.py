"""Which key a client's file is written under: it covers exactly who reads now, and new readers get the past."""

from advocate_app.commands import assignment, cases, notes
from advocate_app.store import compartments, keys
from advocate_app.store.readers import readers_of
from advocate_app.sync.identity import find_identity
from advocate_app.sync.key_work import append_or_lose, sign_entries
from advocate_app.sync.keyring import recipient_of
from advocate_app.wire import api
from advocate_app.wire import roster as r
from advocate_app.wire.keybox import COMPARTMENT
from advocate_app.wiring import connect
from tests.agency import CLOCK, IDS, Colleague, done
from tests.commands.conftest import Team
from tests.commands.giving import give, has, new_client


def _file(who: Colleague, client: bytes) -> int:
    with who.vault.read() as db:
        row = db.row("SELECT compartment FROM record WHERE record_id = ? AND type = 1", (client,))
    assert row is not None
    return int(row[0])


def _keys(who: Colleague, client: bytes) -> dict[bytes, frozenset[tuple[bytes, int]]]:
    """Unsucceeded keys of the client's file as this vault knows them: key_id to whom it is boxed."""
    with who.vault.read() as db:
        trusted = frozenset(row for (row,) in db.rows("SELECT id FROM device"))
        found = compartments.keys_of(db, compartment=_file(who, client), trusted=trusted)
    return {one.key_id: one.boxed for one in found if not one.succeeded}


def _note(who: Colleague, client: bytes, text: str) -> bytes:
    note = who.new_id()
    done(give(who, notes.write, note=note, wanted={"client": client, "text": text}))
    return note


def test_a_new_file_has_one_key_boxed_to_its_maker_and_supervision(team: Team) -> None:
    client = new_client(team.bea)
    team.bea.sync()
    found = _keys(team.bea, client)
    assert len(found) == 1
    with team.bea.vault.read() as db:
        readers = readers_of(db, compartment=_file(team.bea, client))
    assert {who for who, _ in next(iter(found.values()))} == set(readers)
    assert team.bea.id in readers


def test_a_reader_who_is_added_gets_the_same_key_and_the_past(team: Team) -> None:
    client = new_client(team.bea)
    before = _note(team.bea, client, "Written before the assignment.")
    team.bea.sync()
    team.supervisor.sync()
    team.dee.sync()
    assert not has(team.dee, "note", before)
    first = _keys(team.bea, client)
    done(give(team.supervisor, assignment.assign, client=client, member=team.dee.id))
    for one in (team.supervisor, team.dee, team.bea):
        one.sync()
    assert has(team.dee, "note", before)
    assert _keys(team.dee, client).keys() == first.keys()
    after = _note(team.dee, client, "Written by the new reader.")
    for one in (team.dee, team.bea, team.supervisor):
        one.sync()
    assert has(team.bea, "note", after)
    assert _keys(team.bea, client).keys() == first.keys()


def test_what_is_written_after_a_removal_is_under_a_key_the_removed_never_gets(team: Team) -> None:
    client = new_client(team.bea)
    team.bea.sync()
    team.supervisor.sync()
    done(give(team.supervisor, assignment.assign, client=client, member=team.dee.id))
    team.supervisor.sync()
    early = _note(team.bea, client, "While both read.")
    for one in (team.bea, team.dee):
        one.sync()
    assert has(team.dee, "note", early)
    done(give(team.supervisor, assignment.unassign, client=client, member=team.dee.id))
    for one in (team.supervisor, team.bea):
        one.sync()
    late = _note(team.bea, client, "After the removal.")
    for one in (team.bea, team.supervisor, team.dee):
        one.sync()
    assert has(team.supervisor, "note", late)
    assert not has(team.dee, "note", late)
    assert has(team.dee, "note", early), "what was seen stays"


def test_a_member_who_is_removed_makes_keys_due_and_they_are_advanced(team: Team) -> None:
    gone = team.agency.enrol("Gil", role="supervisor")
    client = new_client(team.bea)
    for one in (team.bea, team.supervisor, gone):
        one.sync()
    office = connect(team.founder.vault, clock=CLOCK)
    try:
        supervision = office.state.group("supervision")
        body = r.MemberRemove(member=gone.id, cutoffs=[])
        entries = sign_entries(me=office.me, state=office.state, bodies=[body], at=CLOCK.now())
        request = api.RosterAppend(size=office.state.size, head=office.state.head, entries=entries, boxes=[])
        assert append_or_lose(office.link, request)
    finally:
        office.link.close()
    for one in (team.founder, team.supervisor, team.bea):
        one.sync()
    again = connect(team.founder.vault, clock=CLOCK)
    again.link.close()
    now = again.state.group("supervision")
    assert now.generation == supervision.generation + 1
    assert not now.due
    assert gone.id not in now.members
    assert not any(stream.due for stream in again.state.streams.values())
    first = set(_keys(team.bea, client))
    case = team.bea.new_id()
    done(give(team.bea, cases.open_case, case=case, client=client, wanted={"opened_on": "2026-01-05"}))
    for one in (team.bea, team.supervisor):
        one.sync()
    assert has(team.supervisor, "case", case)
    second = set(_keys(team.bea, client))
    assert len(second) == 1
    assert second.isdisjoint(first), "a key that somebody removed holds is written under no more"


def test_every_held_key_names_itself(team: Team) -> None:
    client = new_client(team.bea)
    team.bea.sync()
    with team.bea.vault.read() as db:
        me = find_identity(db, device_secret=team.bea.vault.secret.device_secret)
        scope = compartments.compartment_of(db, _file(team.bea, client))
        held = keys.held_ids(db, kind=COMPARTMENT, scope=scope)
    assert me is not None
    assert held == set(_keys(team.bea, client))
    state = connect(team.bea.vault, clock=CLOCK)
    state.link.close()
    assert recipient_of(state=state.state, who=IDS.next()) is None
