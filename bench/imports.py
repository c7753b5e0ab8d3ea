"""B2: a large import through the domain, searchable at the end."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from advocate_app.sample.corpus import stream
from advocate_app.sample.writing import SampleEvent
from advocate_app.store.search import index_pending
from advocate_app.store.vault import Vault
from bench.measure import Figure, Setting, Target, timed
from bench.vaults import EVENT_TABLE, INSERT_EVENT, Scribe, bare_database, insert_all, make_vault

_EVENTS: Final = 100_000
_BATCH: Final = 1000
_RECORD_TABLE: Final = """CREATE TABLE record (
  id INTEGER PRIMARY KEY, record_id BLOB NOT NULL, type INTEGER NOT NULL, compartment INTEGER NOT NULL,
  client BLOB, status INTEGER NOT NULL DEFAULT 0, conflicts INTEGER NOT NULL DEFAULT 0, state BLOB,
  last_index INTEGER NOT NULL DEFAULT 0, unlogged INTEGER NOT NULL DEFAULT 0, unindexed INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL DEFAULT 0) STRICT"""


def measure(setting: Setting) -> list[Figure]:
    """100,000 events into log, records, list rows, indexes and full text, beside bare inserts of log and records."""
    events = stream(setting.size(_EVENTS), seed=setting.seed)
    product: list[float] = []
    beside: list[float] = []
    for number in range(setting.rounds):
        vault = make_vault(setting.home / f"import-{number}")
        mine = timed(partial(_import, vault, events))
        bare = bare_database(setting.home / f"import-{number}.db")
        bare.execute(EVENT_TABLE)
        bare.execute(_RECORD_TABLE)
        with vault.read() as db:
            logged = db.rows("SELECT * FROM event ORDER BY id")
            records = db.rows("SELECT * FROM record ORDER BY id")
        other = timed(partial(_insert, bare, logged, records))
        product.append(len(events) / mine)
        beside.append(len(events) / other)
        vault.close()
        bare.close()
    return [
        Figure(
            id="B2",
            what="import through the domain: log, merged records, list rows, indexes, full text",
            unit="events/s",
            product=product,
            beside_what="raw SQLCipher insert of the same event and record rows, no index",
            beside=beside,
            target=Target(at_least=0.15),
        )
    ]


def _import(vault: Vault, events: Sequence[SampleEvent]) -> None:
    scribe = Scribe()
    for start in range(0, len(events), _BATCH):
        with vault.write() as tx:
            scribe.append(tx, events[start : start + _BATCH])
    more = 1
    while more:
        with vault.write() as tx:
            more = index_pending(tx, limit=_BATCH)


def _insert(bare: Any, logged: Sequence[Sequence[Any]], records: Sequence[Sequence[Any]]) -> None:
    for rows, sql in ((logged, INSERT_EVENT), (records, f"INSERT INTO record VALUES ({','.join('?' * 12)})")):
        for start in range(0, len(rows), _BATCH):
            insert_all(bare, sql, rows[start : start + _BATCH])
