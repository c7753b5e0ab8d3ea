"""Whatever answers instead of the server, or nothing at all: each is told apart, by real exchanges on loopback."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from advocate_app.base.clock import FixedClock
from advocate_app.base.errors import Fault
from advocate_app.crypto.signing import AUTH, verify
from advocate_app.sync.errors import (
    CaptivePortal,
    ClockWrong,
    Offline,
    ProgramTooOld,
    Refused,
    Revoked,
    ServerFull,
    ServerTrouble,
    UntrustedConnection,
)
from advocate_app.sync.identity import DeviceSecret, Identity
from advocate_app.sync.server_link import ServerLink
from advocate_app.wire import api
from tests.flows.portal import answering

NOW = 1_800_000_000_000
CLOCK = FixedClock(NOW)
META = api.Meta(program="advocate-server", version="1", api=api.API_VERSION, suites=[1], time=NOW)
PROBLEM = {"Content-Type": api.PROBLEM_TYPE}
MESSAGE = {"Content-Type": api.MEDIA_TYPE}


def _fault(address: str) -> Fault:
    link = ServerLink(server=address, clock=CLOCK)
    try:
        with pytest.raises(Fault) as raised:
            link.meta()
    finally:
        link.close()
    return raised.value


def _fault_of(status: int, *, headers: Mapping[str, str], body: bytes) -> Fault:
    with answering(status, headers=headers, body=body) as address:
        return _fault(address)


def _meta(**changed: int) -> bytes:
    return api.encode(msgspec.structs.replace(META, **changed))


def test_a_server_that_answers_well_is_believed() -> None:
    with answering(200, headers={"Content-Type": api.MEDIA_TYPE + "; charset=binary"}, body=_meta()) as address:
        link = ServerLink(server=address, clock=CLOCK)
        assert link.meta() == META
        assert link.bytes_received == len(_meta())
        link.close()


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind"),
    [
        (200, {"Content-Type": "text/html"}, b"<html>Sign in</html>", CaptivePortal),
        (200, {"Content-Type": "application/json"}, b"{}", CaptivePortal),
        (200, {}, _meta(), CaptivePortal),
        (302, {"Location": "http://127.0.0.1:1/login"}, b"", CaptivePortal),
        (307, {"Location": "http://127.0.0.1:1/login", "Content-Type": "text/html"}, b"", CaptivePortal),
        (511, {"Content-Type": "text/html"}, b"<html>", CaptivePortal),
        (403, {"Content-Type": "text/html"}, b"<html>", CaptivePortal),
        (403, PROBLEM, b"not json", CaptivePortal),
        (403, PROBLEM, b'["a list"]', CaptivePortal),
        (403, PROBLEM, b"[" * 200_000, CaptivePortal),
        (407, {"Proxy-Authenticate": "Basic"}, b"", Offline),
        (502, {"Content-Type": "text/html"}, b"<html>Bad gateway", ServerTrouble),
        (503, PROBLEM, b'{"code":"server.busy"}', ServerTrouble),
        (429, PROBLEM, b'{"code":"limits.rate"}', ServerTrouble),
        (500, PROBLEM, b'{"code":"server.trouble"}', ServerTrouble),
        (507, PROBLEM, b'{"code":"server.full"}', ServerFull),
        (401, PROBLEM, b'{"code":"auth.revoked"}', Revoked),
        (422, PROBLEM, b'{"code":"roster.refused"}', Refused),
        (200, MESSAGE, b"\xc1garbage", ServerTrouble),
        (200, MESSAGE, b"", ServerTrouble),
        (200, MESSAGE, _meta(api=2), ProgramTooOld),
        (200, MESSAGE, _meta(time=NOW + 301_000), ClockWrong),
        (200, MESSAGE, _meta(time=NOW - 301_000), ClockWrong),
        (200, {**MESSAGE, "Content-Encoding": "gzip"}, b"not gzip", Offline),
    ],
)
def test_each_answer_is_told_apart(status: int, headers: dict[str, str], body: bytes, kind: type[Fault]) -> None:
    assert type(_fault_of(status, headers=headers, body=body)) is kind


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("0", 0),
        (format_datetime(dt.datetime.fromtimestamp(NOW / 1000 + 75, tz=dt.UTC), usegmt=True), 75),
        (format_datetime(dt.datetime.fromtimestamp(NOW / 1000 - 75, tz=dt.UTC), usegmt=True), 0),
        ("soon", None),
        ("-5", None),
        ("\u00b2", None),
        ("9" * 5_000, None),
        ("Mon, 99 Foo 2026 99:99:99 GMT", None),
    ],
)
def test_patience_is_asked_for_in_seconds_or_by_date(text: str, seconds: int | None) -> None:
    fault = _fault_of(503, headers={**PROBLEM, "Retry-After": text}, body=b'{"code":"server.busy"}')
    assert isinstance(fault, ServerTrouble)
    assert fault.retry_after == seconds


def test_nobody_there_and_an_end_in_the_middle_are_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert type(_fault(f"http://127.0.0.1:{port}")) is Offline
    for said in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", b"\0\1\2\n"):
        with _saying(said) as address:
            assert type(_fault(address)) is Offline, said


@contextmanager
def _saying(said: bytes) -> Iterator[str]:
    """A listener that says these bytes to whoever comes, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            near, _ = listener.accept()
            with near:
                near.recv(65_536)
                near.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(timeout=10)


def test_a_certificate_that_does_not_stand_is_not_called_offline(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(tz=dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    both = tmp_path / "both.pem"
    both.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """The handshake fails, as it should."""

    server = Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        assert type(_fault(f"https://localhost:{server.server_port}")) is UntrustedConnection
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


@pytest.mark.parametrize("address", ["http://192.0.2.1", "http://example.org", "http://127.0.0.1.example.org:80"])
def test_plain_http_leaves_this_machine_never(address: str) -> None:
    with pytest.raises(UntrustedConnection):
        ServerLink(server=address, clock=CLOCK)


@pytest.mark.parametrize("address", ["ftp://127.0.0.1", "http://", "//"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(Offline):
        ServerLink(server=address, clock=CLOCK)


def test_a_fault_of_the_network_names_no_address() -> None:
    fault = _fault("http://127.0.0.1:1")
    assert "127.0.0.1" not in repr(fault) + str(fault) + repr(fault.__cause__)


def test_the_proof_is_bound_to_agency_device_nonce_and_host() -> None:
    me = Identity(agency=bytes(16), member=bytes(16), device=DeviceSecret.of(bytes(range(64))))
    message = api.auth_message(agency=me.agency, nonce=bytes(32), device=me.device.id, host="a.example")
    signature = me.device.signer.sign(domain=AUTH, message=message)
    verify(me.device.signer.public, domain=AUTH, message=message, signature=signature)
    for other in (
        api.auth_message(agency=bytes(15) + b"1", nonce=bytes(32), device=me.device.id, host="a.example"),
        api.auth_message(agency=me.agency, nonce=bytes(31) + b"1", device=me.device.id, host="a.example"),
        api.auth_message(agency=me.agency, nonce=bytes(32), device=me.device.id, host="b.example"),
    ):
        with pytest.raises(Fault):
            verify(me.device.signer.public, domain=AUTH, message=other, signature=signature)
