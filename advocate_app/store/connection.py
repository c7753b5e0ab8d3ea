"""Connections to the vault's database, and the two ways to use one: reading and writing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from advocate_app.base.errors import Fault
from advocate_app.crypto.derive import hkdf
from advocate_app.store.errors import DiskFault, DiskFull, StoreBug, VaultReadOnly, WriteBusy

DatabaseError: Final[type[Exception]] = sqlcipher.Error

# The binding looks in vain, at every bytes, None and bool, for how it would like to be adapted: this takes longer than
# the rest of an insert. Told beforehand, it takes a fifth.
sqlcipher.register_adapter(bytes, bytearray)
sqlcipher.register_adapter(type(None), {}.get)
sqlcipher.register_adapter(bool, int)

BUSY_SECONDS: Final = 10.0
"""How long a writer waits for its turn before it says WriteBusy."""

PAGE_SIZE: Final = 4096
"""Bytes in a page of the database, SQLCipher's 80 for nonce and HMAC included."""

_SYNC_FULL: Final = "FULL"
_SYNC_NORMAL: Final = "NORMAL"

_PRAGMAS: Final = (
    f"cipher_page_size = {PAGE_SIZE}",
    # Locking each page into memory makes some queries 27 times slower; ending the process is what wipes keys.
    "cipher_memory_security = OFF",
    "journal_mode = WAL",
    "cache_size = -65536",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "temp_store = MEMORY",
    "secure_delete = ON",
    "journal_size_limit = 67108864",
    # macOS alone knows these: without them a flush stops at the drive's cache.
    "fullfsync = ON",
    "checkpoint_fullfsync = ON",
)


class Use(Enum):
    """What a connection is for, which says how far a commit goes before it is acknowledged."""

    SAVE = "save"
    """What a person or this device said: flushed to the disk before the commit returns."""
    PAGE = "page"
    """Pages pulled from the server, which can be pulled again: kept in order, but not flushed one by one."""
    READ = "read"
    """Reading only; the connection refuses to write."""


class DatabaseKey:
    """SQLCipher's raw key and salt, derived from the vault key: HKDF with the two labels below."""

    __slots__ = ("_pragma",)

    KEY_LABEL: Final = b"ADV1/vault-db/key"
    SALT_LABEL: Final = b"ADV1/vault-db/salt"

    def __init__(self, vault_key: bytes) -> None:
        key = hkdf(vault_key, info=self.KEY_LABEL, length=32)
        salt = hkdf(vault_key, info=self.SALT_LABEL, length=16)
        self._pragma = f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\""

    def __repr__(self) -> str:
        return "DatabaseKey()"

    def unlock(self, connection: Any) -> None:
        """Give the key to a connection; nothing is read yet."""
        connection.execute(self._pragma)


def connect(path: Path, *, key: DatabaseKey, use: Use, busy_seconds: float = BUSY_SECONDS) -> Any:
    """A connection to the database at `path`. Raises DatabaseError when it cannot be read with this key."""
    connection = sqlcipher.connect(
        str(path), timeout=busy_seconds, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        key.unlock(connection)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA synchronous = {_SYNC_NORMAL if use is Use.PAGE else _SYNC_FULL}")
        if use is Use.READ:
            connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema")
    except BaseException:
        connection.close()
        raise
    return connection


def roll_back(connection: Any) -> None:
    """End a transaction without it; after a full disk SQLite has already done so itself."""
    if not connection.in_transaction:
        return
    try:
        connection.execute("ROLLBACK")
    except DatabaseError:
        if connection.in_transaction:
            raise


_PLAIN_FAULTS: Final[dict[int, type[Fault]]] = {
    sqlcipher.SQLITE_FULL: DiskFull,
    sqlcipher.SQLITE_BUSY: WriteBusy,
    sqlcipher.SQLITE_LOCKED: WriteBusy,
    sqlcipher.SQLITE_IOERR: DiskFault,
    sqlcipher.SQLITE_CANTOPEN: DiskFault,
    sqlcipher.SQLITE_PROTOCOL: DiskFault,
    sqlcipher.SQLITE_READONLY: VaultReadOnly,
    sqlcipher.SQLITE_PERM: VaultReadOnly,
}


def looks_damaged(error: BaseException) -> bool:
    """Whether the database says it read nonsense. It may be wrong: see `integrity`."""
    return _primary(error) in (sqlcipher.SQLITE_CORRUPT, sqlcipher.SQLITE_NOTADB)


def fault_of(error: BaseException) -> Fault:
    """The fault that a database error stands for, damage apart.

    The error's own words may quote a record, so only its symbol is kept.
    """
    kind = _PLAIN_FAULTS.get(_primary(error), StoreBug)
    return kind(sqlite=getattr(error, "sqlite_errorname", None))


def _primary(error: BaseException) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


class Reader:
    """One consistent view of the vault. Good only inside the `with` block that gave it."""

    __slots__ = ("_execute",)

    def __init__(self, connection: Any) -> None:
        self._execute: Callable[..., Any] = connection.execute

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row of the answer."""
        found: list[tuple[Any, ...]] = self._execute(sql, params).fetchall()
        return found

    def row(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of the answer, or None when there is none."""
        found: tuple[Any, ...] | None = self._execute(sql, params).fetchone()
        return found

    def each(self, sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows one after the other, for answers too long to hold."""
        return iter(self._execute(sql, params))

    def end(self) -> None:
        """Make every later use a StoreBug; the vault calls this when the block ends."""
        self._execute = _ended


class Writer(Reader):
    """A Reader that may write: all of what its `with` block runs is kept, or nothing of it."""

    __slots__ = ("_execute_many", "changes")

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self._execute_many: Callable[..., Any] = connection.executemany
        self.changes: set[str] = set()
        """The topics that this transaction touched, for whoever shows them."""

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run one statement; the row id of the last row inserted on this connection."""
        row_id: int = self._execute(sql, params).lastrowid
        return row_id

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement once for each row of parameters."""
        self._execute_many(sql, rows)

    def run_script(self, script: str) -> None:
        """Run statements that end in `;` and take no parameters, one after the other, inside this transaction."""
        for statement in split_script(script):
            self._execute(statement)

    def end(self) -> None:
        """Make every later use a StoreBug; the vault calls this when the block ends."""
        super().end()
        self._execute_many = _ended


def split_script(script: str) -> list[str]:
    """The statements of a script; a `;` in a comment, a text or a trigger does not end one."""
    statements = []
    begun = ""
    for piece in script.split(";")[:-1]:
        begun += piece + ";"
        if sqlcipher.complete_statement(begun):
            statements.append(begun.strip())
            begun = ""
    return statements


def _ended(*_: Any) -> Any:
    raise StoreBug("store.used_after_its_block")
