"""When to sync next: soon after success, ever later after failures, with jitter, and as the server asks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from advocate_app.base.errors import Fault, WorldFault
from advocate_app.sync.errors import ServerTrouble

EVERY_S: Final = 300
FIRST_RETRY_S: Final = 5
LONGEST_RETRY_S: Final = 900
ATTENTION_S: Final = 1800
LONGEST_WISH_S: Final = 6 * 3600
"""However long a server asks for patience, it is asked again after this."""

Between = Callable[[float, float], float]
"""A number between two, at random: `random.uniform`."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many rounds in a row ended with a fault of the world."""

    failures: int = 0

    def after(self, fault: Fault | None, *, between: Between) -> tuple["Schedule", float]:
        """The schedule behind a round that ended so (None: well), and the seconds until the next one."""
        if fault is None:
            return Schedule(), EVERY_S * between(0.8, 1.2)
        if not isinstance(fault, WorldFault):
            return Schedule(), ATTENTION_S * between(0.8, 1.2)
        failed = replace(self, failures=self.failures + 1)
        longest = min(FIRST_RETRY_S * 2 ** min(self.failures, 12), LONGEST_RETRY_S)
        wait = longest * between(0.5, 1.0)
        if isinstance(fault, ServerTrouble) and fault.retry_after is not None:
            wait = max(wait, min(fault.retry_after, LONGEST_WISH_S) * between(1.0, 1.1))
        return failed, wait
