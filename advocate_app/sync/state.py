"""The sync word of a vault at rest."""

from typing import Final

from advocate_app.base.errors import Fault
from advocate_app.store import facts, outbox, sealed
from advocate_app.store.vault import Vault
from advocate_app.sync.errors import CaptivePortal, Offline, ServerTrouble, VaultIsCopy
from advocate_app.sync.words import SyncState, SyncWord

DAY_MS: Final = 24 * 60 * 60 * 1000
LAST_FAULT: Final = "last_fault"
"""The code of what ended the last round, as a fact; none when it ended well."""
SET_ASIDE: Final = "sync.set_aside"
_OFFLINE: Final = frozenset({Offline.code, ServerTrouble.code, CaptivePortal.code})


def note_outcome(vault: Vault, *, fault: Fault | None) -> None:
    """Remember how the last round ended."""
    with vault.write() as tx:
        if fault is None:
            facts.drop(tx, LAST_FAULT)
        else:
            facts.put(tx, LAST_FAULT, fault.code)


def sync_state(vault: Vault, *, now: int) -> SyncState:
    """The sync word, from what is in the vault and how the last round ended. `now` is ms since 1970 UTC."""
    with vault.read() as db:
        waiting = outbox.count_waiting(db).total
        aside = len(sealed.quarantine(db, waiting_since=now - DAY_MS))
        copy = facts.find_number(db, facts.COPY)
        code = facts.find_text(db, LAST_FAULT)
    if copy:
        return SyncState(word=SyncWord.NEEDS_ATTENTION, waiting=waiting, code=VaultIsCopy.code)
    if code in _OFFLINE:
        return SyncState(word=SyncWord.OFFLINE, waiting=waiting, code=code)
    if code:
        return SyncState(word=SyncWord.NEEDS_ATTENTION, waiting=waiting, code=code)
    if aside:
        return SyncState(word=SyncWord.NEEDS_ATTENTION, waiting=waiting, code=SET_ASIDE)
    if waiting:
        return SyncState(word=SyncWord.WAITING, waiting=waiting)
    return SyncState(word=SyncWord.UP_TO_DATE)
