"""Founding an agency once, and growing its roster by compare-and-swap."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from advocate_app.wire import api
from advocate_app.wire import roster as r
from advocate_server.answers.boxes import recovery_id
from tests.server.people import IDS, member_keys, new_device
from tests.server.serving import Laptop, Server, Team, refusal
from tests.server.showing import shows


@shows(("found", 200), ("roster.read", 200))
def test_founding_makes_the_roster_and_its_boxes(server: Server) -> None:
    team = server.founded()
    page = team.boss.ok("roster.read", None, api.RosterPage)
    assert page.entries == [team.agency.genesis]
    assert (page.size, page.head) == (1, team.agency.head)
    boxes = team.boss.boxes()
    assert [box.number for box in boxes.boxes] == [1]


@shows(("found", 200), ("found", 409))
def test_founding_again_succeeds_only_with_the_very_same_genesis(server: Server) -> None:
    agency = server.unfounded()
    laptop = Laptop(server)
    founding = agency.founding()
    first = laptop.ok("found", founding, api.RosterPlace)
    assert laptop.ok("found", founding, api.RosterPlace) == first
    laptop.refused("found.already", "found", agency.founding())


@shows(("found", 403))
def test_a_wrong_secret_and_an_unknown_agency_are_told_the_same(server: Server) -> None:
    agency = server.unfounded()
    laptop = Laptop(server)
    wrong = laptop.ask("found", agency.founding(secret=IDS.secret(16)))
    stranger = msgspec.structs.replace(agency.founding(), agency=IDS.next())
    unknown = laptop.ask("found", stranger)
    refusal(wrong, route=None, code="found.refused")
    assert wrong.content == unknown.content
    assert laptop.ask("found", agency.founding()).status_code == 200


@shows(("found", 422))
def test_a_genesis_of_another_agency_or_log_key_is_refused(server: Server) -> None:
    agency, other = server.unfounded(), server.unfounded()
    laptop = Laptop(server)
    laptop.refused("roster.log_key", "found", agency.founding(log_public=IDS.secret(32)))
    foreign = msgspec.structs.replace(other.founding(), agency=agency.id, secret=agency.secret)
    laptop.refused("roster.refused", "found", foreign)
    unsigned = agency.founding()
    genesis = msgspec.structs.replace(unsigned.genesis, signatures=[(agency.founder.id, bytes(64))])
    laptop.refused("roster.refused", "found", msgspec.structs.replace(unsigned, genesis=genesis))
    laptop.refused("box.refused", "found", msgspec.structs.replace(agency.founding(), boxes=[IDS.secret(300)]))
    assert laptop.ask("found", agency.founding()).status_code == 200


@shows(("roster.append", 200))
def test_an_appended_entry_is_read_by_all_and_repeating_it_succeeds(team: Team) -> None:
    ann = team.join()
    append = team.agency.growing(r.Heartbeat(places=[]))
    place = team.boss.ok("roster.append", append, api.RosterPlace)
    assert place.size == 3
    team.append(r.Heartbeat(places=[]))
    again = team.boss.ok("roster.append", append, api.RosterPlace)
    assert (again.size, again.head) == (4, team.agency.head)
    page = ann.ok("roster.read", None, api.RosterPage, query="?from=2")
    assert page.entries[0] == append.entries[0]
    assert len(page.entries) == 2
    assert ann.ok("roster.read", None, api.RosterPage, query="?from=99").entries == []


def test_several_entries_go_in_together_or_not_at_all(team: Team) -> None:
    size, head = team.agency.size, team.agency.head
    good = team.agency.growing(r.Heartbeat(places=[]), r.Heartbeat(places=[]))
    bad = api.SignedEntry(entry=good.entries[1].entry, signatures=[(IDS.secret(16), bytes(64))])
    team.boss.refused("roster.refused", "roster.append", msgspec.structs.replace(good, entries=[good.entries[0], bad]))
    page = team.boss.ok("roster.read", None, api.RosterPage)
    assert (page.size, page.head) == (size, head)
    assert team.boss.ok("roster.append", good, api.RosterPlace).size == size + 2


@shows(("roster.append", 409))
def test_of_many_who_append_at_once_one_wins_and_the_others_are_told_that_the_roster_moved(team: Team) -> None:
    laptops = [team.join() for _ in range(3)]
    size, head = team.agency.size, team.agency.head
    appends = []
    for laptop in laptops:
        team.agency.size, team.agency.head = size, head
        appends.append(team.agency.growing(r.Heartbeat(places=[(IDS.next(), 1, 0, bytes(32))]), by=laptop.device))
    with ThreadPoolExecutor(3) as together:
        replies = list(
            together.map(lambda pair: pair[0].ask("roster.append", pair[1]), zip(laptops, appends, strict=True))
        )
    assert sorted(reply.status_code for reply in replies) == [200, 409, 409]
    for reply in replies:
        if reply.status_code == 409:
            refusal(reply, route=None, code="roster.moved")
    assert team.boss.ok("roster.read", None, api.RosterPage).size == size + 1


@shows(("roster.append", 422))
def test_entries_that_do_not_follow_are_refused_in_words(team: Team) -> None:
    ann = team.join()
    stranger = new_device()
    size, head = team.agency.size, team.agency.head

    def refused(*entries: api.SignedEntry, code: str = "roster.refused") -> None:
        message = api.RosterAppend(size=size, head=head, entries=list(entries), boxes=[])
        assert team.boss.refused(code, "roster.append", message) or code != "roster.refused"

    agency = team.agency
    beat = r.Heartbeat(places=[])
    refused(agency.signed(beat, stranger))
    refused(agency.signed(r.MemberRemove(member=agency.founder.member, cutoffs=[]), ann.device))
    refused(agency.signed(beat, index=size + 1))
    refused(agency.signed(beat, previous=bytes(32)))
    refused(agency.signed(r.LogKey(public=IDS.secret(32))), code="roster.log_key")
    refused(api.SignedEntry(entry=b"\xff", signatures=[]))
    refused(api.SignedEntry(entry=IDS.secret(70_000), signatures=[]))
    other = team.server.founded().agency
    other.size, other.head = size, head
    refused(other.signed(beat))
    good = agency.signed(beat)
    refused(api.SignedEntry(entry=good.entry, signatures=[(agency.founder.id, good.signatures[0][1][:63] + b"x")]))
    refused(api.SignedEntry(entry=good.entry, signatures=good.signatures * 2))
    assert team.boss.ok("roster.read", None, api.RosterPage).size == size


def test_an_entry_and_its_boxes_go_in_together_or_not_at_all(team: Team) -> None:
    device = new_device()
    adding = r.MemberAdd(member=member_keys(device, roles=["advocate"]), device=device.keys)
    size, head = team.agency.size, team.agency.head
    good = team.agency.box(scope_kind="G", scope=team.agency.group("agency"), recipient=device.member)
    bad = team.agency.box(scope_kind="G", scope=IDS.next(), recipient=device.member)
    team.boss.refused("box.refused", "roster.append", team.agency.growing(adding, boxes=[good, bad]))
    team.agency.size, team.agency.head = size, head
    assert team.boss.ok("roster.read", None, api.RosterPage).size == size
    team.boss.ok("roster.append", team.agency.growing(adding, boxes=[good]), api.RosterPlace)
    newcomer = Laptop(team.server, agency=team.agency, device=device).login()
    assert [stored.box for stored in newcomer.boxes().boxes] == [good]


def test_an_append_without_entries_is_not_readable(team: Team) -> None:
    nothing = api.RosterAppend(size=team.agency.size, head=team.agency.head, entries=[], boxes=[])
    team.boss.refused("request.unreadable", "roster.append", nothing)


@pytest.mark.parametrize("wrong", [{"size": 0}, {"size": 7}, {"head": bytes(32)}, {"head": b""}])
def test_an_append_from_a_wrong_place_is_told_that_the_roster_stands_elsewhere(
    team: Team, wrong: dict[str, Any]
) -> None:
    append = msgspec.structs.replace(team.agency.growing(r.Heartbeat(places=[])), **wrong)
    team.boss.refused("roster.moved", "roster.append", append)


@shows(("boxes.read", 200), ("boxes.post", 200))
def test_boxes_reach_the_device_the_member_and_the_groups_that_they_are_for(team: Team) -> None:
    agency = team.agency
    ann, bea = team.join(), team.join(roles=["supervisor"])
    team.append(r.GroupChange(group=agency.group("supervision"), add=[bea.device.member], remove=[]))

    def box(recipient: bytes, *, scope_kind: str = "S", scope: bytes = agency.stream) -> bytes:
        return agency.box(scope_kind=scope_kind, scope=scope, recipient=recipient)

    to_device, to_member = box(ann.device.id), box(ann.device.member)
    to_all, to_supervision = box(agency.group("agency")), box(agency.group("supervision"))
    boxes = [to_device, to_member, to_all, to_supervision]
    team.boss.ok("boxes.post", api.BoxesPost(boxes=boxes))
    team.boss.ok("boxes.post", api.BoxesPost(boxes=[*boxes, box(recovery_id(agency.recovery_public))]))
    assert [stored.box for stored in ann.boxes().boxes] == [to_device, to_member, to_all]
    assert [stored.box for stored in bea.boxes().boxes] == [to_all, to_supervision]
    numbers = [stored.number for stored in ann.boxes().boxes]
    assert numbers == sorted(numbers)
    assert [stored.box for stored in ann.boxes(after=numbers[0]).boxes] == [to_member, to_all]
    team.append(r.GroupChange(group=agency.group("supervision"), add=[], remove=[bea.device.member]))
    assert [stored.box for stored in bea.boxes().boxes] == [to_all]


def test_many_boxes_come_in_pages(team: Team) -> None:
    ann = team.join()
    made = [
        team.agency.box(scope_kind="S", scope=team.agency.stream, recipient=ann.device.id, sealed=IDS.secret(104))
        for _ in range(300)
    ]
    team.boss.ok("boxes.post", api.BoxesPost(boxes=made))
    first = ann.boxes()
    rest = ann.boxes(after=first.boxes[-1].number)
    assert (first.more, rest.more) == (True, False)
    assert [stored.box for stored in (*first.boxes, *rest.boxes)] == made


@shows(("boxes.post", 422))
def test_boxes_that_are_not_their_senders_to_give_are_refused(team: Team) -> None:
    agency = team.agency
    ann, stranger = team.join(), new_device()
    member = ann.device.member
    cases = {
        "a stranger's": agency.box(scope_kind="S", scope=agency.stream, recipient=member, sender=stranger),
        "no such stream": agency.box(scope_kind="S", scope=IDS.next(), recipient=member),
        "a compartment's": agency.box(scope_kind="C", scope=IDS.next(), recipient=member),
        "another member's own": agency.box(
            scope_kind="U", scope=agency.founder.member, recipient=member, sender=ann.device
        ),
        "a group she is not in": agency.box(
            scope_kind="G", scope=agency.group("supervision"), recipient=member, sender=ann.device
        ),
        "nobody's": agency.box(scope_kind="S", scope=agency.stream, recipient=IDS.next()),
        "too long": agency.box(scope_kind="S", scope=agency.stream, recipient=member, sealed=IDS.secret(5000)),
        "garbage": IDS.secret(400),
        "nothing": b"",
    }
    good = agency.box(scope_kind="S", scope=agency.stream, recipient=member)
    cases["changed"] = good[:200] + bytes([good[200] ^ 1]) + good[201:]
    for box in cases.values():
        assert team.boss.refused("box.refused", "boxes.post", api.BoxesPost(boxes=[good, box]))
    assert ann.boxes().boxes == []


def test_a_revoked_device_gives_no_more_boxes_and_gets_none(team: Team) -> None:
    ann = team.join()
    hers = team.agency.box(
        scope_kind="S", scope=team.agency.stream, recipient=team.agency.founder.id, sender=ann.device
    )
    team.append(r.DeviceRevoke(device=ann.device.id, cutoffs=[]))
    team.boss.refused("box.refused", "boxes.post", api.BoxesPost(boxes=[hers]))
    to_her = team.agency.box(scope_kind="S", scope=team.agency.stream, recipient=ann.device.id)
    team.boss.refused("box.refused", "boxes.post", api.BoxesPost(boxes=[to_her]))


def test_a_long_roster_is_read_in_pages(team: Team) -> None:
    for _ in range(6):
        team.append(*[r.Heartbeat(places=[(IDS.next(), 1, 0, bytes(32))]) for _ in range(200)])
    entries: list[api.SignedEntry] = []
    while True:
        page = team.boss.ok("roster.read", None, api.RosterPage, query=f"?from={len(entries)}")
        if not page.entries:
            break
        entries += page.entries
    assert len(entries) == page.size == team.agency.size
    assert [r.decode_entry(signed.entry).index for signed in entries] == list(range(page.size))
