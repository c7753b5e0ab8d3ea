"""A session is for a device in good standing that signed its nonce for this very server, once."""

from typing import Any

import msgspec
import pytest

from advocate_app.wire import api
from advocate_app.wire import roster as r
from tests.server.conftest import Fresh
from tests.server.people import IDS, new_device
from tests.server.serving import Laptop, Server, Team, refusal
from tests.server.showing import shows


@shows(("auth.challenge", 200), ("auth.session", 200), ("meta", 200))
def test_a_device_proves_itself_and_gets_a_quarter_of_an_hour(team: Team) -> None:
    meta = team.boss.ok("meta", None, api.Meta)
    assert (meta.api, meta.suites) == (1, [1])
    session = team.boss.ok("auth.session", team.boss.proof(), api.Session)
    assert session.expires_in == 900
    assert session.token != team.boss.token


def test_a_stranger_gets_a_nonce_like_anyone(server: Server) -> None:
    asked = api.Challenge(agency=IDS.next(), device=IDS.secret(16))
    assert len(Laptop(server).ok("auth.challenge", asked, api.Nonce).nonce) == 32
    Laptop(server).refused("request.unreadable", "auth.challenge", api.Challenge(agency=b"", device=IDS.secret(16)))


@shows(("auth.session", 401))
def test_a_nonce_is_good_once(team: Team) -> None:
    proof = team.boss.proof()
    team.boss.ok("auth.session", proof, api.Session)
    team.boss.refused("auth.refused", "auth.session", proof)


@pytest.mark.parametrize("wrong", ["signature", "device", "agency", "nonce", "short signature"])
def test_a_wrong_proof_is_refused_without_saying_what_is_wrong(team: Team, wrong: str) -> None:
    proof = team.boss.proof()
    changes: dict[str, dict[str, Any]] = {
        "signature": {"signature": bytes(64)},
        "device": {"device": new_device().id},
        "agency": {"agency": IDS.next()},
        "nonce": {"nonce": IDS.secret(32)},
        "short signature": {"signature": proof.signature[:-1]},
    }
    assert team.boss.refused("auth.refused", "auth.session", msgspec.structs.replace(proof, **changes[wrong])) == ""
    unknown = Laptop(team.server, agency=team.agency, device=new_device())
    assert unknown.refused("auth.refused", "auth.session", unknown.proof()) == ""


@shows(("auth.session", 421))
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", ""])
def test_a_proof_for_another_server_is_refused(team: Team, host: str) -> None:
    nonce = team.boss.proof().nonce
    proof = msgspec.structs.replace(team.boss.proof(nonce=nonce), host=host)
    team.boss.refused("auth.host", "auth.session", proof)


def test_a_relay_cannot_make_the_server_believe_in_its_name(team: Team) -> None:
    proof = team.boss.proof(host="evil.example")
    reply = team.boss.ask("auth.session", proof, headers={"Host": "evil.example"})
    refusal(reply, route=None, code="auth.host")


def test_a_configured_name_is_believed(fresh: Fresh) -> None:
    server = fresh(host_names="sync.example.org,sync.example.org:8443")
    team = server.founded()
    assert team.boss.ask("auth.session", team.boss.proof(host="sync.example.org")).status_code == 200


@shows(("auth.session", 403))
def test_a_revoked_device_is_told_so_if_it_holds_its_key_and_its_session_ends(team: Team) -> None:
    ann = team.join()
    team.append(r.DeviceRevoke(device=ann.device.id, cutoffs=[]))
    ann.refused("auth.revoked", "roster.read")
    ann.refused("auth.revoked", "auth.session", ann.proof())
    forged = msgspec.structs.replace(ann.proof(), signature=bytes(64))
    ann.refused("auth.refused", "auth.session", forged)


def test_a_removed_members_device_is_told_so(team: Team) -> None:
    ann = team.join()
    team.append(r.MemberRemove(member=ann.device.member, cutoffs=[]))
    ann.refused("auth.revoked", "boxes.read")


def test_a_session_that_has_ended_asks_for_another(fresh: Fresh) -> None:
    server = fresh(session_seconds="0")
    team = server.founded()
    team.boss.refused("auth.session", "roster.read")


def test_a_nonce_that_is_too_old_opens_nothing(fresh: Fresh) -> None:
    server = fresh(nonce_seconds="0")
    agency = server.unfounded()
    laptop = Laptop(server, agency=agency, device=agency.founder)
    laptop.ok("found", agency.founding(), api.RosterPlace)
    laptop.refused("auth.refused", "auth.session", laptop.proof())


def test_a_device_of_an_agency_that_is_not_founded_opens_nothing(server: Server) -> None:
    agency = server.unfounded()
    laptop = Laptop(server, agency=agency, device=agency.founder)
    laptop.refused("auth.refused", "auth.session", laptop.proof())
