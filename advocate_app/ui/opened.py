"""An unlocked vault as the window gets it from the composition root: everything it may use, and nothing to open."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from advocate_app.base.clock import Clock
from advocate_app.base.ids import Ids
from advocate_app.commands.acting import Acting
from advocate_app.sync.words import SyncState

Db = Any
"""What a `read` or `write` block gives: handed on to queries and commands, never used here."""


class OpenVault(Protocol):
    """What the desk does with a vault."""

    def read(self) -> AbstractContextManager[Db]:
        """One consistent view."""
        ...

    def write(self) -> AbstractContextManager[Db]:
        """One transaction, on the disk when the block has ended."""
        ...

    def close(self) -> None:
        """Let the vault go."""
        ...


class RoundEnd(Protocol):
    """How a round of syncing ended."""

    @property
    def code(self) -> str | None:
        """The fault's code; None: well."""
        ...

    @property
    def topics(self) -> tuple[str, ...]:
        """What changed."""
        ...

    @property
    def clients(self) -> tuple[str, ...]:
        """Whose records changed: ids in hex."""
        ...

    @property
    def pulled(self) -> int:
        """How many events arrived."""
        ...

    @property
    def pushed(self) -> int:
        """How many envelopes were sent."""
        ...


class SyncWorker(Protocol):
    """The sync process, as its parent sees it."""

    def sync(self) -> None:
        """Ask for a round now."""
        ...

    def stop_round(self) -> None:
        """Ask the running round to stop."""
        ...

    def ends(self) -> Iterator[RoundEnd]:
        """Each round's end as it comes, until the worker ends."""
        ...

    def close(self) -> int:
        """End the worker; its exit status."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """What somebody had typed under a key, and where the caret stood."""

    text: str
    caret: int

    def __repr__(self) -> str:
        return "KeptDraft()"


class Drafts(Protocol):
    """What was typed and not yet saved."""

    def keep(self, tx: Db, *, key: str, text: str, caret: int) -> None:
        """Keep it in place of what this key held."""
        ...

    def find(self, db: Db, *, key: str) -> KeptDraft | None:
        """What this key holds."""
        ...

    def drop(self, tx: Db, *, key: str) -> None:
        """Forget it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An unlocked vault and the functions that know it. All but `clock` and `ids` are called on lanes only."""

    vault: OpenVault
    clock: Clock
    ids: Ids
    who: Callable[[Db], Acting]
    """The member whose vault this is."""
    names: Callable[[Db], Mapping[bytes, str]]
    """Members' names by id (16 bytes)."""
    sync_state: Callable[[], SyncState]
    """The sync word of the vault at rest; reads the vault."""
    last_contact: Callable[[Db], int]
    """When the server last answered, ms since 1970 UTC; 0: never."""
    drafts: Drafts
    worker: Callable[[Callable[[SyncState], None]], SyncWorker] | None
    """Starts the sync process, which tells its state from the thread that reads its ends; None: syncing is off."""
    index: Callable[[Db, int], int]
    """Takes up to so many records into the search; how many were looked at."""
    found: Callable[[Db, str], list[tuple[bytes, str]]]
    """(client id, title) of the clients that a few typed letters mean, the best first."""
