"""What is handed over when a server takes in an agency, and when an agency takes in a member."""

import base64
import hashlib
from typing import Final, TypeVar

import msgspec

from advocate_app.wire.errors import WireBroken
from advocate_app.wire.numbers import Count32, Count63
from advocate_app.wire.roster import DeviceKeys

_TOKEN_PREFIX: Final = "adv1found-"  # noqa: S105  a label, not a secret


class FoundingToken(msgspec.Struct, frozen=True, kw_only=True):
    """What `advocate-server agency` prints: agency id (16), one-time secret (16), the log's public key (32)."""

    agency: bytes
    secret: bytes
    log_public: bytes

    def text(self) -> str:
        """The token as it is handed over, with a check sum."""
        raw = self.agency + self.secret + self.log_public
        check = hashlib.sha256(b"ADV1/founding-token\0" + raw).digest()[:4]
        return _TOKEN_PREFIX + base64.b32encode(raw + check).decode("ascii").rstrip("=").lower()


def read_founding_token(text: str) -> FoundingToken:
    """The token in a text. Raises `WireBroken` when it was mistyped or cut."""
    body = text.strip().lower()
    if not body.startswith(_TOKEN_PREFIX):
        raise WireBroken("founding token: it does not begin as one")
    letters = body.removeprefix(_TOKEN_PREFIX).upper()
    try:
        raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError as error:
        raise WireBroken("founding token: mistyped") from error
    if len(raw) != 68 or hashlib.sha256(b"ADV1/founding-token\0" + raw[:64]).digest()[:4] != raw[64:]:
        raise WireBroken("founding token: mistyped or cut")
    return FoundingToken(agency=raw[:16], secret=raw[16:32], log_public=raw[32:64])


class StreamPlace(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A place in a stream that the inviting device has verified."""

    stream: bytes
    life: Count32
    index: Count63
    head: bytes


class Welcome(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Step 1, by the authority: sealed under the invitation's key, waits in the mailbox."""

    agency: bytes
    fingerprint: bytes
    roster_size: Count32
    roster_head: bytes
    places: list[StreamPlace]
    role: str
    inviter: bytes
    inviter_device: bytes
    inviter_keys: DeviceKeys
    member: bytes
    expires_at: Count63


class Application(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Step 2, by the newcomer: name, the new device's and member's public keys."""

    name: str
    device: DeviceKeys
    member_public: bytes
    member_key_id: bytes
    signature: bytes
    """By the new device, domain "ADV1/invite\\0", over the invitation's id and the keys: it holds what it names."""


class Answer(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Step 3, by the authority: approved at this roster size, or turned away with a reason."""

    approved: bool
    roster_size: Count32
    reason: str


Letter = Welcome | Application | Answer
_K = TypeVar("_K")


def encode_letter(letter: Letter) -> bytes:
    """The letter's bytes, before sealing."""
    return msgspec.msgpack.encode(letter)


def decode_welcome(data: bytes) -> Welcome:
    """The welcome in `data`. Raises `WireBroken`."""
    return _decode(data, Welcome)


def decode_application(data: bytes) -> Application:
    """The application in `data`. Raises `WireBroken`."""
    return _decode(data, Application)


def decode_answer(data: bytes) -> Answer:
    """The answer in `data`. Raises `WireBroken`."""
    return _decode(data, Answer)


def _decode(data: bytes, kind: type[_K]) -> _K:
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except (msgspec.MsgspecError, ValueError) as error:
        raise WireBroken("letter: not readable", expected=kind.__name__) from error
