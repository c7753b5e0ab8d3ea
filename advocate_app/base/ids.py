"""Ids and randomness, as arguments: UUIDv7 (RFC 9562), which sort by the time they were made."""

import os
import random
from typing import Protocol
from uuid import UUID

from advocate_app.base.clock import Clock

ID_SIZE = 16


class Ids(Protocol):
    """Makes new ids and secrets."""

    def next(self) -> bytes:
        """A new UUIDv7, 16 bytes, greater than the one before."""
        ...

    def secret(self, size: int) -> bytes:
        """`size` random bytes."""
        ...


def uuid7(*, ms: int, tail: bytes) -> bytes:
    """UUIDv7 of a time in ms and 10 further bytes, of which 74 bits are used."""
    number = (ms & (1 << 48) - 1) << 80 | int.from_bytes(tail[:10], "big")
    number = number & ~(0xF << 76) | 7 << 76
    return (number & ~(0x3 << 62) | 2 << 62).to_bytes(ID_SIZE, "big")


class _Monotone:
    """UUIDv7s that never go back, whatever the clock does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> bytes:
        """A new UUIDv7, 16 bytes, greater than the one before."""
        made = uuid7(ms=self._clock.now(), tail=self.secret(10))
        if int.from_bytes(made, "big") <= self._last:
            last_ms = self._last >> 80
            made = uuid7(ms=last_ms + 1, tail=self.secret(10))
        self._last = int.from_bytes(made, "big")
        return made

    def secret(self, size: int) -> bytes:
        """`size` random bytes."""
        raise NotImplementedError


class SystemIds(_Monotone):
    """Ids from the system's randomness."""

    def secret(self, size: int) -> bytes:
        """`size` bytes fit for keys."""
        return os.urandom(size)


class SeededIds(_Monotone):
    """Repeatable ids for samples, benchmarks and tests; never for real keys."""

    def __init__(self, clock: Clock, *, seed: int) -> None:
        super().__init__(clock)
        self._random = random.Random(seed)  # noqa: S311  repeatable on purpose

    def secret(self, size: int) -> bytes:
        """`size` repeatable bytes."""
        return self._random.randbytes(size)


def id_text(value: bytes) -> str:
    """The id as people and JSON meet it: a UUID's text."""
    return str(UUID(bytes=value))


def id_bytes(text: str) -> bytes:
    """The id behind a UUID's text or 32 hex digits. Raises ValueError."""
    return UUID(text).bytes
