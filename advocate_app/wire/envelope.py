"""Envelopes: header, sealed content, signature, as the server stores them (suite 1)."""

import hashlib
import struct
from dataclasses import dataclass
from typing import Final

from advocate_app.wire.errors import WireBroken

MAGIC: Final = b"ADV1"
SUITE: Final = 1
DELTA: Final = 1
KEYS: Final = 3
HEADER_SIZE: Final = 104
SIGNATURE_SIZE: Final = 64
MAX_ENVELOPE: Final = 262_144
MAX_EVENT: Final = 65_536
NO_LEAF: Final = bytes(32)
_LAYOUT: Final = struct.Struct(">4sBBH16s16sQ32sII16s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The 104 clear bytes. `seq` counts from 1 per device and stream; ids are 16 bytes, `previous` 32."""

    kind: int
    stream: bytes
    device: bytes
    seq: int
    previous: bytes
    roster_size: int
    sealed_size: int
    key_id: bytes

    def pack(self) -> bytes:
        """The 104 bytes, integers big-endian unsigned."""
        return _LAYOUT.pack(
            MAGIC,
            SUITE,
            self.kind,
            0,
            self.stream,
            self.device,
            self.seq,
            self.previous,
            self.roster_size,
            self.sealed_size,
            self.key_id,
        )


@dataclass(frozen=True, slots=True)
class Envelope:
    """One envelope as it travels: its parsed header and the bytes it was made of."""

    header: Header
    header_bytes: bytes
    sealed: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """What the signature covers, after its domain prefix: header and SHA-256(sealed)."""
        return self.header_bytes + hashlib.sha256(self.sealed).digest()

    @property
    def leaf(self) -> bytes:
        """SHA-256(header || SHA-256(sealed) || signature): the envelope's name."""
        return leaf_of(signed=self.signed, signature=self.signature)

    def bytes(self) -> bytes:
        """The whole envelope."""
        return self.header_bytes + self.sealed + self.signature


def leaf_of(*, signed: bytes, signature: bytes) -> bytes:
    """The name of an envelope, also when its body is gone. `signed` = header || SHA-256(sealed)."""
    return hashlib.sha256(signed + signature).digest()


def parse_header(data: bytes) -> Header:
    """The header at the start of `data`. Raises `WireBroken`."""
    if len(data) < HEADER_SIZE:
        raise WireBroken("envelope: cut short", length=len(data))
    magic, suite, kind, flags, stream, device, seq, previous, roster_size, sealed_size, key_id = _LAYOUT.unpack_from(
        data
    )
    if magic != MAGIC or suite != SUITE or flags:
        raise WireBroken("envelope: unknown magic, suite or flags", suite=suite, flags=flags)
    if seq < 1 or (seq == 1) != (previous == NO_LEAF):
        raise WireBroken("envelope: sequence and previous leaf do not fit", seq=seq)
    return Header(
        kind=kind,
        stream=stream,
        device=device,
        seq=seq,
        previous=previous,
        roster_size=roster_size,
        sealed_size=sealed_size,
        key_id=key_id,
    )


def parse_envelope(data: bytes) -> Envelope:
    """The envelope that `data` is, wholly. Raises `WireBroken`."""
    if len(data) > MAX_ENVELOPE + HEADER_SIZE + SIGNATURE_SIZE + 4096:
        raise WireBroken("envelope: too large", length=len(data))
    header = parse_header(data)
    if len(data) != HEADER_SIZE + header.sealed_size + SIGNATURE_SIZE:
        raise WireBroken("envelope: wrong length", length=len(data), sealed=header.sealed_size)
    return Envelope(
        header=header,
        header_bytes=data[:HEADER_SIZE],
        sealed=data[HEADER_SIZE:-SIGNATURE_SIZE],
        signature=data[-SIGNATURE_SIZE:],
    )
