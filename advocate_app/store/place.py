"""A vault's folder as it looks from outside: which files are there, and which running program has it open."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from advocate_app.base.errors import Fault
from advocate_app.crypto import slots
from advocate_app.store import files
from advocate_app.store.connection import PAGE_SIZE
from advocate_app.store.errors import (
    DatabaseMissing,
    KeyfileMissing,
    VaultBusy,
    VaultDamaged,
    VaultExists,
    VaultMissing,
    VaultUnfinished,
)
from advocate_app.store.lockfile import Lock, is_held

DATABASE: Final = "vault.db"
KEYFILE: Final = "vault.key"
UNBORN: Final = "vault.db.new"
"""A database on its way to becoming `vault.db`: as long as it has this name, nothing was ever saved in it."""
TURN: Final = "turn.lock"

_SEAT_SECONDS: Final = 0.2


class Seat(Enum):
    """The roles in which a vault can be open, each by one program at a time. The value is the lock's file name."""

    WINDOW = "vault.lock"
    WORKER = "worker.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultState:
    """What can be told of a vault without its passphrase."""

    problem: Fault | None
    """What `open_vault` would raise before it asks for the passphrase, VaultBusy apart; None when it would ask."""
    keyfile_version: int | None
    """The keyfile's format, when it can be read."""
    open_in_window: bool
    """Whether a window or console has it open."""
    open_in_worker: bool
    """Whether a sync worker has it open."""

    @property
    def exists(self) -> bool:
        """Whether there is a vault, whole or not."""
        return not isinstance(self.problem, VaultMissing)


def check(path: Path) -> VaultState:
    """Look at a vault from outside; nothing is written, and nothing is asked."""
    problem: Fault | None = None
    version: int | None = None
    try:
        require_whole(path)
        with files.disk_faults():
            version = slots.keyfile_version((path / KEYFILE).read_bytes())
    except Fault as fault:
        problem = fault
    with files.disk_faults():
        return VaultState(
            problem=problem,
            keyfile_version=version,
            open_in_window=is_held(path / Seat.WINDOW.value),
            open_in_worker=is_held(path / Seat.WORKER.value),
        )


def take_seat(path: Path, seat: Seat) -> Lock:
    """The lock of this role, held until it is closed. Raises VaultBusy, VaultReadOnly, DiskFull, DiskFault."""
    with files.disk_faults():
        lock = Lock(path / seat.value)
    if not lock.take(seconds=_SEAT_SECONDS):
        lock.close()
        raise VaultBusy(seat=seat.name.lower())
    return lock


def require_whole(path: Path) -> None:
    """Raise what is wrong with the folder, if anything.

    VaultMissing, VaultUnfinished, KeyfileMissing, DatabaseMissing; VaultDamaged when the database is cut to nothing.
    """
    database, keyfile = (path / DATABASE).exists(), (path / KEYFILE).exists()
    if database and (path / DATABASE).stat().st_size < PAGE_SIZE:
        # Never let the database library near it: it would take the file for a new one, and drop the journal beside it.
        raise VaultDamaged(complaints=1)
    if database and keyfile:
        return
    if database:
        raise KeyfileMissing
    if (path / UNBORN).exists():
        raise VaultUnfinished
    raise DatabaseMissing if keyfile else VaultMissing


def refuse_to_overwrite(path: Path) -> None:
    """Raise VaultExists unless a new vault at this place would take nothing from anyone."""
    try:
        require_whole(path)
    except VaultUnfinished:
        return
    except VaultMissing:
        if not path.exists() or (path.is_dir() and all(_is_lock(entry) for entry in path.iterdir())):
            return
    except Fault:
        pass
    raise VaultExists


def _is_lock(path: Path) -> bool:
    return path.name in {Seat.WINDOW.value, Seat.WORKER.value, TURN}
