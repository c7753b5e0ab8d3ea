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
from advocate_app.store.projections.tables import TABLES, Table
from advocate_app.store.projections.touched import Touched

encode_state: Final = msgspec.msgpack.Encoder().encode
decode_state: Final = msgspec.msgpack.Decoder(dict[int, list[list[Any]]]).decode

_INSERT: Final = "INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
_UPDATE: Final = """UPDATE record SET client = ?, status = ?, conflicts = ?, state = ?, last_index = ?, unlogged = ?,
  unindexed = max(unindexed, ?), updated_at = ? WHERE id = ?"""
_LATEST_MS: Final = 253_402_300_799_999
"""The last millisecond of the year 9999."""


class Shelf:
    """Rows on their way into the projected tables."""

    def __init__(self) -> None:
        self._new: list[tuple[Any, ...]] = []
        self._changed: list[tuple[Any, ...]] = []
        self._new_rows: dict[int, list[tuple[Any, ...]]] = {}
        self._changed_rows: dict[int, list[tuple[Any, ...]]] = {}
        self._gone: dict[int, list[tuple[int]]] = {}
        self._types: set[int] = set()
        self._clients: set[bytes] = set()
        self._records: list[bytes] = []

    def put_simple(self, one: Touched, *, table: Table, fields: Mapping[int, Any], state: State) -> None:
        """A record whose state is that of one first write: what it shows is what was written."""
        self._put(one, table=table, values=fields, state=state, status=0, conflicts=0)

    def put(self, one: Touched, *, table: Table, state: State) -> None:
        """A record in any state."""
        record = table.record
        settled = len(state) == sum(map(len, state.values())) and REMOVED not in state
        self._put(
            one,
            table=table,
            values=shown(record, state),
            state=state,
            status=int(status_of(record, state)),
            conflicts=0 if settled else len(conflicts_of(record, state)),
        )

    def put_bare(self, one: Touched) -> None:
        """A record of which nothing can be folded: no event of it is applied, or its type is unknown."""
        self._types.add(one.type)
        self._records.append(one.record_id)
        if one.is_new:
            self._new.append(
                (
                    one.row,
                    one.record_id,
                    one.type,
                    one.compartment,
                    None,
                    0,
                    0,
                    None,
                    one.last_index,
                    one.unlogged,
                    0,
                    0,
                )
            )
        else:
            table = TABLES.get(one.type)
            unindexed = 1 if table is not None and table.searched else 0
            self._changed.append((None, 0, 0, None, one.last_index, one.unlogged, unindexed, one.updated_at, one.row))
            if table is not None and table.has_rows:
                self._gone.setdefault(one.type, []).append((one.row,))

    def write(self, tx: Writer) -> Changes:
        """Write it all, and say what changed."""
        if self._new:
            tx.run_many(_INSERT, self._new)
        if self._changed:
            tx.run_many(_UPDATE, self._changed)
        for kind, rows in self._new_rows.items():
            tx.run_many(TABLES[kind].insert, rows)
        for kind, rows in self._changed_rows.items():
            tx.run_many(TABLES[kind].replace, rows)
        for kind, gone in self._gone.items():
            tx.run_many(TABLES[kind].delete, gone)
        topics = frozenset(map(topic_of, self._types))
        tx.changes.update(topics)
        return Changes(topics=topics, clients=frozenset(self._clients), records=frozenset(self._records))

    def _put(
        self, one: Touched, *, table: Table, values: Mapping[int, Any], state: State, status: int, conflicts: int
    ) -> None:
        client = one.record_id if table.is_client else values.get(table.client) if table.client is not None else None
        self._types.add(one.type)
        self._records.append(one.record_id)
        for touched in (client, one.client):
            if touched is not None:
                self._clients.add(touched)
        data = encode_state(state)
        unindexed = 1 if one.reindex and table.searched else 0
        if one.is_new:
            self._new.append(
                (
                    one.row,
                    one.record_id,
                    one.type,
                    one.compartment,
                    client,
                    status,
                    conflicts,
                    data,
                    one.last_index,
                    one.unlogged,
                    unindexed,
                    one.updated_at,
                )
            )
        else:
            self._changed.append(
                (client, status, conflicts, data, one.last_index, one.unlogged, unindexed, one.updated_at, one.row)
            )
        if table.has_rows:
            at = values.get(table.moment) if table.moment is not None else None
            rows = self._new_rows if one.is_new else self._changed_rows
            rows.setdefault(one.type, []).append(
                (one.row, client, at or _made_at(one.record_id), status, *table.cells(values.get))
            )


def topic_of(kind: int) -> Topic:
    """The topic of a record type (number)."""
    table = TABLES.get(kind)
    return Topic.OTHER if table is None else TOPIC_OF_RECORD.get(table.record.name, Topic.OTHER)


def _made_at(record_id: bytes) -> str:
    """When a record was begun, as its id (UUIDv7) tells: UTC, to the minute."""
    ms = min(int.from_bytes(record_id[:6], "big"), _LATEST_MS)
    return datetime.fromtimestamp(ms / 1000, tz=UTC).strftime("%Y-%m-%dT%H:%M")
