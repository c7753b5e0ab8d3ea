"""Vaults and databases to measure on: the product's own, and bare SQLCipher beside them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from advocate_app.base.clock import FixedClock, SystemClock
from advocate_app.base.errors import Bug, Refusal
from advocate_app.base.ids import SeededIds
from advocate_app.base.private import Private
from advocate_app.crypto.slots import FLOOR
from advocate_app.sample.writing import SampleEvent
from advocate_app.store import event_log, facts
from advocate_app.store.connection import DatabaseKey, Use, Writer, connect
from advocate_app.store.event_log import Author, NewEvent
from advocate_app.store.vault import Vault, create_vault
from advocate_app.wire.roster import agency_stream_id

AGENCY: Final = bytes(range(16))
MEMBER: Final = bytes(range(16, 32))
DEVICE: Final = bytes(range(32, 48))
_KEY: Final = bytes(range(100, 132))
ROLES: Final = frozenset({"advocate", "supervisor"})


def make_vault(path: Path) -> Vault:
    """A vault that believes to belong to an agency; no server knows it."""
    clock = SystemClock()
    vault = create_vault(
        path,
        passphrase=Private("pinyon mesa lantern tortoise seven"),
        device_secret=bytes(64),
        cost=FLOOR,
        ids=SeededIds(clock, seed=1),
        clock=clock,
    )
    with vault.write() as tx:
        tx.run("INSERT INTO device VALUES (1, ?, ?)", (DEVICE, MEMBER))
        stream = tx.run("INSERT INTO stream VALUES (NULL, ?, 1, 0, ?, 0)", (agency_stream_id(AGENCY), bytes(32)))
        for fact, value in (
            (facts.AGENCY, AGENCY),
            (facts.MEMBER, MEMBER),
            (facts.DEVICE, DEVICE),
            (facts.HOME_STREAM, stream),
        ):
            facts.put(tx, fact, value)
    return vault


class Scribe:
    """Appends events of the invented corpus to a vault that holds nothing else."""

    def __init__(self, *, member: bytes = MEMBER, roles: frozenset[str] = ROLES, cited: int = 1) -> None:
        self._clock = FixedClock(0)
        self._author = Author(
            member=member, roles=roles, cited=cited, clock=self._clock, ids=SeededIds(self._clock, seed=2)
        )

    def append(self, tx: Writer, events: Sequence[SampleEvent], *, shift: int = 0) -> None:
        """Write them as one person's work; the local ids that they name are `shift` higher here."""
        self.append_typed(tx, [new_event(event, shift=shift) for event in events])

    def append_typed(self, tx: Writer, events: Sequence[NewEvent]) -> None:
        """The same, of events that stand as they are typed."""
        done = event_log.append(tx, events=events, author=self._author)
        if isinstance(done, Refusal):
            raise Bug("bench: the log refused an event")


def new_event(event: SampleEvent, *, shift: int = 0) -> NewEvent:
    """An invented event as it is typed."""
    return NewEvent(
        record_type=event.record.number,
        record_id=event.record_id,
        verb=event.verb,
        fields=event.fields,
        compartment=event.compartment,
        over={register: [one + shift for one in ids] for register, ids in event.over.items()} if event.over else {},
        reason=event.reason,
        txn=event.txn,
    )


def bare_database(path: Path, *, durable: bool = True) -> Any:
    """A SQLCipher database with the pragmas of the vault and nothing in it."""
    return connect(path, key=DatabaseKey(_KEY), use=Use.SAVE if durable else Use.PAGE)


def plain_database(path: Path, *, durable: bool = True) -> Any:
    """The same build of SQLCipher with the same pragmas, without a key."""
    connection = sqlcipher.connect(str(path), isolation_level=None, cached_statements=256)
    for pragma in (
        "page_size = 4096",
        "journal_mode = WAL",
        "cache_size = -65536",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "temp_store = MEMORY",
        "secure_delete = ON",
        "journal_size_limit = 67108864",
        f"synchronous = {'FULL' if durable else 'NORMAL'}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


EVENT_TABLE: Final = """CREATE TABLE event (
  id INTEGER PRIMARY KEY, record INTEGER NOT NULL, device INTEGER NOT NULL, stream INTEGER NOT NULL, no INTEGER,
  log_index INTEGER, cited INTEGER NOT NULL, verb INTEGER NOT NULL, state INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT"""
INSERT_EVENT: Final = "INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?,?)"


def insert_all(connection: Any, sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """All of the rows in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(sql, rows)
    connection.execute("COMMIT")
