"""Padding to Padmé sizes, so that a length tells little: u32 length, content, zeros."""

from typing import Final

from advocate_app.wire.errors import WireBroken

FLOOR: Final = 512
BLOB_FLOOR: Final = 16_384
_FRONT: Final = 4
_LONGEST: Final = 0xFFFF_FFFF


def padme(size: int) -> int:
    """The Padmé size that holds `size` bytes: at most 12 % more, in integer arithmetic (PURBs, Nikitin et al. 2019)."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    kept = exponent.bit_length()
    mask = (1 << (exponent - kept)) - 1 if exponent > kept else 0
    return (size + mask) & ~mask


def padded_size(size: int, *, floor: int = FLOOR) -> int:
    """The length of `pad(x)` for an x of `size` bytes."""
    return max(floor, padme(_FRONT + size))


def pad(content: bytes, *, floor: int = FLOOR) -> bytes:
    """u32 length (big-endian) || content || zeros, to Padmé of the sum and never below `floor`."""
    if len(content) > _LONGEST:
        raise ValueError("padding: content is longer than its length can say")
    front = len(content).to_bytes(_FRONT, "big") + content
    return front.ljust(padded_size(len(content), floor=floor), b"\0")


def unpad(padded: bytes, *, floor: int = FLOOR) -> bytes:
    """The content. Raises `WireBroken` unless length, size and every zero are as `pad` makes them."""
    if len(padded) < _FRONT:
        raise WireBroken("padding: cut short", length=len(padded))
    size = int.from_bytes(padded[:_FRONT], "big")
    if len(padded) != padded_size(size, floor=floor):
        raise WireBroken("padding: not the size it should be", length=len(padded))
    end = _FRONT + size
    if padded.count(0, end) != len(padded) - end:
        raise WireBroken("padding: not all zeros")
    return padded[_FRONT:end]
