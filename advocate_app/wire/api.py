"""The messages of the server's HTTP surface (`/v1`): msgpack maps, strictly decoded."""

from typing import Final, TypeVar

import msgspec

from advocate_app.wire.errors import WireBroken
from advocate_app.wire.numbers import Count32, Count63

MEDIA_TYPE: Final = "application/msgpack"
PROBLEM_TYPE: Final = "application/problem+json"
API_VERSION: Final = 1
MAX_BATCH_BYTES: Final = 4 * 1024 * 1024
MAX_PAGE_BYTES: Final = 8 * 1024 * 1024
MAX_BOXES: Final = 512
MAX_MAILBOX: Final = 32 * 1024

T = TypeVar("T")


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A message: a msgpack map by field name."""


class Meta(_Message, frozen=True):
    """What a server says of itself to anyone. `time` is ms since 1970 UTC by the server's clock."""

    program: str
    version: str
    api: int
    suites: list[int]
    time: Count63


class Challenge(_Message, frozen=True):
    """Ask for a nonce to sign. `device` is 16 bytes."""

    agency: bytes
    device: bytes


class Nonce(_Message, frozen=True):
    """32 bytes that can be signed once, for a minute."""

    nonce: bytes
    time: Count63


class Proof(_Message, frozen=True):
    """The signature over "ADV1/auth\\0" || agency || nonce || device || host (UTF-8)."""

    agency: bytes
    device: bytes
    nonce: bytes
    host: str
    signature: bytes


class Session(_Message, frozen=True):
    """A token for the header `Authorization: Bearer`. `expires_in` is in seconds."""

    token: str
    expires_in: Count32
    time: Count63


class SignedEntry(_Message, frozen=True):
    """One roster entry: its bytes, and signatures as (device id, 64 bytes)."""

    entry: bytes
    signatures: list[tuple[bytes, bytes]]


class Found(_Message, frozen=True):
    """Found an agency: the one-time token's secret, the genesis entry, and the first key boxes."""

    agency: bytes
    secret: bytes
    genesis: SignedEntry
    boxes: list[bytes]


class RosterAppend(_Message, frozen=True):
    """Append entries if the roster still stands at (size, head); the boxes come with them or not at all."""

    size: Count63
    head: bytes
    entries: list[SignedEntry]
    boxes: list[bytes]


class RosterPlace(_Message, frozen=True):
    """How far the roster stands. `head` is the hash of its last entry."""

    size: Count63
    head: bytes


class RosterPage(_Message, frozen=True):
    """Entries from an index on, and how far the roster stands."""

    size: Count63
    head: bytes
    entries: list[SignedEntry]


class LogItem(_Message, frozen=True):
    """One place of a stream's log. An expunged body leaves `envelope` empty; `gone` = header, hash, signature."""

    index: Count63
    received_at: Count63
    roster_size: Count32
    envelope: bytes
    gone: bytes = b""


class LogPage(_Message, frozen=True):
    """A page of a stream's log, with the receipt's signature over its last item (empty for an empty page)."""

    life: Count32
    size: Count63
    head: bytes
    items: list[LogItem]
    receipt: bytes


class Push(_Message, frozen=True):
    """Envelopes to append, each device's in its order."""

    envelopes: list[bytes]


class PushResult(_Message, frozen=True):
    """What became of one envelope.

    `status` is stored, stale or duplicate (these carry the place and the receipt's signature), or gap, equivocation,
    not_permitted, shelved, too_large or malformed (these carry a `reason` in words).
    """

    status: str
    reason: str = ""
    life: Count32 = 0
    index: Count63 = 0
    leaf: bytes = b""
    head: bytes = b""
    received_at: Count63 = 0
    roster_size: Count32 = 0
    receipt: bytes = b""


class PushResults(_Message, frozen=True):
    """One result for each envelope, in the order they were sent."""

    results: list[PushResult]


class DeviceHead(_Message, frozen=True):
    """The newest envelope of a device in a stream: its header, SHA-256(sealed) and signature."""

    device: bytes
    seq: Count63
    leaf: bytes
    header: bytes
    sealed_hash: bytes
    signature: bytes


class Heads(_Message, frozen=True):
    """How far a stream stands, with each device's newest envelope. What matters in it each device has signed itself."""

    life: Count32
    size: Count63
    head: bytes
    devices: list[DeviceHead]


class StoredBox(_Message, frozen=True):
    """A key box and its number on the server."""

    number: Count63
    box: bytes


class Boxes(_Message, frozen=True):
    """Key boxes for the asking device, its member, and the member's groups."""

    boxes: list[StoredBox]
    more: bool


class BoxesPost(_Message, frozen=True):
    """Further key boxes."""

    boxes: list[bytes]


class Letter(_Message, frozen=True):
    """What lies in one step of a mailbox. `expires_at` is ms since 1970 UTC by the server's clock."""

    sealed: bytes
    expires_at: Count63


class LetterPost(_Message, frozen=True):
    """Put a letter into a step of a mailbox. `lifetime` is in seconds, for step 1 only."""

    sealed: bytes
    lifetime: int = 0


class Done(_Message, frozen=True):
    """It is done."""

    time: Count63


_ENCODER: Final = msgspec.msgpack.Encoder()


def encode(message: msgspec.Struct) -> bytes:
    """A message's bytes."""
    return _ENCODER.encode(message)


def decode(data: bytes, kind: type[T]) -> T:
    """The message of this kind in `data`. Raises `WireBroken`."""
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except (msgspec.MsgspecError, ValueError) as error:
        raise WireBroken("message: not readable", expected=kind.__name__) from error


def auth_message(*, agency: bytes, nonce: bytes, device: bytes, host: str) -> bytes:
    """What a device signs to open a session."""
    return agency + nonce + device + host.encode("utf-8")
