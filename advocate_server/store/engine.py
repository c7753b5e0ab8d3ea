"""Opening the database: embedded SQLite by default, PostgreSQL where an agency asks for it."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from advocate_app.base.errors import WorldFault

BUSY_MS = 10_000
READERS = 4


class DatabaseUnreachable(WorldFault):
    """The database does not answer, or does not take what is written; it can be tried again."""

    code = "server.database_unreachable"


class DatabaseAddressBroken(WorldFault):
    """The text that should say where the database is does not."""

    code = "server.database_address"


@dataclass(frozen=True, slots=True)
class Engines:
    """Two ways into one database: `read` sees one moment per transaction, `write` takes the write lock at once."""

    read: Engine
    write: Engine

    def close(self) -> None:
        """Let go of every connection."""
        self.read.dispose()
        self.write.dispose()


def sqlite_address(path: Path) -> str:
    """The address of an embedded database file."""
    return f"sqlite+pysqlite:///{path}"


def open_engines(address: str) -> Engines:
    """Engines for an address such as `sqlite+pysqlite:////srv/advocate.db` or `postgresql+psycopg://...`.

    Raises `DatabaseAddressBroken`.
    """
    try:
        kind = make_url(address).get_backend_name()
    except ArgumentError:
        raise DatabaseAddressBroken("the database address is not readable") from None
    if kind == "sqlite":
        return Engines(read=_sqlite(address, begin="BEGIN"), write=_sqlite(address, begin="BEGIN IMMEDIATE"))
    if kind == "postgresql":
        return Engines(
            read=_postgresql(address, isolation="REPEATABLE READ", size=READERS),
            write=_postgresql(address, isolation="READ COMMITTED", size=1),
        )
    raise DatabaseAddressBroken("the database is neither SQLite nor PostgreSQL", kind=kind)


def _sqlite(address: str, *, begin: str) -> Engine:
    engine = create_engine(address, hide_parameters=True, pool_size=READERS + 1)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for setting in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(address: str, *, isolation: Any, size: int) -> Engine:
    return create_engine(
        address, hide_parameters=True, isolation_level=isolation, pool_size=size, max_overflow=1, pool_pre_ping=True
    )
