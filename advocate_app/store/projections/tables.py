"""The tables that lists are read from, one a record type, made from the record declarations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar, Final

import msgspec

from advocate_app.domain.fields import Field, Kind, Record
from advocate_app.domain.records import RECORDS
from advocate_app.store import facts
from advocate_app.store.connection import Reader, Writer

BASICS: Final = ("record", "client", "at", "standing")
"""The columns that every typed table has: row id of the record; its client; when it happened; its Status."""

MOMENTS: Final[Mapping[str, str]] = {
    "contact": "started_at",
    "case": "opened_on",
    "service": "date",
    "task": "due",
    "note": "occurred_at",
}
"""Record type to the field that says when it happened (or is due)."""

INDEXES: Final[Mapping[str, tuple[str, ...]]] = {
    "client": ("code",),
    "case": ("next_due",),
    "task": ("due",),
    "review": ("subject",),
}
"""Record type to the columns that a list of the whole agency is ordered by."""

_JSON: Final = msgspec.json.Encoder()
_FORMAT: Final = 1
"""Raise it when what the projections write changes without a change of the declarations."""

_SEARCH: Final = (
    # The text stays where it is: the index holds words and places only. It is folded before, so the tokenizer need not.
    """CREATE VIRTUAL TABLE search USING fts5(names, body, content='', contentless_delete=1,
      tokenize='unicode61 remove_diacritics 0')""",
    "INSERT INTO search (search, rank) VALUES ('rank', 'bm25(8.0, 1.0)')",
)
SEARCHED_TO: Final = "searched_to"
"""The fact that tells up to which row id new records have been taken into the search."""
_RECORD_INDEXES: Final = (
    "CREATE INDEX record_pending ON record (id) WHERE unindexed = 1",
    # The last five bytes of a client's id are random and tell clients apart: an index of a quarter of the size, which
    # is a quarter of the pages that a pull writes. Queries ask for both, the tail and the whole.
    "CREATE INDEX record_of_client ON record (substr(client, 12), type) WHERE client IS NOT NULL",
)


@dataclass(frozen=True, slots=True)
class Table:
    """How records of one type become rows of their table."""

    record: Record
    name: str
    columns: tuple[Field, ...]
    """The listed fields, in the order of their columns after the basic ones."""
    numbers: tuple[int, ...]
    """Their numbers."""
    replace: str
    delete: str
    moment: int
    """Number of the field that says when it happened; 0, which no field has, when there is none."""
    client: int
    """Number of the field that names the client; 0 when there is none, or when the record is the client."""
    is_client: bool
    searched: frozenset[int]
    """Numbers of the fields that go into the search."""
    unindexed: int
    """1 when a record of this type is to be taken into the search anew once it has changed."""
    has_rows: bool
    """False for machinery: it is folded, and stands in no list."""

    LISTS: ClassVar[frozenset[Kind]] = frozenset({Kind.TEXTS, Kind.CHOICES, Kind.IDS, Kind.SHARES})
    """Kinds whose values are lists or maps: their cells are JSON."""

    def cells(self, value_of: Callable[[int], Any]) -> tuple[Any, ...]:
        """The cells of all listed fields, given what each field (by number) shows."""
        return self.cells_of(self.numbers, value_of)

    def cells_of(self, numbers: Sequence[int], value_of: Callable[[int], Any]) -> tuple[Any, ...]:
        """The cells of these fields."""
        return tuple(
            _JSON.encode(value).decode() if type(value) is list or type(value) is dict else value
            for value in map(value_of, numbers)
        )

    def insert_of(self, columns: str, count: int) -> str:
        """The statement that adds a row with the basic columns but `standing`, and with `count` further `columns`."""
        basics = "record, client, at" + (", " if count else "")
        return f"INSERT INTO {self.name} ({basics}{columns}) VALUES ({','.join('?' * (count + 3))})"  # noqa: S608  # declared names

    def statements(self) -> list[str]:
        """What makes the table and its indexes."""
        if not self.has_rows:
            return []
        columns = [
            "record INTEGER PRIMARY KEY",
            "client BLOB",
            "at TEXT NOT NULL",
            "standing INTEGER NOT NULL DEFAULT 0",
        ]
        columns += [f'"{one.name}" ANY' for one in self.columns]
        made = [f"CREATE TABLE {self.name} ({', '.join(columns)}) STRICT"]
        if self.client:
            made.append(f"CREATE INDEX {self.name}_unfiled ON {self.name} (at) WHERE client IS NULL")
        more = INDEXES.get(self.record.name, ())
        return made + [f'CREATE INDEX {self.name}_by_{column} ON {self.name} ("{column}")' for column in more]


def _table(record: Record) -> Table:
    columns = tuple(one for one in record.fields if one.listed and one.name not in BASICS)
    name = f"r_{record.name}"
    values = f"{name} VALUES ({','.join('?' * (len(BASICS) + len(columns)))})"
    written = (*BASICS[1:], *(one.name for one in columns))
    changes = ", ".join(f'"{column}" = excluded."{column}"' for column in written)
    moment = MOMENTS.get(record.name)
    client = record.by_name.get("client")
    searched = frozenset(one.number for one in record.fields if one.searched)
    return Table(
        record=record,
        name=name,
        columns=columns,
        replace=f"INSERT INTO {values} ON CONFLICT (record) DO UPDATE SET {changes}",
        delete=f"DELETE FROM {name} WHERE record = ?",  # noqa: S608  the name is declared, not given
        numbers=tuple(one.number for one in columns),
        moment=record.field(moment).number if moment else 0,
        client=client.number if client else 0,
        is_client=record.name == "client",
        searched=searched,
        unindexed=1 if searched and not record.machinery else 0,
        has_rows=not record.machinery,
    )


TABLES: Final[Mapping[int, Table]] = {record.number: _table(record) for record in RECORDS}
"""Record type number to its table."""


def version() -> str:
    """Names what the projections make: it differs whenever they would come out differently."""
    declared = [*_RECORD_INDEXES, *_SEARCH, str(_FORMAT)]
    for table in TABLES.values():
        declared += table.statements()
        declared += [
            f"{one.number} {one.kind} {one.merge} {one.group} {one.order} {one.searched}" for one in table.record.fields
        ]
    return sha256("\n".join(declared).encode()).hexdigest()[:32]


def make_tables(tx: Writer) -> None:
    """Make every projected table, empty."""
    for table in TABLES.values():
        for statement in table.statements():
            tx.run(statement)
    for statement in (*_RECORD_INDEXES, *_SEARCH):
        tx.run(statement)


def drop_tables(tx: Writer) -> None:
    """Drop every projected table, also those that an older or newer program made."""
    for name in ("record_pending", "record_of_client"):
        tx.run(f"DROP INDEX IF EXISTS {name}")
    tx.run("DROP TABLE IF EXISTS search")
    facts.drop(tx, SEARCHED_TO)
    for name in typed_tables(tx):
        tx.run(f'DROP TABLE "{name}"')


def typed_tables(db: Reader) -> list[str]:
    """The names of the typed tables that are there."""
    return [name for (name,) in db.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'r_*'")]
