"""Full-text search over what the record declarations say is searched; folded, ranked, and safe from its own syntax."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from advocate_app.domain.fields import Field, Kind, Record
from advocate_app.domain.folding_text import fold_text
from advocate_app.domain.merge import shown
from advocate_app.store import facts
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_rows import decode_body, in_lists
from advocate_app.store.projections.shelf import decode_state
from advocate_app.store.projections.tables import SEARCHED_TO, TABLES

# A record of one plain event keeps no state: that event comes with it.
_FROM: Final = """SELECT r.id, r.type, r.state, e.body
  FROM {records} r LEFT JOIN event e ON e.record = r.id AND r.state IS NULL AND e.state = 0"""
_NEW: Final = _FROM.format(records="(SELECT id, type, state FROM record WHERE id > ? ORDER BY id LIMIT ?)")
_CHANGED: Final = _FROM.format(
    records="(SELECT id, type, state FROM record WHERE unindexed = 1 AND id <= ? ORDER BY id LIMIT ?)"
)
_BY_ROW: Final = _FROM.format(records="record") + " WHERE r.id IN ({places})"
_ADD: Final = "INSERT INTO search (rowid, names, body) VALUES (?, ?, ?)"
_REMOVE: Final = "DELETE FROM search WHERE rowid = ?"
_DONE: Final = "UPDATE record SET unindexed = 0 WHERE unindexed = 1 AND id BETWEEN ? AND ?"
_PENDING: Final = """SELECT (SELECT count(*) FROM record WHERE unindexed = 1)
  + (SELECT count(*) FROM record WHERE id > ? AND unindexed = 0)"""
_FIND: Final = """SELECT r.id, r.record_id, r.type, r.client, r.status
  FROM (SELECT rowid AS row, rank FROM search WHERE search MATCH ? ORDER BY rank LIMIT ?) found
  JOIN record r ON r.id = found.row ORDER BY found.rank"""

_WORD: Final = re.compile(r"[^\W_]+")
_LONG: Final = Kind.LONG_TEXT
_AROUND: Final = 60
"""Characters of context on each side of the first word that was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One record that was found."""

    row: int
    record_id: bytes
    """16 bytes."""
    type: int
    """Record type number."""
    client: bytes | None
    status: int
    """A `Status`: struck records are found too, and are marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Where in a record the words stand. Its text names people: `repr` leaves it out."""

    field: str
    """Name of the field."""
    text: str
    """A piece of the field's text."""
    marks: tuple[tuple[int, int], ...]
    """(start, end) of each word found in `text`."""
    is_cut_before: bool
    is_cut_after: bool

    def __repr__(self) -> str:
        return f"Excerpt(field={self.field!r})"


def index_pending(tx: Writer, limit: int) -> int:
    """Take up to `limit` records into the search; how many were looked at, 0 when all are in."""
    searched_to = facts.find_number(tx, SEARCHED_TO)
    changed = tx.rows(_CHANGED, (searched_to, limit))
    fresh = tx.rows(_NEW, (searched_to, limit - len(changed)))
    tx.run_many(_REMOVE, [record[:1] for record in changed])
    for records in (changed, fresh):
        if records:
            tx.run_many(_ADD, _entries(records))
            tx.run(_DONE, (min(records)[0], max(records)[0]))
    if fresh:
        facts.put(tx, SEARCHED_TO, max(fresh)[0])
    return len(changed) + len(fresh)


def count_pending(db: Reader) -> int:
    """How many records are not in the search as they stand."""
    row = db.row(_PENDING, (facts.find_number(db, SEARCHED_TO),))
    assert row is not None
    return int(row[0])


def search(db: Reader, text: str, *, limit: int = 20) -> list[Hit]:
    """The records that hold every word of `text`, the last of which may be unfinished; names and titles come first."""
    asked = _match(text)
    if not asked:
        return []
    return [
        Hit(row=row, record_id=record_id, type=kind, client=client, status=status)
        for row, record_id, kind, client, status in db.rows(_FIND, (asked, limit))
    ]


def excerpts(db: Reader, hits: Sequence[Hit], *, text: str) -> list[Excerpt | None]:
    """For each hit the piece of it to show; None where the record has changed so that it no longer fits."""
    terms = _terms(text)
    if not terms:
        return [None for _ in hits]
    pattern = re.compile(
        r"(?<![^\W_])(?:" + "|".join((*[f"{term}(?![^\\W_])" for term in terms[:-1]], terms[-1])) + ")"
    )
    records = [row for sql, params in in_lists(_BY_ROW, [hit.row for hit in hits]) for row in db.rows(sql, params)]
    texts = dict(_texts(records))
    return [_excerpt(texts.get(hit.row, ()), pattern) for hit in hits]


_Texts = Sequence[tuple[Field, str]]


def _terms(text: str) -> list[str]:
    return _WORD.findall(fold_text(text))


def _match(text: str) -> str:
    """What FTS5 is asked: words only, each in quotes, so that nothing that is typed can be syntax."""
    terms = _terms(text)
    if not terms:
        return ""
    asked = " ".join(f'"{term}"' for term in terms) + "*"
    # One letter begins too many words: it is looked for among names only.
    return f"names : {asked}" if len(terms) == 1 and len(terms[0]) == 1 else asked


def _entries(records: Sequence[tuple[Any, ...]]) -> Iterable[tuple[int, str, str]]:
    for row, texts in _texts(records):
        names: list[str] = []
        body: list[str] = []
        for one, text in texts:
            (body if one.kind is _LONG else names).append(text)
        yield row, _words("\n".join(names)), _words("\n".join(body))


def _words(text: str) -> str:
    """The folded text as it is indexed: what counts as a word is told here, and not by the tokenizer's older tables."""
    folded = fold_text(text)
    return folded if folded.isascii() else " ".join(_WORD.findall(folded))


def _texts(records: Sequence[tuple[Any, ...]]) -> list[tuple[int, _Texts]]:
    """The searched texts of records (row id, type, state, first event); records without any are left out."""
    found: list[tuple[int, _Texts]] = []
    for row, kind, state, first in records:
        fields = _SEARCHED.get(kind)
        if fields is None or (state is None and first is None):
            continue
        values = decode_body(first).fields if state is None else _all_live(TABLES[kind].record, state)
        texts = [(one, text) for one in fields if (held := values.get(one.number)) for text in _pieces(held)]
        if texts:
            found.append((row, texts))
    return found


def _all_live(record: Record, data: bytes) -> Mapping[int, Any]:
    """What a record shows; of a field in conflict, every value: whichever a person knows, they find the record."""
    state = decode_state(data)
    values = dict(shown(record, state))
    for number, live in state.items():
        if len(live) > 1 and number in record.direct:
            values[number] = [value for _, value in live]
    return values


def _pieces(value: Any) -> list[str]:
    if type(value) is str:
        return [value]
    return [piece for piece in value if isinstance(piece, str)] if isinstance(value, list) else []


def _searched(record: Record) -> tuple[Field, ...]:
    return tuple(one for one in record.fields if one.searched)


_SEARCHED: Final[Mapping[int, tuple[Field, ...]]] = {
    number: _searched(table.record) for number, table in TABLES.items() if table.has_rows and table.searched
}
"""Record type number to its searched fields."""


def _excerpt(texts: _Texts, pattern: re.Pattern[str]) -> Excerpt | None:
    for one, text in texts:
        folded, places = _folded(text)
        marks = [(places[found.start()], places[found.end() - 1] + 1) for found in pattern.finditer(folded)]
        if marks:
            start = max(0, marks[0][0] - _AROUND)
            end = min(len(text), marks[0][1] + _AROUND)
            return Excerpt(
                field=one.name,
                text=text[start:end],
                marks=tuple((first - start, last - start) for first, last in marks if last <= end),
                is_cut_before=start > 0,
                is_cut_after=end < len(text),
            )
    return None


class _Letters(dict[str, str]):
    """Each character to what folding makes of it."""

    def __missing__(self, char: str) -> str:
        self[char] = folded = fold_text(char)
        return folded


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place in `text` that it came from."""
    letters = _Letters()
    pieces = [letters[char] for char in text]
    folded = "".join(pieces)
    if len(folded) == len(text) and all(map(len, pieces)):
        return folded, range(len(text))
    return folded, [place for place, piece in enumerate(pieces) for _ in piece]
