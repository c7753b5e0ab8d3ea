"""Who may put what on the roster, and that no sequence of entries leads to a roster that cannot be."""

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advocate_app.crypto.signing import SignatureBroken
from advocate_app.wire import roster as r
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.roster_reading import read_entry
from advocate_app.wire.roster_state import AGENCY_GROUP, ROLES, SUPERVISION_GROUP, RosterBroken, RosterState
from tests.server.people import Device, joins, kem, new_device
from tests.wire.rosters import IDS, Grown, advance, founded, stands


@pytest.fixture
def grown() -> Grown:
    return founded()


def _name() -> r.SealedName:
    return r.SealedName(generation=1, sealed=IDS.secret(72))


def _stream(grown: Grown, *subscribers: bytes) -> bytes:
    stream = IDS.next()
    grown.add(r.StreamCreate(stream=stream, name=_name(), key_id=IDS.secret(16), subscribers=list(subscribers)))
    return stream


def _starred(grown: Grown, other: Device) -> dict[str, r.Body]:
    """Entries that need two authorities once there are two; `other` is the second."""
    supervision = grown.agency.group(SUPERVISION_GROUP)
    return {
        "log_key": r.LogKey(public=IDS.secret(32)),
        "recovery_set": r.RecoverySet(public=kem()),
        "policy_set": r.PolicySet(policy={"own_devices": True}),
        "supervision": r.GroupChange(group=supervision, add=[other.member], remove=[]),
        "new authority": joins(new_device(), roles=["authority"]),
        "becomes an authority": r.MemberRole(member=grown.devices[2].member, roles=["authority"]),
        "authority's role": r.MemberRole(member=other.member, roles=["authority", "it"]),
        "authority's device": r.DeviceAdd(member=other.member, device=new_device().keys),
        "authority's device goes": r.DeviceRevoke(device=other.id, cutoffs=[]),
        "authority goes": r.MemberRemove(member=other.member, cutoffs=[]),
    }


STARRED = (
    "log_key",
    "recovery_set",
    "policy_set",
    "supervision",
    "new authority",
    "becomes an authority",
    "authority's role",
    "authority's device",
    "authority's device goes",
    "authority goes",
)


@pytest.mark.parametrize("which", STARRED)
def test_a_star_needs_two_authorities_once_there_are_two(grown: Grown, which: str) -> None:
    second = grown.member("authority")
    advocate = grown.member("advocate")
    body = _starred(grown, second)[which]
    before = grown.state
    for signers in ((grown.boss,), (grown.boss, advocate), (advocate,)):
        with pytest.raises(RosterBroken):
            grown.read(grown.agency.signed(body, *signers))
    assert grown.state is before
    assert grown.add(body, grown.boss, second).size == before.size + 1


def test_two_devices_of_one_authority_are_one_authority(grown: Grown) -> None:
    laptop = new_device(grown.boss.member)
    grown.add(r.DeviceAdd(member=grown.boss.member, device=laptop.keys))
    grown.member("authority")
    with pytest.raises(RosterBroken):
        grown.add(r.PolicySet(policy={}), grown.boss, laptop)


def test_one_authority_alone_may_do_what_has_a_star(grown: Grown) -> None:
    assert grown.add(r.PolicySet(policy={"quiet": 1})).policy == {"quiet": 1}
    assert grown.add(r.LogKey(public=IDS.secret(32))).size == 3


@pytest.mark.parametrize(
    "body",
    [
        lambda g: r.MemberRemove(member=g.boss.member, cutoffs=[]),
        lambda g: r.MemberRole(member=g.boss.member, roles=["advocate"]),
        lambda g: r.DeviceRevoke(device=g.boss.id, cutoffs=[]),
    ],
)
def test_the_last_authority_cannot_go(grown: Grown, body: Any) -> None:
    grown.member("supervisor")
    with pytest.raises(RosterBroken):
        grown.add(body(grown))


def test_one_signature_never_brings_the_authorities_below_two(grown: Grown) -> None:
    second = grown.member("authority")
    for body in (
        r.MemberRemove(member=second.member, cutoffs=[]),
        r.MemberRole(member=second.member, roles=["advocate"]),
    ):
        for one in (grown.boss, second):
            with pytest.raises(RosterBroken):
                grown.read(grown.agency.signed(body, one))
    assert grown.add(r.MemberRole(member=second.member, roles=["it"]), grown.boss, second).authorities() == {
        grown.boss.member
    }


def test_nobody_but_an_authority_changes_members_streams_and_groups(grown: Grown) -> None:
    advocate = grown.member("advocate")
    finance = grown.agency.group("finance")
    keys = r.GroupKeys(group=finance, name="finance", public=kem(), key_id=IDS.secret(16))
    stream = _stream(grown, advocate.member)
    for body in (
        joins(new_device(), roles=["advocate"]),
        r.MemberRole(member=advocate.member, roles=["supervisor"]),
        r.MemberRemove(member=advocate.member, cutoffs=[]),
        r.GroupChange(group=finance, add=[advocate.member], remove=[], keys=keys),
        r.StreamCreate(stream=IDS.next(), name=_name(), key_id=IDS.secret(16), subscribers=[]),
        r.Subscribe(stream=stream, who=grown.boss.member),
        r.Unsubscribe(stream=stream, who=advocate.member),
        r.RecoveryRequest(member=advocate.member, device=new_device().keys),
    ):
        with pytest.raises(RosterBroken):
            grown.read(grown.agency.signed(body, advocate))
        grown.read(grown.agency.signed(body))


def test_a_removal_makes_keys_due_and_ends_every_device(grown: Grown) -> None:
    gone = grown.member("supervisor")
    supervision = grown.agency.group(SUPERVISION_GROUP)
    grown.add(r.GroupChange(group=supervision, add=[gone.member], remove=[]))
    untouched = _stream(grown)
    own = _stream(grown, gone.member)
    cutoffs = [(own, 7)]
    state = grown.add(r.MemberRemove(member=gone.member, cutoffs=cutoffs))
    assert state.group(AGENCY_GROUP).due
    assert state.group(SUPERVISION_GROUP).due
    assert all(state.streams[one].due for one in (own, untouched, grown.agency.stream))  # supervision reads all
    assert gone.member not in state.group(AGENCY_GROUP).members | state.group(SUPERVISION_GROUP).members
    assert state.devices[gone.id].until == state.size
    assert state.devices[gone.id].cutoffs == dict(cutoffs)
    assert state.roles_of_device(device=gone.id, size=state.size) == frozenset()
    assert state.roles_of_device(device=gone.id, size=state.size - 1) == {"supervisor"}
    with pytest.raises(RosterBroken):
        grown.add(r.Heartbeat(places=[]), gone)


def test_losing_the_supervisor_role_leaves_the_group_and_makes_its_streams_due(grown: Grown) -> None:
    other = grown.member("supervisor")
    supervision = grown.agency.group(SUPERVISION_GROUP)
    grown.add(r.GroupChange(group=supervision, add=[other.member], remove=[]))
    state = grown.add(r.MemberRole(member=other.member, roles=["advocate"]))
    assert other.member not in state.groups[supervision].members
    assert state.groups[supervision].due
    assert state.streams[grown.agency.stream].due


def test_a_lost_device_makes_its_members_keys_due(grown: Grown) -> None:
    advocate = grown.member("advocate")
    state = grown.add(r.DeviceRevoke(device=advocate.id, cutoffs=[]))
    assert state.members[advocate.member].due
    assert state.group(AGENCY_GROUP).due
    assert not state.group(SUPERVISION_GROUP).due


def test_keys_are_advanced_by_those_inside_and_by_one_generation(grown: Grown) -> None:
    inside, outside = grown.member("advocate"), grown.member("advocate")
    stream = _stream(grown, inside.member)
    supervision = grown.agency.group(SUPERVISION_GROUP)
    for kind, scope, maker, stranger in (
        ("U", inside.member, inside, grown.boss),
        ("G", supervision, grown.boss, inside),
        ("S", stream, inside, outside),
    ):
        for wrong in (
            advance(grown.state, kind=kind, scope=scope, skip=1),
            advance(grown.state, kind=kind, scope=scope, skip=-1),
        ):
            with pytest.raises(RosterBroken):
                grown.read(grown.agency.signed(wrong, maker))
        right = advance(grown.state, kind=kind, scope=scope)
        for signers in ((stranger,), (maker, stranger)):
            with pytest.raises(RosterBroken):
                grown.read(grown.agency.signed(right, *signers))
        for malformed in (
            msgspec.structs.replace(right, key_id=b"short"),
            msgspec.structs.replace(right, public=b"short"),
            msgspec.structs.replace(right, scope=IDS.next()),
            msgspec.structs.replace(right, scope_kind="C"),
        ):
            with pytest.raises(RosterBroken):
                grown.read(grown.agency.signed(malformed, maker))
        state = grown.add(right, maker)
        assert state.links[-1].newer == right.key_id
        assert (state.links[-1].scope_kind, state.links[-1].generation) == (kind, 2)


def test_an_advance_settles_what_was_due(grown: Grown) -> None:
    gone = grown.member("advocate")
    grown.add(r.MemberRemove(member=gone.member, cutoffs=[]))
    group = grown.agency.group(AGENCY_GROUP)
    assert not grown.add(advance(grown.state, kind="G", scope=group)).groups[group].due
    assert not grown.add(advance(grown.state, kind="S", scope=grown.agency.stream)).streams[grown.agency.stream].due


def test_recovery_gives_no_device_to_somebody_removed_since(grown: Grown) -> None:
    advocate = grown.member("advocate")
    request = grown.state.size
    grown.add(r.RecoveryRequest(member=advocate.member, device=new_device().keys))
    assert len(grown.read(grown.agency.signed(r.RecoveryApprove(request=request))).devices_of(advocate.member)) == 2
    grown.add(r.MemberRemove(member=advocate.member, cutoffs=[]))
    with pytest.raises(RosterBroken):
        grown.add(r.RecoveryApprove(request=request))


def test_supervision_reads_every_stream_and_all_read_the_agencys(grown: Grown) -> None:
    advocate = grown.member("advocate")
    stream = _stream(grown, advocate.member)
    assert grown.agency.group(SUPERVISION_GROUP) in grown.state.streams[stream].subscribers
    for where, who in (
        (stream, grown.agency.group(SUPERVISION_GROUP)),
        (grown.agency.stream, grown.agency.group(SUPERVISION_GROUP)),
        (grown.agency.stream, grown.agency.group(AGENCY_GROUP)),
        (stream, grown.boss.member),
    ):
        with pytest.raises(RosterBroken):
            grown.add(r.Unsubscribe(stream=where, who=who))
    assert grown.add(r.Unsubscribe(stream=stream, who=advocate.member)).streams[stream].due


def test_own_devices_are_added_only_where_the_policy_lets_them(grown: Grown) -> None:
    advocate = grown.member("advocate")
    body = r.DeviceAdd(member=advocate.member, device=new_device().keys)
    grown.read(grown.agency.signed(body, advocate))
    grown.add(r.PolicySet(policy={"own_devices": False}))
    with pytest.raises(RosterBroken):
        grown.add(body, advocate)
    grown.add(body)
    with pytest.raises(RosterBroken):
        grown.add(body)


def test_an_entry_stands_only_where_it_was_made_and_only_once(grown: Grown) -> None:
    signed = grown.agency.signed(joins(new_device(), roles=["advocate"]))
    later = grown.read(signed)
    other = founded()
    with pytest.raises(RosterBroken):
        read_entry(state=later, data=signed.entry, signatures=signed.signatures, verify=stands)
    with pytest.raises(RosterBroken):
        other.read(signed)
    for wrong in (
        grown.agency.signed(r.Heartbeat(places=[]), index=5),
        grown.agency.signed(r.Heartbeat(places=[]), previous=bytes(32)),
    ):
        with pytest.raises(RosterBroken):
            grown.read(wrong)


def test_signatures_must_stand_be_there_and_be_by_different_devices(grown: Grown) -> None:
    signed = grown.agency.signed(r.Heartbeat(places=[]))
    one = signed.signatures[0]
    for signatures in ([], [one, one], [(IDS.secret(16), one[1])], [one] * 9):
        with pytest.raises(RosterBroken):
            grown.read(msgspec.structs.replace(signed, signatures=signatures))
    for bad in (bytes(64), b"", one[1][:-1], one[1] + b"x"):
        with pytest.raises(SignatureBroken):
            grown.read(msgspec.structs.replace(signed, signatures=[(one[0], bad)]))
    stranger = new_device()
    with pytest.raises(RosterBroken):
        grown.add(r.Heartbeat(places=[]), stranger)


def test_a_genesis_in_the_middle_and_a_first_entry_that_is_none_are_refused(grown: Grown) -> None:
    other = founded()
    genesis = other.agency.genesis
    assert genesis is not None
    body = r.decode_entry(genesis.entry).body
    with pytest.raises(RosterBroken):
        grown.add(body)
    signed = grown.agency.signed(r.Heartbeat(places=[]))
    with pytest.raises(RosterBroken):
        read_entry(state=None, data=signed.entry, signatures=signed.signatures, verify=stands)


@pytest.mark.parametrize(
    "change",
    [
        {"min_suite": 0},
        {"min_suite": 2},
        {"stream": bytes(16)},
        {"groups": []},
    ],
)
def test_a_genesis_of_another_suite_stream_or_without_groups_is_refused(change: dict[str, Any]) -> None:
    agency = founded().agency
    genesis = agency.genesis
    assert genesis is not None
    body = msgspec.structs.replace(r.decode_entry(genesis.entry).body, **change)
    signed = agency.signed(body, index=0, previous=r.NO_HASH)
    with pytest.raises(RosterBroken):
        read_entry(state=None, data=signed.entry, signatures=signed.signatures, verify=stands)


@settings(max_examples=60)
@given(st.integers(min_value=0, max_value=2**32), st.integers(min_value=1, max_value=25))
def test_no_sequence_of_entries_leads_to_a_roster_that_cannot_be(seed: int, steps: int) -> None:
    chance = random.Random(seed)  # repeatable
    grown = founded()
    for _ in range(steps):
        before = grown.state
        body = _any_body(grown, chance)
        signers = chance.sample(grown.devices, k=min(len(grown.devices), chance.choice([1, 1, 2, 3])))
        try:
            after = grown.add(body, *signers)
        except (RosterBroken, WireBroken):
            assert grown.state is before
            continue
        _check_step(before, after, makers={before.devices[one.id].member for one in signers})
        if isinstance(body, r.MemberAdd | r.DeviceAdd):
            grown.devices.append(_LAST[body.device.signing])
    _check_whole(grown.state)


_LAST: dict[bytes, Device] = {}


def _fresh(member: bytes | None = None) -> Device:
    device = new_device(member)
    _LAST[device.key.public] = device
    return device


def _any_body(grown: Grown, chance: random.Random) -> r.Body:
    state = grown.state
    who = chance.choice(sorted(state.members))
    device = chance.choice(sorted(state.devices))
    stream = chance.choice(sorted(state.streams))
    group = chance.choice(sorted(state.groups))
    roles = chance.sample(sorted(ROLES), k=chance.choice([1, 2]))
    bodies: list[r.Body] = [
        joins(_fresh(), roles=chance.choice([roles, ["authority"]])),
        joins(_fresh(who), roles=roles),
        r.MemberRole(member=who, roles=chance.choice([roles, ["authority"]])),
        r.MemberRemove(member=who, cutoffs=[(stream, 3)]),
        r.DeviceAdd(member=who, device=_fresh(who).keys),
        r.DeviceRevoke(device=device, cutoffs=[(stream, 3)]),
        r.GroupChange(
            group=group, add=[who], remove=chance.choice([[], [who], [chance.choice(sorted(state.members))]])
        ),
        r.StreamCreate(stream=IDS.next(), name=_name(), key_id=IDS.secret(16), subscribers=[who]),
        r.Subscribe(stream=stream, who=chance.choice([who, group])),
        r.Unsubscribe(stream=stream, who=chance.choice([who, group])),
        advance(state, kind="U", scope=who),
        advance(state, kind="G", scope=group),
        advance(state, kind="S", scope=stream),
        r.RecoveryRequest(member=who, device=_fresh(who).keys),
        r.RecoveryApprove(request=chance.choice([0, *state.recovery_requests])),
        r.Heartbeat(places=[]),
        r.PolicySet(policy={"own_devices": chance.random() < 0.5}),
    ]
    return chance.choice(bodies)


def _check_step(before: RosterState, after: RosterState, *, makers: set[bytes]) -> None:
    assert after.size == before.size + 1
    if len(before.authorities()) >= 2 > len(after.authorities()):
        assert len(makers & before.authorities()) >= 2
    gained = after.authorities() - before.authorities()
    if gained and len(before.authorities()) >= 2:
        assert len(makers & before.authorities()) >= 2
    for group in before.groups.values():
        if group.members - after.groups[group.id].members:
            assert after.groups[group.id].due
            assert all(s.due for s in after.streams.values() if group.id in s.subscribers)
    for stream in before.streams.values():
        assert after.streams[stream.id].key_ids[: stream.generation] == stream.key_ids


def _check_whole(state: RosterState) -> None:
    assert any(state.devices_of(one) for one in state.authorities())
    supervision = state.group(SUPERVISION_GROUP).id
    present = {one.id for one in state.members.values() if not one.removed}
    assert state.group(AGENCY_GROUP).members == present
    for member in state.members.values():
        assert bool(member.now) is not member.removed
        sizes = [since for since, _ in member.roles]
        assert sizes == sorted(sizes)
    for device in state.devices.values():
        assert device.until is not None or device.member in present
        assert device.id == r.device_id_of(device.signing)
    for group in state.groups.values():
        assert group.members <= present
    for stream in state.streams.values():
        assert supervision in stream.subscribers
        assert all(state.recipient(one) is not None for one in stream.subscribers)
    assert state.group(AGENCY_GROUP).id in state.streams[r.agency_stream_id(state.agency)].subscribers
