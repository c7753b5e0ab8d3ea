"""B10: ranked search of two terms over 20,000 notes, beside the raw FTS5 query."""

from collections.abc import Sequence
from functools import partial
from time import perf_counter
from typing import Final

from advocate_app.base.clock import FixedClock
from advocate_app.base.errors import Bug, Refusal
from advocate_app.base.ids import SeededIds
from advocate_app.domain.folding_text import fold_text
from advocate_app.sample.chance import Chance
from advocate_app.store import event_log, search
from advocate_app.store.event_log import Author
from advocate_app.store.vault import Vault
from bench.measure import Figure, Setting, Target
from bench.notes import new_notes, note_texts
from bench.vaults import MEMBER, ROLES, make_vault

_NOTES: Final = 20_000
_SEARCHES: Final = 200
_BATCH: Final = 1000
_RAW: Final = "SELECT rowid, rank FROM search WHERE search MATCH ? ORDER BY rank LIMIT 20"


def measure(setting: Setting) -> list[Figure]:
    """The 95th percentile of searches as the window makes them, in ms; words are picked from the notes."""
    count = setting.size(_NOTES)
    vault = make_vault(setting.home / "searching")
    _fill(vault, count=count, seed=setting.seed)
    chance = Chance(setting.seed)
    texts = note_texts(min(count, 2000), seed=setting.seed)
    asked = [_two_words(chance, texts) for _ in range(setting.size(_SEARCHES))]
    product: list[float] = []
    beside: list[float] = []
    for _ in range(setting.rounds):
        mine, other = _round(vault, asked)
        product.append(mine)
        beside.append(other)
    vault.close()
    return [
        Figure(
            id="B10",
            what=f"search over {count} notes, two terms, ranked, 20 hits with their records: p95",
            unit="ms",
            product=product,
            beside_what="raw FTS5 query on the same connection: row ids and rank only, p95",
            beside=beside,
            target=Target(at_most=2.0),
        ),
        Figure(
            id="B10.p95",
            what="the same p95, as time",
            unit="ms",
            product=product,
            target=Target(at_most=10.0, of_median=True),
        ),
    ]


def _fill(vault: Vault, *, count: int, seed: int) -> None:
    clock = FixedClock(0)
    author = Author(member=MEMBER, roles=ROLES, cited=1, clock=clock, ids=SeededIds(clock, seed=2))
    events = new_notes(count, seed=seed)
    for start in range(0, count, _BATCH):
        with vault.write_page() as tx:
            done = event_log.append(tx, events=events[start : start + _BATCH], author=author)
            if isinstance(done, Refusal):
                raise Bug("bench: the log refused a note")
    more = 1
    while more:
        with vault.write_page() as tx:
            more = search.index_pending(tx, limit=_BATCH)


def _round(vault: Vault, asked: Sequence[str]) -> tuple[float, float]:
    mine: list[float] = []
    other: list[float] = []
    for at, text in enumerate(asked):
        raw = " ".join(f'"{word}"' for word in text.split()) + "*"
        with vault.read() as db:
            both = (
                (mine, partial(search.search, db, text, limit=20)),
                (other, partial(db.rows, _RAW, (raw,))),
            )
            # Whoever asks second finds the pages warm, so they take turns within the round.
            for times, work in both if at % 2 else reversed(both):
                start = perf_counter()
                work()
                times.append(1000 * (perf_counter() - start))
    return _p95(mine), _p95(other)


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


def _two_words(chance: Chance, texts: Sequence[str]) -> str:
    words = [word for word in fold_text(chance.pick(texts)).split() if word.isalpha() and len(word) > 3]
    return " ".join(chance.some(words, 2))
