"""Token buckets: how much each device, address and mailbox may ask in a short time."""

import math
from dataclasses import dataclass
from typing import Final

_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` asks for ever, and `burst` of them at once."""

    per_second: float
    burst: int


class Buckets:
    """One bucket for each key, full at first. The least used are forgotten beyond some 20,000."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._levels: dict[str | bytes, tuple[float, int]] = {}

    def take(self, key: str | bytes, *, now: int) -> int:
        """Take one at the time `now` in ms; 0, or the seconds to wait when there is none."""
        level, then = self._levels.pop(key, (float(self._rate.burst), now))
        level = min(float(self._rate.burst), level + max(0, now - then) / 1000 * self._rate.per_second)
        allowed = level >= 1
        self._levels[key] = (level - 1 if allowed else level, now)
        if len(self._levels) > _KEPT:
            del self._levels[next(iter(self._levels))]
        if allowed:
            return 0
        return max(1, math.ceil((1 - level) / self._rate.per_second))
