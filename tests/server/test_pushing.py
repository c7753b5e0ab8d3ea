"""Envelopes enter a log in their order, each once, each with a receipt; what may not enter is told why."""

import pytest

from advocate_app.crypto.signing import RECEIPT, verify
from advocate_app.wire import api
from advocate_app.wire import roster as r
from advocate_app.wire.envelope import KEYS, MAX_ENVELOPE
from advocate_app.wire.log import Receipt, first_head, next_head
from tests.server.people import IDS, new_device
from tests.server.serving import Laptop, Team
from tests.server.showing import shows


def check_receipt(team: Team, result: api.PushResult, *, stream: bytes | None = None) -> None:
    receipt = Receipt(
        agency=team.agency.id,
        stream=stream or team.agency.stream,
        life=result.life,
        index=result.index,
        leaf=result.leaf,
        head=result.head,
        received_at=result.received_at,
        roster_size=result.roster_size,
    )
    verify(team.agency.log_public, domain=RECEIPT, message=receipt.signed(), signature=result.receipt)


@shows(("log.push", 200), ("log.page", 200), ("log.heads", 200))
def test_what_two_devices_push_stands_in_one_log_with_receipts_and_heads(team: Team) -> None:
    ann = team.join()
    mine = [team.agency.seal(team.agency.founder) for _ in range(3)]
    hers = [team.agency.seal(ann.device, size=600) for _ in range(2)]
    results = [*team.boss.push(*mine), *ann.push(*hers)]
    assert [result.status for result in results] == ["stored"] * 5
    assert [result.index for result in results] == [1, 2, 3, 4, 5]

    page = ann.log()
    assert [item.envelope for item in page.items] == [*mine, *hers]
    head = first_head(agency=team.agency.id, stream=team.agency.stream)
    for item, result in zip(page.items, results, strict=True):
        check_receipt(team, result)
        head = next_head(
            before=head,
            index=item.index,
            leaf=result.leaf,
            received_at=item.received_at,
            roster_size=item.roster_size,
        )
        assert head == result.head
    assert (page.size, page.head, page.receipt) == (5, head, results[-1].receipt)

    heads = ann.heads()
    assert (heads.life, heads.size, heads.head) == (page.life, 5, head)
    newest = {each.device: each for each in heads.devices}
    assert newest[ann.device.id].leaf == results[-1].leaf
    assert newest[team.agency.founder.id].seq == 3
    assert newest[ann.device.id].header == hers[-1][:104]
    assert newest[ann.device.id].signature == hers[-1][-64:]


def test_the_same_envelope_again_gets_its_first_receipt(team: Team) -> None:
    envelopes = [team.agency.seal(team.agency.founder) for _ in range(2)]
    first = team.boss.push(*envelopes)
    again = team.boss.push(*envelopes, envelopes[0])
    assert [result.status for result in again] == ["duplicate"] * 3
    for was, now in zip([*first, first[0]], again, strict=True):
        assert (was.index, was.receipt, was.received_at, was.head) == (
            now.index,
            now.receipt,
            now.received_at,
            now.head,
        )
    assert team.boss.log().size == 2


def test_the_same_envelope_twice_in_one_push_is_stored_once(team: Team) -> None:
    envelope = team.agency.seal(team.agency.founder)
    results = team.boss.push(envelope, envelope)
    assert [result.status for result in results] == ["stored", "duplicate"]
    assert results[0].receipt == results[1].receipt


def test_another_envelope_of_a_logged_number_is_equivocation_and_stops_those_after_it(team: Team) -> None:
    ann = team.join()
    founder = team.agency.founder
    other = team.agency.seal(founder, keep=False)
    team.boss.push(team.agency.seal(founder))
    results = team.boss.push(other, team.agency.seal(founder), team.agency.seal(ann.device))
    assert [result.status for result in results] == ["equivocation", "gap", "stored"]
    assert results[0].reason
    assert not results[0].receipt


def test_an_envelope_that_follows_on_another_than_the_logged_one_is_equivocation(team: Team) -> None:
    founder = team.agency.founder
    team.boss.push(team.agency.seal(founder))
    [result] = team.boss.push(team.agency.seal(founder, previous=IDS.secret(32)))
    assert result.status == "equivocation"


def test_a_missing_number_is_a_gap_for_all_that_follow(team: Team) -> None:
    first, second, third = (team.agency.seal(team.agency.founder) for _ in range(3))
    assert [result.status for result in team.boss.push(second, third)] == ["gap", "gap"]
    assert [result.status for result in team.boss.push(third, first, second)] == ["gap", "gap", "gap"]
    assert [result.status for result in team.boss.push(first, second, third)] == ["stored"] * 3


def test_an_envelope_under_an_older_key_of_the_stream_is_stored_and_called_stale(team: Team) -> None:
    newer = IDS.secret(16)
    old = team.agency.stream_keys[team.agency.stream][0]
    advance = r.KeyAdvance(
        scope_kind="S", scope=team.agency.stream, generation=2, public=b"", key_id=newer, link=IDS.secret(104)
    )
    team.append(advance)
    team.agency.stream_keys[team.agency.stream].append(newer)
    results = team.boss.push(team.agency.seal(team.agency.founder, key_id=old), team.agency.seal(team.agency.founder))
    assert [result.status for result in results] == ["stale", "stored"]
    check_receipt(team, results[0])


def test_a_key_that_the_roster_does_not_name_is_not_permitted(team: Team) -> None:
    [result] = team.boss.push(team.agency.seal(team.agency.founder, key_id=IDS.secret(16)))
    assert result.status == "not_permitted"


def test_a_device_that_is_on_no_roster_is_not_permitted(team: Team) -> None:
    [result] = team.boss.push(team.agency.seal(new_device()))
    assert result.status == "not_permitted"


def test_a_colleague_may_upload_what_another_device_signed(team: Team) -> None:
    ann = team.join()
    [result] = team.boss.push(team.agency.seal(ann.device))
    assert result.status == "stored"
    check_receipt(team, result)


def test_one_who_does_not_write_a_stream_is_not_permitted_even_by_a_colleagues_hand(team: Team) -> None:
    ann = team.join()
    stream = make_stream(team, subscribers=[])
    [result] = team.boss.push(team.agency.seal(ann.device, stream=stream), stream=stream)
    assert result.status == "not_permitted"


def make_stream(team: Team, *, subscribers: list[bytes]) -> bytes:
    stream, key_id = IDS.next(), IDS.secret(16)
    name = r.SealedName(generation=1, sealed=IDS.secret(72))
    team.append(r.StreamCreate(stream=stream, name=name, key_id=key_id, subscribers=subscribers))
    team.agency.stream_keys[stream] = [key_id]
    return stream


@shows(("log.push", 403), ("log.page", 403), ("log.heads", 403))
def test_a_stream_is_closed_to_those_who_are_not_subscribed(team: Team) -> None:
    ann = team.join()
    stream = make_stream(team, subscribers=[])
    push = api.Push(envelopes=[team.agency.seal(team.agency.founder, stream=stream)])
    ann.refused("stream.not_subscribed", "log.push", push, stream=stream.hex())
    ann.refused("stream.not_subscribed", "log.page", stream=stream.hex())
    ann.refused("stream.not_subscribed", "log.heads", stream=stream.hex())


def test_an_authority_who_is_not_subscribed_reads_heads_and_no_bodies(team: Team) -> None:
    officer = team.join(roles=["it"])
    stream = make_stream(team, subscribers=[])
    officer_role = r.MemberRole(member=officer.device.member, roles=["it", "authority"])
    team.append(officer_role)
    assert officer.heads(stream=stream).size == 0
    officer.refused("stream.not_subscribed", "log.page", stream=stream.hex())


@shows(("log.push", 404), ("log.page", 404), ("log.heads", 404))
@pytest.mark.parametrize("name", ["00" * 16, "nonsense", "0" * 31, "AA" * 16])
def test_there_is_nothing_at_a_stream_that_the_roster_does_not_name(team: Team, name: str) -> None:
    team.boss.refused("stream.unknown", "log.push", api.Push(envelopes=[]), stream=name)
    team.boss.refused("stream.unknown", "log.page", stream=name)
    team.boss.refused("stream.unknown", "log.heads", stream=name)


def test_another_agencys_stream_and_envelopes_are_strangers(team: Team) -> None:
    other = team.server.founded()
    other.boss.refused("stream.unknown", "log.page", stream=team.agency.stream.hex())
    [result] = other.boss.push(team.agency.seal(team.agency.founder))
    assert result.status == "malformed"


def test_a_body_or_header_changed_by_one_bit_is_malformed(team: Team) -> None:
    good = team.agency.seal(team.agency.founder)
    for at in (8, 30, 60, 80, 90, 103, 104, 300, len(good) - 1):
        changed = bytearray(good)
        changed[at] ^= 1
        [result] = team.boss.push(bytes(changed))
        assert result.status in ("malformed", "not_permitted"), at
        assert result.reason
    assert team.boss.push(good)[0].status == "stored"


@pytest.mark.parametrize("cut", [0, 1, 50, 103, 104, 167, 600])
def test_a_truncated_envelope_is_malformed_and_spoils_no_other(team: Team, cut: int) -> None:
    ann = team.join()
    good = team.agency.seal(team.agency.founder)
    results = team.boss.push(good[:cut], team.agency.seal(ann.device), good)
    assert [result.status for result in results] == ["malformed", "stored", "stored"]


def test_kinds_that_are_not_known_are_malformed_and_keys_are(team: Team) -> None:
    founder = team.agency.founder
    for kind in (0, 2, 4, 255):
        assert team.boss.push(team.agency.seal(founder, keep=False, kind=kind))[0].status == "malformed"
    assert team.boss.push(team.agency.seal(founder, kind=KEYS))[0].status == "stored"


def test_an_envelope_over_the_limit_is_too_large_and_one_at_the_limit_is_not(team: Team) -> None:
    founder = team.agency.founder
    huge = team.agency.seal(founder, size=MAX_ENVELOPE + 5000, keep=False)
    assert team.boss.push(huge)[0].status == "too_large"
    assert team.boss.push(team.agency.seal(founder, size=MAX_ENVELOPE))[0].status == "stored"


def test_a_roster_that_is_longer_than_ours_is_not_permitted_and_one_that_shrinks_is_malformed(team: Team) -> None:
    founder = team.agency.founder
    ahead = team.agency.seal(founder, keep=False, roster_size=team.agency.size + 1)
    assert team.boss.push(ahead)[0].status == "not_permitted"
    ann = team.join()
    before_she_was = team.agency.seal(ann.device, keep=False, roster_size=1)
    assert team.boss.push(before_she_was)[0].status == "malformed"
    assert team.boss.push(team.agency.seal(founder))[0].status == "stored"
    assert team.boss.push(team.agency.seal(founder, roster_size=1))[0].status == "malformed"


def test_the_stamped_roster_size_is_the_servers_own(team: Team) -> None:
    [before] = team.boss.push(team.agency.seal(team.agency.founder))
    cited = team.agency.size
    team.join()
    [after] = team.boss.push(team.agency.seal(team.agency.founder, roster_size=cited))
    assert (before.roster_size, after.roster_size) == (cited, cited + 1)


def test_envelopes_of_a_removed_device_are_shelved_and_logged_ones_keep_their_receipt(team: Team) -> None:
    ann = team.join()
    logged = team.agency.seal(ann.device)
    [was] = ann.push(logged)
    late = [team.agency.seal(ann.device) for _ in range(2)]
    team.append(r.DeviceRevoke(device=ann.device.id, cutoffs=[(team.agency.stream, 1)]))
    results = team.boss.push(logged, *late, late[0])
    assert [result.status for result in results] == ["duplicate", "shelved", "shelved", "shelved"]
    assert results[0].receipt == was.receipt
    assert team.boss.push(late[1])[0].status == "shelved"
    assert team.boss.log().size == 1
    forged = bytearray(team.agency.seal(ann.device))
    forged[-1] ^= 1
    assert team.boss.push(bytes(forged))[0].status == "malformed"


def test_pages_keep_within_their_bytes_and_follow_on_each_other(team: Team) -> None:
    envelopes = [team.agency.seal(team.agency.founder, size=512 + 100 * n) for n in range(12)]
    team.boss.push(*envelopes)
    got: list[bytes] = []
    while True:
        page = team.boss.log(start=len(got) + 1, max_bytes=2500)
        if not page.items:
            assert page.receipt == b""
            break
        assert len(page.items) == 1 or sum(len(item.envelope) for item in page.items) <= 2500
        assert [item.index for item in page.items] == [len(got) + 1 + n for n in range(len(page.items))]
        got += [item.envelope for item in page.items]
    assert got == envelopes
    assert len(team.boss.log(start=3, max_bytes=1).items) == 1


def test_hundreds_of_mutated_envelopes_are_all_refused_in_words(team: Team) -> None:
    good = team.agency.seal(team.agency.founder)
    mutated = []
    for n in range(300):
        noise = IDS.secret(4)
        data = bytearray(good)
        data[int.from_bytes(noise[:2], "big") % len(data)] ^= (noise[2] % 255) + 1
        mutated.append(bytes(data) if n % 3 else bytes(data[: noise[3] * 2]))
    results = team.boss.push(*mutated)
    assert all(result.status in ("malformed", "not_permitted", "too_large") and result.reason for result in results)
    assert team.boss.log().size == 0


def test_a_session_of_one_agency_opens_nothing_in_another(team: Team) -> None:
    other = team.server.founded()
    stranger = Laptop(team.server, agency=other.agency, device=other.agency.founder)
    stranger.token = team.boss.token
    stranger.refused("stream.unknown", "log.page", stream=other.agency.stream.hex())
