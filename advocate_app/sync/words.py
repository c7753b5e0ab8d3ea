"""The five sync words, and what a sync tells while it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class SyncWord(StrEnum):
    """The only five things that the program says of syncing."""

    UP_TO_DATE = "up_to_date"
    WAITING = "waiting"
    SYNCING = "syncing"
    OFFLINE = "offline"
    NEEDS_ATTENTION = "needs_attention"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """A sync word with its numbers; `code` names the fault behind `OFFLINE` and `NEEDS_ATTENTION`."""

    word: SyncWord
    waiting: int = 0
    done: int = 0
    total: int = 0
    code: str | None = None

    def text(self) -> str:
        """The word as the console says it."""
        if self.word is SyncWord.WAITING:
            return f"{self.waiting} waiting"
        if self.word is SyncWord.SYNCING:
            return f"Syncing {self.done} of {self.total}"
        return {
            SyncWord.UP_TO_DATE: "Up to date",
            SyncWord.OFFLINE: "Offline",
            SyncWord.NEEDS_ATTENTION: "Needs attention",
        }[self.word]


Tell = Callable[[SyncState], None]


def silent(state: SyncState) -> None:
    """Tell nobody."""
