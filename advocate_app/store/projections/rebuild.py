"""Dropping every projected table and replaying the log into new ones."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from typing import Final, Protocol

from advocate_app.store.connection import Reader, Writer
from advocate_app.store.projections.project import refold
from advocate_app.store.projections.tables import drop_tables, make_tables, version


class _Vault(Protocol):
    def read(self) -> AbstractContextManager[Reader]: ...
    def write(self) -> AbstractContextManager[Writer]: ...
    def write_page(self) -> AbstractContextManager[Writer]: ...


Progress = Callable[[int, int], None]
"""Told how many records are done, and of how many."""

_VERSION: Final = "projection_version"
_CHUNK: Final = 2048
_FORGET: Final = """UPDATE record SET client = NULL, status = 0, conflicts = 0, state = NULL, last_index = 0,
  unlogged = 0, unindexed = 0, updated_at = 0"""
_SET_FACT: Final = "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_NEXT: Final = "SELECT id FROM record WHERE id > ? ORDER BY id LIMIT ?"


_version: Final = cache(version)


def is_current(db: Reader) -> bool:
    """Whether the projected tables are those that this program makes, and whole."""
    return db.row("SELECT 1 FROM fact WHERE name = ? AND value = ?", (_VERSION, _version())) is not None


def ensure(
    vault: _Vault, *, progress: Progress = lambda _done, _all: None, stop: Callable[[], bool] = lambda: False
) -> bool:
    """Make the projected tables where they are missing or another program's (`rebuild`). Opening a vault does it."""
    with vault.read() as db:
        current = is_current(db)
    return current or rebuild(vault, progress=progress, stop=stop)


def rebuild(vault: _Vault, *, progress: Progress, stop: Callable[[], bool]) -> bool:
    """Drop every projected table and replay the log; the result is the same as before.

    In many transactions, so that other writers get their turn; what they write meanwhile is kept. False if `stop` said
    so: the tables are then incomplete, and `ensure` starts again.
    """
    with vault.write() as tx:
        tx.run("DELETE FROM fact WHERE name = ?", (_VERSION,))
        drop_tables(tx)
        tx.run(_FORGET)
        make_tables(tx)
        count = tx.row("SELECT count(*) FROM record")
        assert count is not None
    done, last = 0, 0
    while True:
        if stop():
            return False
        with vault.write_page() as tx:
            rows = [number for (number,) in tx.rows(_NEXT, (last, _CHUNK))]
            if not rows:
                break
            refold(tx, rows)
        done, last = done + len(rows), rows[-1]
        progress(done, max(done, count[0]))
    with vault.write() as tx:
        tx.run(_SET_FACT, (_VERSION, _version()))
    return True
