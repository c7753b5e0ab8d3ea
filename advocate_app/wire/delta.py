"""What an envelope holds once opened: parcels of events, or one compartment's keys."""

from typing import Final

import msgspec

from advocate_app.wire.errors import WireBroken
from advocate_app.wire.events import MAX_EVENTS
from advocate_app.wire.numbers import Count32, Count63


class Seen(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The author's last verified place in this stream. `index` may be 0; `head` is 32 bytes."""

    life: Count32
    index: Count63
    head: bytes


class Parcel(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """`count` events of one compartment, sealed under its key `key_id` (16 bytes)."""

    key_id: bytes
    count: Count32
    sealed: bytes


class Delta(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A day's work. Events are numbered from `first_no` through all parcels; `devices` are named by `over`."""

    roster_head: bytes
    seen: Seen
    first_no: Count63
    devices: list[bytes]
    parcels: list[Parcel]


class Keys(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Key boxes of one compartment, and links (older key_id, older key sealed under this one)."""

    roster_head: bytes
    seen: Seen
    compartment: bytes
    key_id: bytes
    boxes: list[bytes]
    links: list[tuple[bytes, bytes]]


LAST_NO: Final = 2**48
"""No device ever numbers so many events; whatever counts on from here still fits 63 bits."""

_ENCODER: Final = msgspec.msgpack.Encoder()
_DELTA: Final = msgspec.msgpack.Decoder(Delta)
_KEYS: Final = msgspec.msgpack.Decoder(Keys)


def encode_content(content: Delta | Keys) -> bytes:
    """msgpack of a delta or of keys."""
    return _ENCODER.encode(content)


def decode_delta(data: bytes) -> Delta:
    """The delta in `data`. Raises `WireBroken`."""
    try:
        delta = _DELTA.decode(data)
    except (msgspec.MsgspecError, ValueError) as error:
        raise WireBroken("delta: not readable") from error
    _check_seen(delta.roster_head, delta.seen)
    if not 1 <= delta.first_no <= LAST_NO or any(len(device) != 16 for device in delta.devices):
        raise WireBroken("delta: wrong numbers or ids")
    if any(len(parcel.key_id) != 16 or not 1 <= parcel.count <= MAX_EVENTS for parcel in delta.parcels):
        raise WireBroken("delta: a parcel is malformed")
    return delta


def decode_keys(data: bytes) -> Keys:
    """The keys in `data`. Raises `WireBroken`."""
    try:
        keys = _KEYS.decode(data)
    except (msgspec.MsgspecError, ValueError) as error:
        raise WireBroken("keys: not readable") from error
    _check_seen(keys.roster_head, keys.seen)
    if len(keys.compartment) != 16 or len(keys.key_id) != 16:
        raise WireBroken("keys: wrong ids")
    return keys


def _check_seen(roster_head: bytes, seen: Seen) -> None:
    if len(roster_head) != 32 or len(seen.head) != 32:
        raise WireBroken("content: malformed place in the log")


def delta_context(header: bytes) -> bytes:
    """What the seal of a delta is bound to: "ADV1/delta\\0" || header (104 bytes)."""
    return b"ADV1/delta\0" + header


def keys_context(header: bytes) -> bytes:
    """What the seal of a keys envelope is bound to: "ADV1/keys\\0" || header (104 bytes)."""
    return b"ADV1/keys\0" + header


def parcel_context(*, stream: bytes, device: bytes, seq: int, compartment: bytes, key_id: bytes) -> bytes:
    """What the seal of a parcel is bound to: its place, its author, its compartment and key (seq as u64)."""
    return b"ADV1/parcel\0" + stream + device + seq.to_bytes(8, "big") + compartment + key_id
