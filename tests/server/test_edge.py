"""What is checked of every request before anything is done: address, session, rates, media type, size, form."""

import importlib
import socket
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from advocate_app.wire import api
from advocate_app.wire import roster as r
from advocate_server.problems import KINDS
from advocate_server.routes import ANYWHERE, NEEDED, NONE, ROUTES, Route
from tests.server.conftest import Fresh
from tests.server.people import IDS
from tests.server.serving import SEEN, Laptop, Server, Team, answer_on, raw, refusal
from tests.server.showing import Pair, declared, shows

TAKING = [route for route in ROUTES if route.takes is not None]
WITH_SESSION = [route for route in ROUTES if route.session != NONE]


def each(routes: list[Route] | tuple[Route, ...]) -> Any:
    return pytest.mark.parametrize("route", routes, ids=lambda route: route.name)


def pairs(routes: list[Route] | tuple[Route, ...], status: int) -> list[Pair]:
    return [(route.name, status) for route in routes]


def parts(route: Route, team: Team | None = None) -> dict[str, str]:
    """Parts of the path that would do."""
    known = {"stream": team.agency.stream.hex() if team else "00" * 16, "mailbox": "00" * 16, "step": "2"}
    return {name: value for name, value in known.items() if f"{{{name}:" in route.path}


def test_every_status_of_every_route_is_shown_by_a_test() -> None:
    shown: set[Pair] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        module = importlib.import_module(f"tests.server.{file.stem}")
        for name, test in vars(module).items():
            if name.startswith("test_"):
                shown |= declared(test)
    wanted = {(route.name, status) for route in ROUTES for status in route.statuses}
    assert shown >= wanted, sorted(wanted - shown)
    assert {route.name for route in ROUTES} >= {name for name, _ in shown}


def test_every_kind_of_refusal_is_declared_by_a_route() -> None:
    told = {code for route in ROUTES for code in route.codes}
    assert told | set(ANYWHERE) | {"route.unknown", "route.method"} == set(KINDS)


@shows(pairs(TAKING, 415))
@each(TAKING)
def test_a_wrong_media_type_is_refused_before_the_message_is_read(team: Team, route: Route) -> None:
    for kind in ("application/json", "text/html", "", "application/x-msgpack"):
        reply = team.boss.ask(route.name, data=b"x", headers={"Content-Type": kind}, **parts(route, team))
        refusal(reply, route=route, code="request.media_type")
    zipped = {"Content-Type": api.MEDIA_TYPE, "Content-Encoding": "gzip"}
    refusal(
        team.boss.ask(route.name, data=b"x", headers=zipped, **parts(route, team)),
        route=route,
        code="request.media_type",
    )


@shows(pairs(TAKING, 413))
@each(TAKING)
def test_a_message_that_is_too_large_is_refused_by_its_length_or_as_it_comes(team: Team, route: Route) -> None:
    pieces = (bytes(65_536) for _ in range(route.most // 65_536 + 2))
    sent = {"Content-Type": api.MEDIA_TYPE}
    try:
        reply = team.boss.ask(route.name, data=pieces, headers=sent, **parts(route, team))
        refusal(reply, route=route, code="request.too_large")
    except requests.ConnectionError:
        pass  # the server may close before all has been sent
    length = f"{route.most + 1}"
    path = team.boss.url(route.name, **parts(route, team)).partition(team.server.host)[2]
    answer = raw(
        team.server,
        f"{route.method} {path} HTTP/1.1\r\nHost: {team.server.host}\r\nAuthorization: Bearer {team.boss.token}\r\n"
        f"Content-Type: {api.MEDIA_TYPE}\r\nContent-Length: {length}\r\n\r\n".encode(),
    )
    assert answer.startswith(b"413"), answer
    assert b'"code":"request.too_large"' in answer
    team.boss.ask(route.name, data=bytes(route.most + 1), headers=sent, **parts(route, team))


@shows(pairs(ROUTES, 400))
@each(ROUTES)
def test_what_is_not_readable_is_refused(team: Team, route: Route) -> None:
    for query in ("?more=1", "?from=1&from=2", "?from=-1", "?max_bytes=x", "?after=1e3"):
        refusal(team.boss.ask(route.name, query=query, **parts(route, team)), route=route, code="request.query")
    if route.takes is None:
        return
    good = _sample(route, team)
    unknown = msgspec.msgpack.encode({**msgspec.msgpack.decode(good), "more": 1})
    for garbage in (b"", b"\xc1", good[:-1], good + b"x", unknown, b"\x80", IDS.secret(200), b"\x81" * 5000):
        reply = team.boss.ask(route.name, garbage, **parts(route, team))
        refusal(reply, route=route, code="request.unreadable")


def _sample(route: Route, team: Team) -> bytes:
    """A message of the route's type."""
    samples: dict[type, msgspec.Struct] = {
        api.Challenge: api.Challenge(agency=IDS.next(), device=IDS.secret(16)),
        api.Proof: api.Proof(agency=b"", device=b"", nonce=b"", host="", signature=b""),
        api.Found: api.Found(
            agency=b"", secret=b"", genesis=api.SignedEntry(entry=b"", signatures=[]), boxes=[IDS.secret(9)]
        ),
        api.RosterAppend: api.RosterAppend(size=1, head=team.agency.head, entries=[], boxes=[]),
        api.Push: api.Push(envelopes=[team.agency.seal(team.agency.founder)]),
        api.BoxesPost: api.BoxesPost(boxes=[b"box"]),
        api.LetterPost: api.LetterPost(sealed=b"letter"),
    }
    assert route.takes is not None
    return api.encode(samples[route.takes])


@shows(pairs(WITH_SESSION, 401))
@each(WITH_SESSION)
def test_a_token_that_opens_nothing_is_refused(team: Team, route: Route) -> None:
    for token in ("Bearer nonsense", "Bearer ", "Basic abc", "Bearer " + "0" * 5000):
        reply = team.boss.ask(route.name, headers={"Authorization": token}, **parts(route, team))
        refusal(reply, route=route, code="auth.session")
    if route.session == NEEDED:
        team.boss.token = ""
        team.boss.refused("auth.missing", route.name, **parts(route, team))


@shows([pair for pair in pairs(WITH_SESSION, 403) if not pair[0].startswith("mailbox")])
@each([route for route in WITH_SESSION if not route.name.startswith("mailbox")])
def test_a_device_that_was_revoked_is_refused_everywhere(team: Team, route: Route) -> None:
    ann = team.join()
    team.append(r.DeviceRevoke(device=ann.device.id, cutoffs=[]))
    message = _sample(route, team) if route.takes else None
    ann.refused("auth.revoked", route.name, message, **parts(route, team))


@shows(pairs(ROUTES, 429))
@each(ROUTES)
def test_who_asks_too_much_is_told_to_wait(tight: Server, route: Route) -> None:
    laptop = Laptop(tight).from_address(f"127.0.1.{ROUTES.index(route) + 1}")
    replies = [laptop.ask(route.name, **parts(route)) for _ in range(12)]
    assert replies[0].status_code != 429
    refusal(replies[-1], route=route, code="rate.exceeded")
    other = Laptop(tight).from_address(f"127.0.2.{ROUTES.index(route) + 1}")
    assert other.ask(route.name, **parts(route)).status_code != 429


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server that gives little."""
    settings = {"address_burst": "5", "address_per_second": "1", "body_seconds": "1"}
    server = Server(data=tmp_path_factory.mktemp("tight"), settings=settings).init().start()
    yield server
    server.stop()


@shows(pairs(TAKING, 408))
def test_a_message_that_stops_coming_is_given_up(fresh: Fresh) -> None:
    team = fresh(body_seconds="1").founded()
    waiting = []
    for route in TAKING:
        path = team.boss.url(route.name, **parts(route, team)).partition(team.server.host)[2]
        connection = socket.create_connection(("127.0.0.1", team.server.port), timeout=30)
        connection.sendall(
            f"{route.method} {path} HTTP/1.1\r\nHost: {team.server.host}\r\n"
            f"Authorization: Bearer {team.boss.token}\r\nContent-Type: {api.MEDIA_TYPE}\r\n"
            "Content-Length: 100\r\n\r\nhalf".encode()
        )
        waiting.append((route, connection))
    for route, connection in waiting:
        with connection:
            answer = answer_on(connection)
        assert answer.startswith(b"408"), (route.name, answer)
        assert b'"code":"request.slow"' in answer
        SEEN.add((route.name, 408))


def test_a_message_cut_short_leaves_no_trace(team: Team) -> None:
    body = api.encode(api.Push(envelopes=[team.agency.seal(team.agency.founder)]))
    path = team.boss.url("log.push", stream=team.agency.stream.hex()).partition(team.server.host)[2]
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {team.server.host}\r\nAuthorization: Bearer {team.boss.token}\r\n"
        f"Content-Type: {api.MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    for cut in (0, 1, len(body) // 2, len(body) - 1):
        with socket.create_connection(("127.0.0.1", team.server.port), timeout=30) as connection:
            connection.sendall(head + body[:cut])
    assert team.boss.log().size == 0


def test_a_chunked_message_is_as_good_as_any(team: Team) -> None:
    body = api.encode(api.Push(envelopes=[team.agency.seal(team.agency.founder)]))
    pieces = (body[n : n + 100] for n in range(0, len(body), 100))
    reply = team.boss.ask(
        "log.push", data=pieces, headers={"Content-Type": api.MEDIA_TYPE}, stream=team.agency.stream.hex()
    )
    assert api.decode(reply.content, api.PushResults).results[0].status == "stored"


def test_nothing_is_at_other_addresses_and_methods(server: Server) -> None:
    where = f"http://{server.host}"
    refusal(requests.get(f"{where}/v1/nothing", timeout=30), route=None, code="route.unknown")
    refusal(requests.get(f"{where}/", timeout=30), route=None, code="route.unknown")
    refusal(requests.get(f"{where}/v1/found", timeout=30), route=None, code="route.method")
    refusal(requests.delete(f"{where}/v1/roster", timeout=30), route=None, code="route.method")
    assert raw(server, b"\x16\x03\x01 nonsense\r\n\r\n").startswith(b"400")


def test_one_device_is_slowed_down_and_its_colleague_is_not(fresh: Fresh) -> None:
    team = fresh(device_burst="20", device_per_second="1").founded()
    ann = team.join()
    replies = [ann.ask("roster.read") for _ in range(40)]
    assert replies[0].status_code == 200
    refusal(replies[-1], route=None, code="rate.exceeded")
    assert team.boss.ask("roster.read").status_code == 200


def test_without_a_session_an_address_is_slowed_down_sooner(fresh: Fresh) -> None:
    team = fresh(door_burst="20", door_per_second="1").founded()
    laptop = Laptop(team.server)
    replies = [laptop.ask("meta") for _ in range(40)]
    refusal(replies[-1], route=None, code="rate.exceeded")
    assert team.boss.ask("roster.read").status_code == 200


def test_a_trusted_proxy_tells_who_asks_and_no_one_else_does(fresh: Fresh) -> None:
    server = fresh(address_burst="3", address_per_second="1", trusted_proxies="127.0.0.1")
    proxied = Laptop(server)
    statuses = [proxied.ask("meta", headers={"X-Forwarded-For": f"9.9.9.9, 10.0.0.{n}"}).status_code for n in range(8)]
    assert statuses == [200] * 8
    lying = Laptop(server).from_address("127.0.0.9")
    told = [lying.ask("meta", headers={"X-Forwarded-For": f"10.1.0.{n}"}).status_code for n in range(8)]
    assert told[-1] == 429


@shows(("found", 507), ("log.push", 507), ("boxes.post", 507), ("roster.append", 507))
def test_an_agency_without_room_is_told_so_and_nothing_of_that_push_is_kept(fresh: Fresh) -> None:
    server = fresh(agency_bytes="4000")
    agency = server.unfounded()
    founding = agency.founding()
    box = agency.box(scope_kind="S", scope=agency.stream, recipient=agency.founder.member)
    many = msgspec.structs.replace(founding, boxes=[*founding.boxes, box, _box(agency), _box(agency)])
    Laptop(server).refused("quota.full", "found", many)
    team = server.founded()
    pushed = [team.agency.seal(team.agency.founder, size=1000) for _ in range(3)]
    message = api.Push(envelopes=pushed)
    team.boss.refused("quota.full", "log.push", message, stream=team.agency.stream.hex())
    assert team.boss.log().size == 0
    assert team.boss.push(pushed[0])[0].status == "stored"
    boxes = [_box(team.agency), _box(team.agency)]
    team.boss.refused("quota.full", "boxes.post", api.BoxesPost(boxes=boxes))
    team.boss.refused("quota.full", "roster.append", team.agency.growing(r.Heartbeat(places=[]), boxes=boxes))


def _box(agency: Any) -> bytes:
    made: bytes = agency.box(scope_kind="S", scope=agency.stream, recipient=agency.founder.member)
    return made


def test_the_late_shelf_has_a_quota_of_its_own(fresh: Fresh) -> None:
    team = fresh(shelf_bytes="1000").founded()
    ann = team.join()
    late = [team.agency.seal(ann.device) for _ in range(2)]
    team.append(r.DeviceRevoke(device=ann.device.id, cutoffs=[]))
    assert team.boss.push(late[0])[0].status == "shelved"
    push = api.Push(envelopes=[late[1], team.agency.seal(team.agency.founder)])
    team.boss.refused("quota.full", "log.push", push, stream=team.agency.stream.hex())
    assert team.boss.log().size == 0


def test_a_message_of_very_many_small_parts_is_too_large(team: Team) -> None:
    push = api.Push(envelopes=[b""] * 8193)
    team.boss.refused("request.too_large", "log.push", push, stream=team.agency.stream.hex())
    team.boss.refused("request.too_large", "boxes.post", api.BoxesPost(boxes=[b""] * 513))
    assert {result.status for result in team.boss.push(*[b""] * 8192)} == {"malformed"}
