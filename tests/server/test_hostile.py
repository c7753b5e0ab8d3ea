"""Hundreds of damaged messages, entries and boxes: each is refused in words, and nothing of them is kept."""

import random

import msgspec
import pytest
import requests

from advocate_app.wire import api
from advocate_app.wire import roster as r
from tests.server.people import joins, new_device
from tests.server.serving import Laptop, Team

ROUNDS = 250


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The bytes with one thing wrong: a bit, a cut, a piece doubled, dropped or made up."""
    at = dice.randrange(len(data))
    span = dice.randrange(1, 40)
    match dice.randrange(5):
        case 0:
            return data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :]
        case 1:
            return data[:at]
        case 2:
            return data[:at] + data[at : at + span] + data[at:]
        case 3:
            return data[:at] + data[at + span :]
        case _:
            return data[:at] + dice.randbytes(span) + data[at + span :]


def stands(team: Team) -> tuple[int, bytes, int, int]:
    page = team.boss.ok("roster.read", None, api.RosterPage)
    return page.size, page.head, len(team.boss.boxes().boxes), team.boss.log().size


def ask(laptop: Laptop, name: str, data: bytes, **parts: str) -> requests.Response:
    reply = laptop.ask(name, data, **parts)
    assert reply.status_code != 500, reply.content
    return reply


@pytest.mark.parametrize("seed", range(2))
def test_damaged_entries_never_enter_the_roster(team: Team, seed: int) -> None:
    dice = random.Random(seed)
    before = stands(team)
    entry = team.agency.signed(joins(new_device(), roles=["advocate"]))
    for _ in range(ROUNDS):
        bad = msgspec.structs.replace(entry, entry=damaged(entry.entry, dice))
        if bad.entry == entry.entry:
            continue
        append = api.RosterAppend(size=before[0], head=before[1], entries=[bad], boxes=[])
        assert ask(team.boss, "roster.append", api.encode(append)).status_code == 422
    assert stands(team) == before


@pytest.mark.parametrize("seed", range(2))
def test_damaged_boxes_are_never_stored(team: Team, seed: int) -> None:
    dice = random.Random(seed)
    before = stands(team)
    good = team.agency.box(scope_kind="S", scope=team.agency.stream, recipient=team.agency.founder.member)
    for _ in range(ROUNDS):
        bad = damaged(good, dice)
        if bad != good:
            reply = ask(team.boss, "boxes.post", api.encode(api.BoxesPost(boxes=[bad])))
            assert reply.status_code == 422
    assert stands(team) == before


@pytest.mark.parametrize("seed", range(2))
def test_damaged_messages_do_what_they_say_or_nothing(team: Team, seed: int) -> None:
    dice = random.Random(seed)
    size = team.agency.size
    push = api.encode(api.Push(envelopes=[team.agency.seal(team.agency.founder) for _ in range(2)]))
    append = api.encode(team.agency.growing(r.Heartbeat(places=[])))
    proof = api.encode(team.boss.proof())
    for _ in range(ROUNDS):
        reply = ask(team.boss, "log.push", damaged(push, dice), stream=team.agency.stream.hex())
        assert reply.status_code in (200, 400)
        assert ask(team.boss, "roster.append", damaged(append, dice)).status_code in (200, 400, 409, 422)
        assert ask(team.boss, "auth.session", damaged(proof, dice)).status_code in (200, 400, 401, 421)
    page = team.boss.ok("roster.read", None, api.RosterPage)
    assert page.size in (size, size + 1)
    for item in team.boss.log().items:
        assert item.envelope in push


def test_an_entry_that_cites_ever_more_is_stopped_by_its_size(team: Team) -> None:
    many = r.Heartbeat(places=[(bytes(16), 1, 1, bytes(32))] * 2000)
    append = team.agency.growing(many)
    team.boss.refused("roster.refused", "roster.append", append)
