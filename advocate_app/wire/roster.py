"""Roster entries: the agency's signed, linear log of members, devices, groups, streams and keys."""

import hashlib
from typing import Final

import msgspec

from advocate_app.wire.errors import WireBroken
from advocate_app.wire.numbers import Count32, Count63

MAX_ENTRY: Final = 64 * 1024
NO_HASH: Final = bytes(32)


class _Body(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, kw_only=True):
    """A body of an entry: an array whose first item names the kind."""


class SealedName(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A name sealed under the group `agency`'s seed of this generation."""

    generation: Count32
    sealed: bytes


class DeviceKeys(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A device's public keys: Ed25519 (32 bytes) and X-Wing (1,216 bytes)."""

    signing: bytes
    kem: bytes


class MemberKeys(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A member as first rostered: id, sealed name, roles, public key and key_id of U[1]."""

    member: bytes
    name: SealedName
    roles: list[str]
    public: bytes
    key_id: bytes


class GroupKeys(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A group as first rostered: id, name, public key and key_id of G[1]."""

    group: bytes
    name: str
    public: bytes
    key_id: bytes


class Genesis(_Body, frozen=True, tag="genesis"):
    """The first entry: everything else hangs on it. The founder's device signs it."""

    min_suite: int
    founder: MemberKeys
    device: DeviceKeys
    groups: list[GroupKeys]
    stream: bytes
    stream_key_id: bytes
    recovery_public: bytes
    log_public: bytes
    paper_public: bytes
    policy: dict[str, int | str | bool]


class MemberAdd(_Body, frozen=True, tag="member_add"):
    """A new member with the first device. Implies the group `agency`."""

    member: MemberKeys
    device: DeviceKeys


class MemberRole(_Body, frozen=True, tag="member_role"):
    """A member's roles from here on."""

    member: bytes
    roles: list[str]


class MemberRemove(_Body, frozen=True, tag="member_remove"):
    """A member leaves. `cutoffs` = (stream, last index that still counts)."""

    member: bytes
    cutoffs: list[tuple[bytes, Count63]]


class DeviceAdd(_Body, frozen=True, tag="device_add"):
    """A further device of a member."""

    member: bytes
    device: DeviceKeys


class DeviceRevoke(_Body, frozen=True, tag="device_revoke"):
    """A device is lost or retired. `cutoffs` = (stream, last index that still counts)."""

    device: bytes
    cutoffs: list[tuple[bytes, Count63]]


class GroupChange(_Body, frozen=True, tag="group_change"):
    """Who is in a group. A new group brings its keys."""

    group: bytes
    add: list[bytes]
    remove: list[bytes]
    keys: GroupKeys | None = None


class StreamCreate(_Body, frozen=True, tag="stream_create"):
    """A new stream with its first key. Subscribers are members or groups; `supervision` is one of them always."""

    stream: bytes
    name: SealedName
    key_id: bytes
    subscribers: list[bytes]


class Subscribe(_Body, frozen=True, tag="subscribe"):
    """A member or group reads and writes a stream from here on."""

    stream: bytes
    who: bytes


class Unsubscribe(_Body, frozen=True, tag="unsubscribe"):
    """A member or group no longer does."""

    stream: bytes
    who: bytes


class KeyAdvance(_Body, frozen=True, tag="key_advance"):
    """A new generation of a member's (U), group's (G) or stream's (S) key; `link` = the one before sealed under it."""

    scope_kind: str
    scope: bytes
    generation: Count32
    public: bytes
    key_id: bytes
    link: bytes


class LogKey(_Body, frozen=True, tag="log_key"):
    """The key that signs receipts from here on."""

    public: bytes


class RecoverySet(_Body, frozen=True, tag="recovery_set"):
    """The agency's recovery key from here on."""

    public: bytes


class RecoveryRequest(_Body, frozen=True, tag="recovery_request"):
    """A member asks to be recovered onto a new device, for all to see."""

    member: bytes
    device: DeviceKeys


class RecoveryApprove(_Body, frozen=True, tag="recovery_approve"):
    """The request that stands at `request` is approved."""

    request: Count32


class PolicySet(_Body, frozen=True, tag="policy_set"):
    """The agency's settings from here on."""

    policy: dict[str, int | str | bool]


class Heartbeat(_Body, frozen=True, tag="heartbeat"):
    """A device was here and saw these places: (stream, life, index, head)."""

    places: list[tuple[bytes, Count32, Count63, bytes]]


Body = (
    Genesis
    | MemberAdd
    | MemberRole
    | MemberRemove
    | DeviceAdd
    | DeviceRevoke
    | GroupChange
    | StreamCreate
    | Subscribe
    | Unsubscribe
    | KeyAdvance
    | LogKey
    | RecoverySet
    | RecoveryRequest
    | RecoveryApprove
    | PolicySet
    | Heartbeat
)


class Entry(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, kw_only=True):
    """One entry. `index` counts from 0; `previous` is the hash of the entry before; `at` is ms since 1970 UTC."""

    agency: bytes
    index: Count63
    previous: bytes
    at: Count63
    body: Body


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Entry)


def encode_entry(entry: Entry) -> bytes:
    """The bytes that are hashed and signed."""
    return _ENCODER.encode(entry)


def decode_entry(data: bytes) -> Entry:
    """The entry in `data`. Raises `WireBroken`; a kind of a newer version is one such case."""
    if len(data) > MAX_ENTRY:
        raise WireBroken("roster entry: too large", length=len(data))
    try:
        return _DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError) as error:
        raise WireBroken("roster entry: not readable, or of a newer version") from error


def entry_hash(data: bytes) -> bytes:
    """SHA-256 of an entry's bytes; of the genesis it is the agency fingerprint."""
    return hashlib.sha256(data).digest()


def device_id_of(signing_public: bytes) -> bytes:
    """SHA-256("ADV1/device\\0" || Ed25519 public key)[:16]."""
    return hashlib.sha256(b"ADV1/device\0" + signing_public).digest()[:16]


def group_id(*, agency: bytes, name: str) -> bytes:
    """SHA-256("ADV1/group\\0" || agency || name)[:16]."""
    return hashlib.sha256(b"ADV1/group\0" + agency + name.encode("utf-8")).digest()[:16]


def agency_stream_id(agency: bytes) -> bytes:
    """The id of the stream that every member reads: SHA-256("ADV1/stream\\0" || agency || "agency")[:16]."""
    return hashlib.sha256(b"ADV1/stream\0" + agency + b"agency").digest()[:16]
