"""A colleague who cheats with keys and numbers: others' work stays readable, and everybody's sync goes on."""

import msgspec
import pytest

from advocate_app.commands import assignment, cases
from advocate_app.store import compartments, facts, keys
from advocate_app.sync.server_link import ServerLink
from advocate_app.wire.delta import Delta, Keys, Parcel, Seen
from advocate_app.wire.keybox import COMPARTMENT, OWN, BoxHeader
from tests.agency import CLOCK, IDS, Colleague, done
from tests.commands.conftest import Team
from tests.commands.conftest import team as team
from tests.commands.giving import give, has, new_client
from tests.hostile.test_insider import Forger, _aside, _push_forged
from tests.hostile.test_insider import cheat as cheat


def _push_keys(
    who: Colleague,
    *,
    server: str,
    compartment: bytes,
    key_id: bytes,
    boxes: tuple[bytes, ...] = (),
    links: tuple[tuple[bytes, bytes], ...] = (),
) -> None:
    """Send a keys envelope that no honest program would make."""
    with who.vault.write() as tx:
        f = Forger(who, tx)
    content = Keys(
        roster_head=f.state.head,
        seen=Seen(life=f.stream.life, index=f.stream.size, head=f.stream.head),
        compartment=compartment,
        key_id=key_id,
        boxes=list(boxes),
        links=list(links),
    )
    link = ServerLink(server=server, clock=CLOCK, identity=f.me)
    results = link.push(stream=f.stream.stream, envelopes=[f.envelope(content)])
    link.close()
    assert results[0].status == "stored", results[0].reason


def _key_of(who: Colleague, client: bytes) -> tuple[bytes, bytes]:
    """A client's compartment and the key_id it is written under."""
    with who.vault.read() as db:
        row = db.row("SELECT compartment FROM record WHERE record_id = ?", (client,))
        assert row is not None
        scope = compartments.compartment_of(db, row[0])
        held = keys.held_ids(db, kind=COMPARTMENT, scope=scope)
        return scope, sorted(held)[0]


def test_a_key_claimed_for_another_compartment_hides_nobodys_work(team: Team, cheat: tuple[Colleague, bytes]) -> None:
    who, known_before = cheat
    first = new_client(team.bea)
    for each in (team.bea, team.supervisor):
        each.sync()
    earlier, _ = _key_of(who, known_before)
    _, key_id = _key_of(team.bea, first)
    _push_keys(who, server=team.agency.server.address, compartment=earlier, key_id=key_id)
    team.bea.sync()
    before = len(_aside(team.supervisor))
    case = team.bea.new_id()
    done(give(team.bea, cases.open_case, case=case, client=first, wanted={"opened_on": "2026-01-05"}))
    second = new_client(team.bea)
    team.bea.sync()
    team.supervisor.sync()
    assert has(team.supervisor, "case", case)
    assert has(team.supervisor, "client", second)
    assert len(_aside(team.supervisor)) == before
    late = team.agency.enrol(f"Late{IDS.next().hex()[-6:]}", role="supervisor")
    for each in (team.founder, team.supervisor, late):
        each.sync()
    with late.vault.read() as db:
        assert db.row("SELECT 1 FROM record WHERE record_id = ?", (first,)) is not None


@pytest.mark.parametrize("count", [65_537, 2**31, 2**63])
def test_a_count_that_no_number_can_hold_stops_nobody(team: Team, cheat: tuple[Colleague, bytes], count: int) -> None:
    who, _ = cheat

    def forged(f: Forger) -> Delta:
        parcel = Parcel(key_id=IDS.secret(16), count=count, sealed=b"sealed")
        return f.delta([parcel, msgspec.structs.replace(parcel, count=1)])

    before = len(_aside(team.supervisor))
    _push_forged(who, forged, server=team.agency.server.address)
    theirs = new_client(team.bea)
    team.bea.sync()
    team.supervisor.sync()
    assert has(team.supervisor, "client", theirs)
    assert len(_aside(team.supervisor)) == before + 1


@pytest.mark.parametrize("kind", ["box", "link"])
def test_junk_of_a_stranger_keeps_nobody_from_a_key(team: Team, cheat: tuple[Colleague, bytes], kind: str) -> None:
    who, _ = cheat
    client = new_client(team.bea)
    for each in (team.bea, who, team.supervisor):
        each.sync()
    scope, key_id = _key_of(team.bea, client)
    box = BoxHeader(
        kind=OWN,
        scope_kind=COMPARTMENT,
        scope=scope,
        key_id=key_id,
        generation=0,
        recipient=team.dee.id,
        recipient_generation=1,
        sender=find_device(who),
    )
    server = team.agency.server.address
    if kind == "box":
        _push_keys(who, server=server, compartment=scope, key_id=key_id, boxes=(box.pack() + bytes(168),))
    else:
        _push_keys(who, server=server, compartment=scope, key_id=IDS.secret(16), links=((key_id, bytes(104)),))
    for each in (team.supervisor, team.bea, team.dee):
        each.sync()
    done(give(team.supervisor, assignment.assign, client=client, member=team.dee.id))
    for each in (team.supervisor, team.bea, team.dee):
        each.sync()
    assert has(team.dee, "client", client)


def find_device(who: Colleague) -> bytes:
    with who.vault.read() as db:
        return facts.find_bytes(db, facts.DEVICE)
