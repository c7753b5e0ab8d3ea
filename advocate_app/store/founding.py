"""The database of a new vault, brought to the newest schema before it gets its name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from advocate_app.base.clock import Clock
from advocate_app.store.connection import DatabaseError, DatabaseKey, Use, Writer, connect, fault_of, roll_back
from advocate_app.store.migrations import migrate
from advocate_app.store.place import KEYFILE, UNBORN


def clear_unfinished(path: Path) -> None:
    """Remove what an earlier making of a vault left behind."""
    for name in (UNBORN + "-wal", UNBORN + "-shm", UNBORN + "-journal", KEYFILE + ".new"):
        (path / name).unlink(missing_ok=True)


def found_database(path: Path, *, key: DatabaseKey, clock: Clock) -> None:
    """Bring an empty file to the newest schema, with its journal written back and gone."""
    connection = None
    try:
        connection = connect(path, key=key, use=Use.SAVE)
        migrate(lambda: _plain_transaction(connection))
        connection.execute("INSERT INTO fact (name, value) VALUES ('made_at', ?)", (clock.now(),))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except DatabaseError as error:
        raise fault_of(error) from None
    finally:
        if connection is not None:
            connection.close()


@contextmanager
def _plain_transaction(connection: Any) -> Iterator[Writer]:
    connection.execute("BEGIN IMMEDIATE")
    tx = Writer(connection)
    try:
        yield tx
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise
    finally:
        tx.end()
