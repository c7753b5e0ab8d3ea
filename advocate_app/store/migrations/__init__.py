"""The steps from an empty database to the newest schema: numbered, forward only, each whole in one transaction."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from advocate_app.store.connection import Reader, Writer
from advocate_app.store.errors import VaultNewer
from advocate_app.store.migrations import m0001_first

Migration = Callable[[Writer], None]

MIGRATIONS: Final[tuple[Migration, ...]] = (m0001_first.apply,)
"""The n-th takes a database from schema n-1 to n. Once released, it never changes, nor calls what may change."""

NEWEST: Final = len(MIGRATIONS)
"""The schema this program reads and writes."""


def schema_number(db: Reader) -> int:
    """The schema of this database: 0 when it is empty."""
    row = db.row("PRAGMA user_version")
    assert row is not None
    return int(row[0])


def migrate(write: Callable[[], AbstractContextManager[Writer]], *, to: int = NEWEST) -> None:
    """Bring the database to schema `to`; a cut leaves it at one of the steps.

    Raises VaultNewer, and changes nothing, when a newer program has been here.
    """
    while True:
        with write() as tx:
            found = schema_number(tx)
            if found > NEWEST:
                raise VaultNewer(found=found, known=NEWEST)
            if found >= to:
                return
            MIGRATIONS[found](tx)
            tx.run(f"PRAGMA user_version = {found + 1}")
