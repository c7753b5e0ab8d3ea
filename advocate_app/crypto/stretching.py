"""Argon2id: how much work a passphrase costs to guess, and never less than the floor."""

import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from advocate_app.base.private import Private
from advocate_app.crypto.errors import KdfRefused

SALT_SIZE: Final = 16
_MIB: Final = 1024
_MOST_MEMORY: Final = 2048 * _MIB
_MOST_LANES: Final = 16
_MOST_WORK: Final = 16_384 * _MIB


@dataclass(frozen=True, slots=True)
class KdfCost:
    """Argon2id parameters (RFC 9106): memory in KiB, passes over it, lanes."""

    memory_kib: int
    passes: int
    lanes: int

    def check(self) -> None:
        """Raise `KdfRefused` below the floor, or above what a laptop should ever be asked for."""
        if self.memory_kib < FLOOR.memory_kib or self.passes < FLOOR.passes or self.lanes < FLOOR.lanes:
            raise KdfRefused(
                "argon2: below the floor", memory_kib=self.memory_kib, passes=self.passes, lanes=self.lanes
            )
        work = self.memory_kib * self.passes
        if self.memory_kib > _MOST_MEMORY or self.lanes > _MOST_LANES or work > _MOST_WORK:
            raise KdfRefused(
                "argon2: above the ceiling", memory_kib=self.memory_kib, passes=self.passes, lanes=self.lanes
            )

    def at_least(self, other: "KdfCost") -> "KdfCost":
        """The larger of each parameter: a cost is never lowered."""
        return KdfCost(
            memory_kib=max(self.memory_kib, other.memory_kib),
            passes=max(self.passes, other.passes),
            lanes=max(self.lanes, other.lanes),
        )


FLOOR: Final = KdfCost(memory_kib=65_536, passes=3, lanes=4)
DEFAULT: Final = KdfCost(memory_kib=262_144, passes=3, lanes=4)


def normal(passphrase: str) -> bytes:
    """UTF-8 of the passphrase as compared: any space as U+0020, then NFC; case and ends stay (RFC 8265 §4.2)."""
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in passphrase)
    return unicodedata.normalize("NFC", spaced).encode("utf-8", "surrogatepass")


def stretch(passphrase: Private[str], *, salt: bytes, cost: KdfCost) -> bytes:
    """32 bytes that cost `cost` to guess the passphrase from. Raises `KdfRefused`."""
    cost.check()
    argon = Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    return argon.derive(normal(passphrase.reveal()))


def seconds_for(cost: KdfCost) -> float:
    """How long one guess takes on this laptop, in seconds."""
    started = time.perf_counter()
    stretch(Private(""), salt=bytes(SALT_SIZE), cost=cost)
    return time.perf_counter() - started


def calibrate(*, seconds: float = 1.0, measure: Callable[[KdfCost], float] = seconds_for) -> KdfCost:
    """The cost that takes about `seconds` here: more passes on a fast laptop, less memory on a slow one."""
    ratio = seconds / max(measure(DEFAULT), 1e-6)
    if ratio >= 1:
        most = _MOST_WORK // DEFAULT.memory_kib
        return KdfCost(DEFAULT.memory_kib, min(round(DEFAULT.passes * ratio), most), DEFAULT.lanes)
    memory = round(DEFAULT.memory_kib * ratio / _MIB) * _MIB
    return KdfCost(max(FLOOR.memory_kib, memory), DEFAULT.passes, DEFAULT.lanes)
