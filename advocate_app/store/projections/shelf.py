"""What a folded record becomes in the tables, gathered so that one transaction writes each table once."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from advocate_app.domain.folding import REMOVED
from advocate_app.domain.merge import State, shown
from advocate_app.domain.view import conflicts_of, status_of
from advocate_app.store.changes import TOPIC_OF_RECORD, Changes, Topic
from advocate_app.store.connection import Writer
from advocate_app.store.projections.shapes import Shape
from advocate_app.store.projections.tables import TABLES, Table
from advocate_app.store.projections.touched import Touched

encode_state: Final = msgspec.msgpack.Encoder().encode
decode_state: Final = msgspec.msgpack.Decoder(dict[int, list[list[Any]]]).decode

_INSERT: Final = """INSERT INTO record
  (id, record_id, type, compartment, client, last_index, unlogged, updated_at, status, conflicts, state, unindexed)
  VALUES (?,?,?,?,?,?,?,?,?,?,?,0)"""
_INSERT_FIRST: Final = """INSERT INTO record
  (id, record_id, type, compartment, client, last_index, unlogged, updated_at, unindexed) VALUES (?,?,?,?,?,?,?,?,0)"""
_UPDATE: Final = """UPDATE record SET client = ?, last_index = ?, unlogged = ?, updated_at = ?, status = ?,
  conflicts = ?, state = ?, unindexed = max(unindexed, ?) WHERE id = ?"""
_LATEST_MS: Final = 253_402_300_799_999
"""The last millisecond of the year 9999."""

_Row = tuple[Any, ...]


class Shelf:
    """Rows on their way into the projected tables."""

    def __init__(self) -> None:
        self._first: list[_Row] = []
        self._new: list[_Row] = []
        self._changed: list[_Row] = []
        self._rows: dict[str, list[_Row]] = {}
        self._types: set[int] = set()
        self._clients: set[bytes | None] = set()
        self._records: list[bytes] = []

    def put_first(
        self,
        row: int,
        *,
        record_id: bytes,
        compartment: int,
        shape: Shape,
        fields: Mapping[int, Any],
        log_index: int | None,
        recorded_at: int,
    ) -> None:
        """A new record of one plain event: what it shows is what was written, and its event is all its state."""
        table = shape.table
        assert table is not None
        kind = table.record.number
        client = record_id if table.is_client else fields.get(table.client)
        logged, unlogged = (0, 1) if log_index is None else (log_index, 0)
        self._first.append((row, record_id, kind, compartment, client, logged, unlogged, recorded_at))
        self._types.add(kind)
        self._records.append(record_id)
        self._clients.add(client)
        if table.has_rows:
            at = fields.get(table.moment) or _made_at(record_id)
            line = (row, client, at, *shape.cells(fields))
            rows = self._rows.get(shape.insert)
            if rows is None:
                self._rows[shape.insert] = [line]
            else:
                rows.append(line)

    def put(self, one: Touched, *, table: Table, state: State, keep_state: bool = True) -> None:
        """A record in any state."""
        record = table.record
        values = shown(record, state)
        value_of = values.get
        client = one.record_id if table.is_client else value_of(table.client)
        status = int(status_of(record, state))
        settled = len(state) == sum(map(len, state.values())) and REMOVED not in state
        conflicts = 0 if settled else len(conflicts_of(record, state))
        data = encode_state(state) if keep_state else None
        folded = (client, one.last_index, one.unlogged, one.updated_at, status, conflicts, data)
        if one.is_new:
            self._new.append((one.row, one.record_id, one.type, one.compartment, *folded))
        else:
            self._changed.append((*folded, table.unindexed if one.reindex else 0, one.row))
        self._note(one, client)
        if table.has_rows:
            at = value_of(table.moment) or _made_at(one.record_id)
            self._rows.setdefault(table.replace, []).append((one.row, client, at, status, *table.cells(value_of)))

    def put_bare(self, one: Touched) -> None:
        """A record of which nothing can be folded: no event of it is applied, or its type is unknown."""
        self._note(one, None)
        if one.is_new:
            self._first.append((one.row, one.record_id, one.type, one.compartment, None, 0, 0, 0))
            return
        table = TABLES.get(one.type)
        unindexed = 0 if table is None else table.unindexed
        self._changed.append((None, one.last_index, one.unlogged, one.updated_at, 0, 0, None, unindexed, one.row))
        if table is not None and table.has_rows:
            self._rows.setdefault(table.delete, []).append((one.row,))

    def write(self, tx: Writer) -> Changes:
        """Write it all, and say what changed."""
        for sql, rows in ((_INSERT_FIRST, self._first), (_INSERT, self._new), (_UPDATE, self._changed)):
            if rows:
                tx.run_many(sql, rows)
        for sql, rows in self._rows.items():
            tx.run_many(sql, rows)
        topics = frozenset(map(topic_of, self._types))
        tx.changes.update(topics)
        clients = frozenset(client for client in self._clients if client is not None)
        return Changes(topics=topics, clients=clients, records=frozenset(self._records))

    def _note(self, one: Touched, client: bytes | None) -> None:
        self._types.add(one.type)
        self._records.append(one.record_id)
        self._clients.add(client)
        if one.client is not None:
            self._clients.add(one.client)


def topic_of(kind: int) -> Topic:
    """The topic of a record type (number)."""
    table = TABLES.get(kind)
    return Topic.OTHER if table is None else TOPIC_OF_RECORD.get(table.record.name, Topic.OTHER)


def _made_at(record_id: bytes) -> str:
    """When a record was begun, as its id (UUIDv7) tells: UTC, to the minute."""
    ms = min(int.from_bytes(record_id[:6], "big"), _LATEST_MS)
    return datetime.fromtimestamp(ms / 1000, tz=UTC).strftime("%Y-%m-%dT%H:%M")
