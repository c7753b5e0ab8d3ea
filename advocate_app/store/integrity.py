"""Looking for damage in a vault without crying wolf: the journal is written back first, then every page is checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from advocate_app.store.connection import (
    BUSY_SECONDS,
    DatabaseError,
    DatabaseKey,
    Use,
    connect,
    fault_of,
    looks_damaged,
    roll_back,
)
from advocate_app.store.errors import WriteBusy

_ATTEMPTS: Final = 5
_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What a check of the whole database found."""

    pages: int
    """Pages of 4096 bytes that were looked at."""
    complaints: tuple[str, ...]
    """What is wrong, in SQLCipher's and SQLite's words: pages, tables and indexes, never content. At most 100."""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.complaints


def look_for_damage(
    database: Path, *, key: DatabaseKey, thorough: bool = True, busy_seconds: float = BUSY_SECONDS
) -> Integrity:
    """Check the database on a connection of its own.

    A page torn by a power cut is whole again in the write-ahead log, and `cipher_integrity_check`, which reads the
    file alone, would call it damage. So the log is written back and emptied first, and writers are held off meanwhile.
    `thorough` also compares every index with its table. Raises WriteBusy while readers or writers keep the log in use,
    and DiskFull, DiskFault or VaultReadOnly when it cannot be written back: neither says anything about damage.
    """
    connection = None
    try:
        connection = connect(database, key=key, use=Use.SAVE, busy_seconds=busy_seconds)
        _hold_still(connection, log=database.with_name(database.name + "-wal"))
        return _check(connection, thorough=thorough)
    except DatabaseError as error:
        if not looks_damaged(error):
            raise fault_of(error) from None
        return Integrity(pages=0, complaints=("the database cannot be read with its key",))
    finally:
        if connection is not None:
            roll_back(connection)
            connection.close()


def _hold_still(connection: Any, *, log: Path) -> None:
    """Write the log back and keep writers out, so that the file alone is the database."""
    for _ in range(_ATTEMPTS):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute("BEGIN IMMEDIATE")
        if not log.exists() or log.stat().st_size == 0:
            return
        connection.execute("ROLLBACK")
    raise WriteBusy("store.integrity_busy")


def _check(connection: Any, *, thorough: bool) -> Integrity:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    complaints = _words(connection, "PRAGMA cipher_integrity_check")
    if not complaints:
        # Only over pages that open: SQLCipher gives a connection up for good at the first that does not.
        structure = "integrity_check" if thorough else "quick_check"
        complaints = [words for words in _words(connection, f"PRAGMA {structure}({_MOST})") if words != "ok"]
    return Integrity(pages=pages, complaints=tuple(complaints[:_MOST]))


def _words(connection: Any, pragma: str) -> list[str]:
    return [words for (words,) in connection.execute(pragma)]
