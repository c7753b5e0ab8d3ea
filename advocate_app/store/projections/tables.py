"""The tables that lists are read from, one a record type, made from the record declarations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import msgspec

from advocate_app.domain.fields import Field, Kind, Record
from advocate_app.domain.records import RECORDS
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
_LISTS: Final = frozenset({Kind.TEXTS, Kind.CHOICES, Kind.IDS, Kind.SHARES})
_FORMAT: Final = 1
"""Raise it when what the projections write changes without a change of the declarations."""

_SEARCH_DDL: Final = (
    "CREATE VIRTUAL TABLE search USING fts5(names, body, content='', contentless_delete=1,"
    " tokenize='unicode61 remove_diacritics 0')"
)
_PENDING_DDL: Final = "CREATE INDEX record_pending ON record (id) WHERE unindexed = 1"


@dataclass(frozen=True, slots=True)
class Table:
    """How records of one type become rows of their table."""

    record: Record
    name: str
    columns: tuple[Field, ...]
    """The listed fields, in the order of their columns after the basic ones."""
    insert: str
    replace: str
    delete: str
    numbers: tuple[int, ...]
    lists: tuple[int, ...]
    """Places among the columns whose values are lists or maps: they are written as JSON."""
    moment: int | None
    client: int | None
    """Number of the field that names the client; None when there is none, or when the record is the client."""
    is_client: bool
    searched: frozenset[int]
    """Numbers of the fields that go into the search."""
    has_rows: bool
    """False for machinery: it is folded, and stands in no list."""

    def cells(self, value_of: Callable[[int], Any]) -> tuple[Any, ...]:
        """The cells of the listed fields, given what each field (by number) shows."""
        cells = tuple(map(value_of, self.numbers))
        if not self.lists:
            return cells
        written = list(cells)
        for place in self.lists:
            if written[place]:
                written[place] = _JSON.encode(written[place]).decode()
        return tuple(written)

    def statements(self) -> list[str]:
        """What makes the table and its indexes."""
        if not self.has_rows:
            return []
        columns = ["record INTEGER PRIMARY KEY", "client BLOB", "at TEXT NOT NULL", "standing INTEGER NOT NULL"]
        columns += [f'"{one.name}" ANY' for one in self.columns]
        made = [f"CREATE TABLE {self.name} ({', '.join(columns)}) STRICT"]
        if self.client is not None:
            made.append(f"CREATE INDEX {self.name}_of_client ON {self.name} (client, at)")
        more = INDEXES.get(self.record.name, ())
        return made + [f'CREATE INDEX {self.name}_by_{column} ON {self.name} ("{column}")' for column in more]


def _table(record: Record) -> Table:
    columns = tuple(one for one in record.fields if one.listed and one.name not in BASICS)
    name = f"r_{record.name}"
    values = f"{name} VALUES ({','.join('?' * (len(BASICS) + len(columns)))})"
    moment = MOMENTS.get(record.name)
    client = record.by_name.get("client")
    return Table(
        record=record,
        name=name,
        columns=columns,
        insert=f"INSERT INTO {values}",
        replace=f"INSERT OR REPLACE INTO {values}",
        delete=f"DELETE FROM {name} WHERE record = ?",  # noqa: S608  the name is declared, not given
        numbers=tuple(one.number for one in columns),
        lists=tuple(place for place, one in enumerate(columns) if one.kind in _LISTS),
        moment=record.field(moment).number if moment else None,
        client=client.number if client else None,
        is_client=record.name == "client",
        searched=frozenset(one.number for one in record.fields if one.searched),
        has_rows=not record.machinery,
    )


TABLES: Final[Mapping[int, Table]] = {record.number: _table(record) for record in RECORDS}
"""Record type number to its table."""


def version() -> str:
    """Names what the projections make: it differs whenever they would come out differently."""
    declared = [_PENDING_DDL, _SEARCH_DDL, str(_FORMAT)]
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
    tx.run(_PENDING_DDL)
    tx.run(_SEARCH_DDL)


def drop_tables(tx: Writer) -> None:
    """Drop every projected table, also those that an older or newer program made."""
    tx.run("DROP INDEX IF EXISTS record_pending")
    tx.run("DROP TABLE IF EXISTS search")
    for name in typed_tables(tx):
        tx.run(f'DROP TABLE "{name}"')


def typed_tables(db: Reader) -> list[str]:
    """The names of the typed tables that are there."""
    return [name for (name,) in db.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'r_*'")]
