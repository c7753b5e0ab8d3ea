"""A device proves itself by a signature over a nonce, and gets a short session."""

from functools import partial

from sqlalchemy import Connection

from advocate_app.crypto.signing import AUTH, SignatureBroken, verify
from advocate_app.wire.api import Challenge, Nonce, Proof, auth_message
from advocate_app.wire.api import Session as SessionMessage
from advocate_server.calls import Call
from advocate_server.office import Office
from advocate_server.problems import Problem
from advocate_server.settings import Settings
from advocate_server.store import agencies, audit

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


async def challenge(office: Office, call: Call) -> Nonce:
    """A nonce for whoever asks; it tells nothing about who is on a roster."""
    asked: Challenge = call.message
    if len(asked.agency) != 16 or len(asked.device) != 16:
        raise Problem("request.unreadable", "ids are 16 bytes")
    nonce = office.sessions.challenge(agency=asked.agency, device=asked.device)
    return Nonce(nonce=nonce, time=office.clock.now())


async def session(office: Office, call: Call) -> SessionMessage:
    """A session for a device in good standing that signed its nonce for this server."""
    proof: Proof = call.message
    if not office.sessions.spend(proof.nonce, agency=proof.agency, device=proof.device):
        raise Problem("auth.refused")
    if not is_this_server(proof.host, asked=call.host, settings=office.settings):
        raise Problem("auth.host")
    await office.read(partial(_check, office, proof))
    await office.write(partial(_note, office, proof))
    token = office.sessions.open(agency=proof.agency, device=proof.device)
    return SessionMessage(token=token, expires_in=office.sessions.seconds, time=office.clock.now())


def is_this_server(host: str, *, asked: str, settings: Settings) -> bool:
    """Whether `host` names this server; where none is configured, a loopback name that the request came to."""
    if host in settings.host_names:
        return True
    return host == asked and host_alone(host) in LOOPBACK_NAMES


def host_alone(host: str) -> str:
    """A host without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _check(office: Office, proof: Proof, tx: Connection) -> None:
    """Raises `Problem`: refused for strangers and bad proofs alike; ended only to who holds the device's key."""
    agency = tx.execute(agencies.FIND, {"agency": proof.agency}).one_or_none()
    if agency is None or agency.roster_size == 0:
        raise Problem("auth.refused")
    device = office.roster(tx, agency).devices.get(proof.device)
    if device is None:
        raise Problem("auth.refused")
    message = auth_message(agency=proof.agency, nonce=proof.nonce, device=proof.device, host=proof.host)
    try:
        verify(device.signing, domain=AUTH, message=message, signature=proof.signature)
    except SignatureBroken:
        raise Problem("auth.refused") from None
    if device.until is not None:
        raise Problem("auth.revoked")


def _note(office: Office, proof: Proof, tx: Connection) -> None:
    audit.note(tx, at=office.clock.now(), code="session.opened", agency=proof.agency, device=proof.device)
