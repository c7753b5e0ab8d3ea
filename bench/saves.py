"""B1: single saves, each on the disk before the next begins."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from advocate_app.sample.corpus import stream
from advocate_app.sample.writing import SampleEvent
from advocate_app.store.vault import Vault
from bench.measure import Figure, Setting, Target, timed
from bench.vaults import EVENT_TABLE, INSERT_EVENT, Scribe, bare_database, make_vault

_SAVES: Final = 10_000
_TURN: Final = 500


def measure(setting: Setting) -> list[Figure]:
    """10,000 saves through the event log, beside the same event rows in a bare table, one transaction each."""
    events = stream(setting.size(_SAVES), seed=setting.seed)
    product: list[float] = []
    beside: list[float] = []
    for number in range(setting.rounds):
        vault = make_vault(setting.home / f"saves-{number}")
        bare = bare_database(setting.home / f"saves-{number}.db")
        bare.execute(EVENT_TABLE)
        mine = other = 0.0
        for start in range(0, len(events), _TURN):
            # The bare rows come out of the vault, so the vault is always first; the turns are short instead.
            mine += timed(partial(_save, vault, events[start : start + _TURN]))
            other += timed(partial(_insert, bare, _rows(vault, after=start)))
        product.append(len(events) / mine)
        beside.append(len(events) / other)
        vault.close()
        bare.close()
    return [
        Figure(
            id="B1",
            what="single-record saves, each durable (synchronous=FULL): log, record, list row, indexes",
            unit="saves/s",
            product=product,
            beside_what="raw SQLCipher, one row of the same bytes a transaction, no index",
            beside=beside,
            target=Target(at_least=0.5),
        )
    ]


def _save(vault: Vault, events: Sequence[SampleEvent]) -> None:
    scribe = Scribe()
    for event in events:
        with vault.write() as tx:
            scribe.append(tx, [event])


def _insert(bare: Any, rows: Sequence[Sequence[Any]]) -> None:
    for row in rows:
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(INSERT_EVENT, row)
        bare.execute("COMMIT")


def _rows(vault: Vault, *, after: int) -> list[tuple[Any, ...]]:
    with vault.read() as db:
        return db.rows("SELECT * FROM event WHERE id > ? ORDER BY id", (after,))
