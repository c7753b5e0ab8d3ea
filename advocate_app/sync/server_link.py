"""The one HTTP session with the server; its answers typed, its failures told apart."""

import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from advocate_app.base.clock import Clock
from advocate_app.crypto.signing import AUTH
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
from advocate_app.sync.identity import Identity
from advocate_app.wire import api
from advocate_app.wire.errors import WireBroken

CLOCK_TOLERANCE_MS: Final = 5 * 60 * 1000

if TYPE_CHECKING:
    from advocate_app.sync.transport import Answer

T = TypeVar("T")


class ServerLink:
    """Speaks to one server, as one device or, before enrolment, as nobody."""

    def __init__(self, *, server: str, clock: Clock, identity: Identity | None = None) -> None:
        parts = urlsplit(server if "//" in server else f"https://{server}")
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise Offline("the server's address is not usable")
        if parts.scheme == "http" and (parts.hostname or "") not in ("127.0.0.1", "localhost", "::1"):
            raise UntrustedConnection("plain HTTP is spoken on loopback only")
        self._base = f"{parts.scheme}://{parts.netloc}/v1/"
        self._host = parts.netloc
        self._clock = clock
        self._identity = identity
        self._token: str | None = None
        # Imported only where the network is used: the HTTP library is a third of the cold start.
        from advocate_app.sync.transport import Transport  # see above

        self._transport = Transport()
        self.bytes_sent = 0
        self.bytes_received = 0

    def close(self) -> None:
        """End the session."""
        self._transport.close()

    def meta(self) -> api.Meta:
        """What the server says of itself. Raises `ProgramTooOld`, `ClockWrong`."""
        meta = self._call("GET", "meta", None, api.Meta, signed_in=False)
        if meta.api != api.API_VERSION:
            raise ProgramTooOld(api=meta.api)
        self._check_clock(meta.time)
        return meta

    def sign_in(self) -> None:
        """Open a session by this device's signature. Raises `Revoked`, `ClockWrong`."""
        who = self._identity
        if who is None:
            raise Refused("nobody to sign in as", problem="no_identity")
        device = who.device.id
        nonce = self._call(
            "POST", "auth/challenge", api.Challenge(agency=who.agency, device=device), api.Nonce, signed_in=False
        )
        self._check_clock(nonce.time)
        message = api.auth_message(agency=who.agency, nonce=nonce.nonce, device=device, host=self._host)
        proof = api.Proof(
            agency=who.agency,
            device=device,
            nonce=nonce.nonce,
            host=self._host,
            signature=who.device.signer.sign(domain=AUTH, message=message),
        )
        self._token = self._call("POST", "auth/session", proof, api.Session, signed_in=False).token

    def found(self, request: api.Found) -> api.RosterPlace:
        """Found an agency under a one-time token."""
        return self._call("POST", "found", request, api.RosterPlace, signed_in=False)

    def roster(self, *, since: int) -> api.RosterPage:
        """Roster entries from an index on."""
        return self._call("GET", f"roster?from={since}", None, api.RosterPage)

    def append_roster(self, request: api.RosterAppend) -> api.RosterPlace:
        """Append entries by compare-and-swap. Raises `Refused` with problem "roster.moved" when another was faster."""
        return self._call("POST", "roster", request, api.RosterPlace)

    def log(self, *, stream: bytes, since: int, max_bytes: int) -> api.LogPage:
        """A page of a stream's log from an index on."""
        path = f"streams/{stream.hex()}/log?from={since}&max_bytes={max_bytes}"
        return self._call("GET", path, None, api.LogPage)

    def heads(self, *, stream: bytes) -> api.Heads:
        """How far a stream and each device in it stand."""
        return self._call("GET", f"streams/{stream.hex()}/heads", None, api.Heads)

    def push(self, *, stream: bytes, envelopes: list[bytes]) -> list[api.PushResult]:
        """Append envelopes; one result each."""
        answer = self._call("POST", f"streams/{stream.hex()}/envelopes", api.Push(envelopes=envelopes), api.PushResults)
        if len(answer.results) != len(envelopes):
            raise ServerTrouble("the server answered for another number of envelopes")
        return answer.results

    def boxes(self, *, after: int) -> api.Boxes:
        """Key boxes for this device, its member and groups."""
        return self._call("GET", f"keyboxes?after={after}", None, api.Boxes)

    def post_boxes(self, boxes: list[bytes]) -> None:
        """Further key boxes."""
        for at in range(0, len(boxes), api.MAX_BOXES):
            self._call("POST", "keyboxes", api.BoxesPost(boxes=boxes[at : at + api.MAX_BOXES]), api.Done)

    def put_letter(self, *, mailbox: bytes, step: int, sealed: bytes, lifetime: int = 0) -> None:
        """Put a letter into a mailbox; steps 1 and 3 as an authority's device."""
        letter = api.LetterPost(sealed=sealed, lifetime=lifetime)
        self._call("PUT", f"mailbox/{mailbox.hex()}/{step}", letter, api.Done, signed_in=step != 2)

    def get_letter(self, *, mailbox: bytes, step: int) -> api.Letter | None:
        """The letter in a step, or None while there is none."""
        try:
            signed_in = self._identity is not None and step == 2
            return self._call("GET", f"mailbox/{mailbox.hex()}/{step}", None, api.Letter, signed_in=signed_in)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    def clear_letter(self, *, mailbox: bytes, step: int) -> None:
        """Empty a step, so that the newcomer may try again."""
        self._call("DELETE", f"mailbox/{mailbox.hex()}/{step}", None, api.Done)

    def _check_clock(self, server_ms: int) -> None:
        if abs(self._clock.now() - server_ms) > CLOCK_TOLERANCE_MS:
            raise ClockWrong(minutes=(self._clock.now() - server_ms) // 60_000)

    def _call(self, method: str, path: str, message: Any, kind: type[T], *, signed_in: bool = True) -> T:
        if signed_in and self._token is None:
            self.sign_in()
        answer = self._exchange(method, path, message, signed_in=signed_in)
        if answer.status == 401 and signed_in:
            self._token = None
            self.sign_in()
            answer = self._exchange(method, path, message, signed_in=True)
        if answer.status < 400 and answer.content == api.MEDIA_TYPE:
            try:
                return api.decode(answer.body, kind)
            except WireBroken as broken:
                raise ServerTrouble("the server's answer is not readable") from broken
        raise _problem(answer, retry_after=_seconds(answer.retry_after, now_ms=self._clock.now()))

    def _exchange(self, method: str, path: str, message: Any, *, signed_in: bool) -> "Answer":
        body = None if message is None else api.encode(message)
        headers = {"Accept": api.MEDIA_TYPE, "User-Agent": "sync/1"}
        if body is not None:
            headers["Content-Type"] = api.MEDIA_TYPE
        if signed_in and self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        answer = self._transport.send(method, self._base + path, body=body, headers=headers)
        self.bytes_sent += len(body or b"")
        self.bytes_received += len(answer.body)
        return answer


def _seconds(text: str | None, *, now_ms: int) -> int | None:
    """`Retry-After` in seconds, given as a number or a date."""
    if text is None:
        return None
    try:
        if text.isdigit():
            return int(text)
        return max(0, int(parsedate_to_datetime(text).timestamp()) - now_ms // 1000)
    except (ValueError, OverflowError):
        return None


def _problem(answer: "Answer", *, retry_after: int | None) -> Exception:
    """The fault that a status and problem document stand for."""
    status = answer.status
    if answer.content != api.PROBLEM_TYPE:
        if status in (502, 503, 504):
            return ServerTrouble("a server in between has trouble", retry_after=retry_after, status=status)
        if status == 407:
            return Offline("a proxy wants a sign-in", status=status)
        return CaptivePortal(status=status)
    try:
        code = str(json.loads(answer.body).get("code", ""))
    except (ValueError, AttributeError, RecursionError):
        return CaptivePortal(status=status)
    if status in (429, 500, 502, 503, 504):
        return ServerTrouble("the server asks for patience", retry_after=retry_after, status=status)
    if status == 507:
        return ServerFull(problem=code)
    if code == "auth.revoked":
        return Revoked(problem=code)
    return Refused("the server refused", problem=code, status=status)
