"""Rows of lists: records of one type with their listed fields, of a client or of the agency, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from advocate_app.store.connection import Reader
from advocate_app.store.projections.tables import TABLES, Table

Place = tuple[str, int]
"""Where a page ended: what its last row is ordered by, and that record's row id. The next page starts behind it."""

NEWEST: Final[Place] = ("￿", 0)
"""Before the first page, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One record as a list shows it. It names people: `repr` leaves them out."""

    row: int
    record_id: bytes
    """16 bytes."""
    type: int
    client: bytes | None
    at: str
    """When it happened or is due: ISO local time, or a partial date."""
    status: int
    """A `Status`."""
    conflicts: int
    unlogged: int
    """How many of its events are not on the server yet."""
    values: Mapping[str, Any]
    """The listed fields by name; lists as lists."""

    @property
    def place(self) -> Place:
        """Where this row stands in its list."""
        return self.at, self.row

    def __repr__(self) -> str:
        return f"Listed(row={self.row}, type={self.type})"


_TIMELINE_TYPES: Final = tuple(number for number, table in TABLES.items() if table.has_rows and table.moment)


def list_of_client(
    db: Reader, *, client: bytes, kind: int, struck: bool = False, before: Place = NEWEST, limit: int = 100
) -> list[Listed]:
    """A client's records of one type (number), the newest first."""
    table = TABLES[kind]
    sql = f"""{_columns(table)}
      WHERE substr(r.client, 12) = substr(?, 12) AND r.type = ? AND r.client = ? AND (? OR r.status <> 2)
      AND (t.at, t.record) < (?, ?) ORDER BY t.at DESC, t.record DESC LIMIT ?"""
    return [_listed(table, row) for row in db.rows(sql, (client, kind, client, struck, *before, limit))]


def list_unfiled(db: Reader, *, kind: int, before: Place = NEWEST, limit: int = 100) -> list[Listed]:
    """Records of one type (number) that belong to no client yet, the newest first."""
    table = TABLES[kind]
    sql = f"""{_columns(table)} WHERE t.client IS NULL AND t.standing <> 2 AND (t.at, t.record) < (?, ?)
      ORDER BY t.at DESC, t.record DESC LIMIT ?"""
    return [_listed(table, row) for row in db.rows(sql, (*before, limit))]


def list_timeline(db: Reader, *, client: bytes, before: Place = NEWEST, limit: int = 50) -> list[Listed]:
    """All that happened with a client, of every type that has a time of its own, the newest first."""
    found = [
        one
        for kind in _TIMELINE_TYPES
        for one in list_of_client(db, client=client, kind=kind, struck=True, before=before, limit=limit)
    ]
    return sorted(found, key=lambda one: one.place, reverse=True)[:limit]


def count_of_client(db: Reader, *, client: bytes) -> dict[int, int]:
    """How many records of each type (number) a client has, struck ones left out."""
    return dict(
        db.rows(
            """SELECT type, count(*) FROM record
              WHERE substr(client, 12) = substr(?, 12) AND client = ? AND status <> 2 GROUP BY type""",
            (client, client),
        )
    )


def find_listed(db: Reader, *, row: int) -> Listed | None:
    """The record in this row as a list shows it; None when it stands in none."""
    kind = db.row("SELECT type FROM record WHERE id = ?", (row,))
    table = TABLES.get(kind[0]) if kind is not None else None
    if table is None or not table.has_rows:
        return None
    found = db.row(f"{_columns(table)} WHERE t.record = ?", (row,))
    return None if found is None else _listed(table, found)


def list_tasks_due(
    db: Reader, *, until: str, owner: bytes | None = None, after: Place = ("", 0), limit: int = 100
) -> list[Listed]:
    """Open tasks due before `until` (ISO local time), the earliest first; of one `owner` (member id) or all."""
    table = _table("task")
    sql = f"""{_columns(table)} WHERE t.due < ? AND (t.due, t.record) > (?, ?) AND t.standing <> 2
      AND ifnull(t.status, 'open') = 'open' AND (? IS NULL OR t.owner = ?)
      ORDER BY t.due, t.record LIMIT ?"""
    return [_listed(table, row) for row in db.rows(sql, (until, *after, owner, owner, limit))]


def list_reviews(db: Reader, *, subject: bytes | None = None, pending_only: bool = True) -> list[Listed]:
    """Reviews that wait for a decision, the oldest first; `subject` (record id) names those of one record."""
    table = _table("review")
    sql = f"""{_columns(table)} WHERE t.standing <> 2 AND (? IS NULL OR t.subject = ?)
      AND (NOT ? OR (ifnull(t.decision, 'pending') = 'pending' AND t.resolved_on IS NULL))
      ORDER BY t.at, t.record"""
    return [_listed(table, row) for row in db.rows(sql, (subject, subject, pending_only))]


def _table(name: str) -> Table:
    return next(table for table in TABLES.values() if table.record.name == name)


def _columns(table: Table) -> str:
    listed = "".join(f', t."{one.name}"' for one in table.columns)
    return f"""SELECT r.id, r.record_id, r.type, r.client, t.at, r.status, r.conflicts, r.unlogged{listed}
      FROM record r JOIN {table.name} t ON t.record = r.id"""  # noqa: S608  made of declared names


def _listed(table: Table, row: tuple[Any, ...]) -> Listed:
    number, record_id, kind, client, at, status, conflicts, unlogged, *cells = row
    values = {one.name: cell for one, cell in zip(table.columns, cells, strict=True) if cell is not None}
    for one in table.columns:
        if one.kind in table.LISTS and isinstance(values.get(one.name), str):
            values[one.name] = msgspec.json.decode(values[one.name])
    if table.client and client is not None:
        values["client"] = client
    return Listed(
        row=number,
        record_id=record_id,
        type=kind,
        client=client,
        at=at,
        status=status,
        conflicts=conflicts,
        unlogged=unlogged,
        values=values,
    )
