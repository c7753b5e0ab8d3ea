"""B9: what the key costs: the same statements on the same build of SQLCipher with and without one."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from advocate_app.domain.folding_text import fold_text
from advocate_app.sample.chance import Chance
from advocate_app.sample.corpus import stream
from advocate_app.store.event_rows import encode_body
from bench.measure import Figure, Setting, Target, timed, turns
from bench.notes import note_texts
from bench.vaults import EVENT_TABLE, INSERT_EVENT, bare_database, insert_all, plain_database

_EVENTS: Final = 100_000
_READS: Final = 20_000
_NOTES: Final = 10_000
_SEARCHES: Final = 400
_BATCH: Final = 1000
_SEARCH_TABLE: Final = (
    "CREATE VIRTUAL TABLE search USING fts5(names, body, content='', contentless_delete=1,"
    " tokenize='unicode61 remove_diacritics 0')"
)
_FIND: Final = "SELECT rowid, rank FROM search WHERE search MATCH ? ORDER BY rank LIMIT 20"


def measure(setting: Setting) -> list[Figure]:
    """Seconds with the key, beside seconds without; the caches are as the vault sets them."""
    rows = _rows(setting)
    texts = [fold_text(text) for text in note_texts(setting.size(_NOTES), seed=setting.seed)]
    chance = Chance(setting.seed)
    wanted = [chance.number(1, len(rows)) for _ in range(setting.size(_READS))]
    terms = [_two_words(chance, texts) for _ in range(setting.size(_SEARCHES))]
    works: dict[str, Callable[[Any], object]] = {
        "batch": partial(_insert, rows),
        "cold": partial(_read, wanted),
        "points": partial(_read, wanted),
        "fts": partial(_search, terms),
    }
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in works}
    for number in range(setting.rounds):
        keyed = bare_database(setting.home / f"keyed-{number}.db", durable=False)
        plain = plain_database(setting.home / f"plain-{number}.db", durable=False)
        for connection in (keyed, plain):
            connection.execute(EVENT_TABLE)
            connection.execute(_SEARCH_TABLE)
            insert_all(connection, "INSERT INTO search (rowid, body) VALUES (?, ?)", list(enumerate(texts, start=1)))
        for name, work in works.items():
            mine, other = turns(number, partial(timed, partial(work, keyed)), partial(timed, partial(work, plain)))
            found[name][0].append(mine)
            found[name][1].append(other)
            if name == "batch":
                # Opened anew, so that the first reads find no page in the cache: each is checked and decrypted.
                keyed.close()
                plain.close()
                keyed = bare_database(setting.home / f"keyed-{number}.db", durable=False)
                plain = plain_database(setting.home / f"plain-{number}.db", durable=False)
        keyed.close()
        plain.close()
        _forget(setting.home, number)
    said: dict[str, tuple[str, Target | None]] = {
        "points": (
            f"{len(wanted)} point reads of events, the pages in the vault's cache of 64 MB",
            Target(at_most=1.3),
        ),
        "cold": ("the same reads on a connection just opened: every page is fetched once", None),
        "fts": (
            f"{len(terms)} ranked two-word searches over {len(texts)} notes",
            Target(at_most=1.5),
        ),
        "batch": (f"batched insert of {len(rows)} events", Target(at_most=1.6)),
    }
    return [
        Figure(
            id=f"B9.{name}",
            what=f"encryption tax: {what}",
            unit="s",
            product=found[name][0],
            beside_what="the same build of SQLCipher without a key",
            beside=found[name][1],
            target=target,
        )
        for name, (what, target) in said.items()
    ]


def _rows(setting: Setting) -> list[tuple[Any, ...]]:
    return [
        (
            event.number,
            event.number,
            1,
            1,
            event.number,
            1,
            1,
            event.verb,
            0,
            event.recorded_at,
            encode_body((event.zone, event.fields, event.over, event.reason, event.txn)),
        )
        for event in stream(setting.size(_EVENTS), seed=setting.seed)
    ]


def _insert(rows: Sequence[Sequence[Any]], connection: Any) -> None:
    for start in range(0, len(rows), _BATCH):
        insert_all(connection, INSERT_EVENT, rows[start : start + _BATCH])


def _read(wanted: Sequence[int], connection: Any) -> None:
    for number in wanted:
        connection.execute("SELECT body FROM event WHERE id = ?", (number,)).fetchone()


def _search(terms: Sequence[str], connection: Any) -> None:
    for term in terms:
        connection.execute(_FIND, (term,)).fetchall()


def _two_words(chance: Chance, texts: Sequence[str]) -> str:
    words = [word for word in chance.pick(texts).split() if word.isalpha() and len(word) > 3]
    return " ".join(f'"{word}"' for word in chance.some(words, 2))


def _forget(home: Path, number: int) -> None:
    for path in home.glob(f"*-{number}.db*"):
        path.unlink()
