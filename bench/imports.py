"""B2: a large import through the domain, searchable at the end."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from advocate_app.sample.corpus import stream
from advocate_app.store.connection import Reader
from advocate_app.store.event_log import NewEvent
from advocate_app.store.search import index_pending
from advocate_app.store.vault import Vault
from bench.measure import Figure, Setting, Target, timed
from bench.vaults import Scribe, bare_database, insert_all, make_vault, new_event

_EVENTS: Final = 100_000
_BATCH: Final = 4000
_TABLES: Final = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name IN ('event', 'record') OR name GLOB 'r_*')"
)
_COLUMNS: Final = "SELECT name FROM pragma_table_info(?)"


def measure(setting: Setting) -> list[Figure]:
    """100,000 events into log, records, list rows, indexes and full text, beside bare inserts of the same rows."""
    events = stream(setting.size(_EVENTS), seed=setting.seed)
    product: list[float] = []
    beside: list[float] = []
    typed = [new_event(event) for event in events]
    for number in range(setting.rounds):
        vault = make_vault(setting.home / f"import-{number}")
        mine = timed(partial(_import, vault, typed))
        bare = bare_database(setting.home / f"import-{number}.db")
        with vault.read() as db:
            tables = _copied(db, bare)
        other = timed(partial(_insert, bare, tables))
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
            beside_what="raw SQLCipher insert of the same rows of log, records and lists; no index",
            beside=beside,
            target=Target(at_least=0.15),
        )
    ]


def _import(vault: Vault, events: Sequence[NewEvent]) -> None:
    scribe = Scribe()
    for start in range(0, len(events), _BATCH):
        with vault.write() as tx:
            scribe.append_typed(tx, events[start : start + _BATCH])
    more = 1
    while more:
        with vault.write() as tx:
            more = index_pending(tx, limit=_BATCH)


_Rows = list[tuple[Any, ...]]


def _copied(db: Reader, bare: Any) -> dict[str, _Rows]:
    """The rows of log, records and lists by the statement that inserts them; their tables made, without indexes."""
    rows: dict[str, _Rows] = {}
    for (table,) in db.rows(_TABLES):
        columns = [f'"{name}"' for (name,) in db.rows(_COLUMNS, (table,))]
        bare.execute(f"CREATE TABLE {table} ({columns[0]} INTEGER PRIMARY KEY, {', '.join(columns[1:])})")
        rows[f"INSERT INTO {table} VALUES ({','.join('?' * len(columns))})"] = db.rows(
            f"SELECT * FROM {table} ORDER BY {columns[0]}"
        )
    return rows


def _insert(bare: Any, tables: dict[str, _Rows]) -> None:
    for sql, rows in tables.items():
        for start in range(0, len(rows), _BATCH):
            insert_all(bare, sql, rows[start : start + _BATCH])
