"""Progress: how far a job has come, told by the job to whoever started it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """So much done of so much; `total` 0 means that nobody knows how much there will be."""

    done: int
    total: int = 0

    @property
    def share(self) -> float | None:
        """What is done, from 0 to 1; None while the total is not known."""
        if self.total <= 0:
            return None
        return min(1.0, max(0.0, self.done / self.total))


TellProgress = Callable[[Progress], None]


def untold(progress: Progress) -> None:
    """Tell nobody."""
