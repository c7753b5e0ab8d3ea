"""The time, as an argument: nothing else in the program asks the system what time it is."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time as this laptop believes it to be."""

    def now(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        ...

    def zone(self) -> int:
        """Minutes east of UTC."""
        ...


class SystemClock:
    """The laptop's own clock."""

    def now(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        return time.time_ns() // 1_000_000

    def zone(self) -> int:
        """Minutes east of UTC, daylight saving included."""
        return time.localtime().tm_gmtoff // 60


class FixedClock:
    """A clock that stands still until it is moved on, for samples, benchmarks and tests."""

    def __init__(self, ms: int, *, zone: int = -420) -> None:
        self._ms = ms
        self._zone = zone

    def now(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        return self._ms

    def zone(self) -> int:
        """Minutes east of UTC."""
        return self._zone

    def advance(self, ms: int) -> None:
        """Move the clock on (or, with a negative number, back)."""
        self._ms += ms
