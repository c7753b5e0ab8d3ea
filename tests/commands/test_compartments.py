"""Compartments: their readers are said first, once, and by the rules of their kind."""

import pytest

from advocate_app.commands.compartments import ensure, first_readers, readers_in, readers_state
from advocate_app.domain.compartments import CompartmentKind, CompartmentRef, compartment_id
from tests.agency import Colleague
from tests.commands.conftest import Team
from tests.commands.giving import new_client


def readers(who: Colleague, kind: CompartmentKind, owner: bytes | str) -> frozenset[bytes]:
    with who.vault.read() as db:
        return first_readers(db, ref=CompartmentRef(kind=kind, owner=owner), by=who.acting_in(db))


def test_each_kind_begins_with_its_own_readers(team: Team) -> None:
    bea, client = team.bea, new_client(team.bea)
    groups = bea.acting().groups
    supervision, everyone = groups["supervision"].id, groups["agency"].id
    assert readers(bea, CompartmentKind.FILE, client) == {bea.id, supervision}
    assert readers(bea, CompartmentKind.NARRATIVE, client) == {bea.id, supervision}
    assert readers(team.supervisor, CompartmentKind.RESTRICTED, client) == {team.supervisor.id, supervision}
    assert readers(bea, CompartmentKind.MONEY, client) == {supervision}
    assert readers(bea, CompartmentKind.REGISTER, "hotline/2026-11") == {everyone}
    assert readers(bea, CompartmentKind.REGISTER, "supervision") == {supervision}


def test_a_compartment_that_is_known_says_nothing_more(team: Team) -> None:
    client = new_client(team.bea)
    ref = CompartmentRef(kind=CompartmentKind.FILE, owner=client)
    with team.bea.vault.read() as db:
        by = team.bea.acting_in(db)
        assert ensure(db, ref=ref, by=by) == []
        assert readers_in(readers_state(db, ref=ref, by=by)) == {team.bea.id, by.groups["supervision"].id}


@pytest.mark.parametrize("kind", [CompartmentKind.FILE, CompartmentKind.NARRATIVE, CompartmentKind.RESTRICTED])
def test_the_first_event_is_of_the_compartment_itself(team: Team, kind: CompartmentKind) -> None:
    ref = CompartmentRef(kind=kind, owner=team.bea.new_id())
    with team.bea.vault.read() as db:
        by = team.bea.acting_in(db)
        [first] = ensure(db, ref=ref, by=by)
    assert first.record_id == compartment_id(by.agency, kind=kind, owner=ref.owner)
    assert first.compartment == ref
