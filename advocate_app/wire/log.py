"""The stream log's running head, and the receipts the server signs over it."""

import hashlib
from dataclasses import dataclass
from typing import Final

NO_HEAD: Final = bytes(32)


def first_head(*, agency: bytes, stream: bytes) -> bytes:
    """head_0 = SHA-256("ADV1/head0\\0" || agency || stream)."""
    return hashlib.sha256(b"ADV1/head0\0" + agency + stream).digest()


def next_head(*, before: bytes, index: int, leaf: bytes, received_at: int, roster_size: int) -> bytes:
    """head_n over the head before, index (u64), leaf, time of receipt (u64, ms) and roster size (u32)."""
    return hashlib.sha256(
        b"ADV1/head\0"
        + before
        + index.to_bytes(8, "big")
        + leaf
        + received_at.to_bytes(8, "big")
        + roster_size.to_bytes(4, "big")
    ).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The server's word that one envelope stands in one place of one log."""

    agency: bytes
    stream: bytes
    life: int
    index: int
    leaf: bytes
    head: bytes
    received_at: int
    roster_size: int

    def signed(self) -> bytes:
        """What the log key signs, after its domain prefix."""
        return (
            self.agency
            + self.stream
            + self.life.to_bytes(4, "big")
            + self.index.to_bytes(8, "big")
            + self.leaf
            + self.head
            + self.received_at.to_bytes(8, "big")
            + self.roster_size.to_bytes(4, "big")
        )
