"""Records that a transaction touches: found, or made, before anything is folded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from advocate_app.store.connection import Reader
from advocate_app.store.event_rows import in_lists

RecordKey = tuple[bytes, int, int]
"""Record id (16 bytes), compartment row, record type number: what makes two events speak of one record."""


class Fresh(NamedTuple):
    """One applied event on its way into its record; `over` names local ids."""

    id: int
    log_index: int | None
    no: int | None
    verb: int
    fields: Mapping[int, Any]
    over: Mapping[int, Sequence[int]]
    author: bytes
    recorded_at: int
    zone: int
    reason: str | None


class Touched:
    """One record, as the tables have it (or about to be made), and the events that come to it."""

    __slots__ = (
        "client",
        "compartment",
        "fresh",
        "is_new",
        "last_index",
        "record_id",
        "reindex",
        "row",
        "state",
        "type",
        "unlogged",
        "updated_at",
    )

    def __init__(self, row: int, record_id: bytes, type: int, compartment: int) -> None:  # noqa: A002  as the column
        self.row = row
        self.record_id = record_id
        self.type = type
        self.compartment = compartment
        self.is_new = True
        self.reindex = True
        self.client: bytes | None = None
        self.state: bytes | None = None
        self.last_index = 0
        self.unlogged = 0
        self.updated_at = 0
        self.fresh: list[Fresh] = []

    @property
    def is_empty(self) -> bool:
        """Whether no event of it has been applied so far."""
        return self.is_new or not (self.last_index or self.unlogged)


_BY_RECORD_ID: Final = """SELECT id, record_id, type, compartment, client, state, last_index, unlogged, updated_at
  FROM record WHERE record_id IN ({places})"""
_BY_ROW: Final = """SELECT id, record_id, type, compartment, client, state, last_index, unlogged, updated_at
  FROM record WHERE id IN ({places})"""
_LAST: Final = """SELECT ifnull((SELECT max(id) FROM record), 0),
  ifnull((SELECT max(record_id) FROM record), x'')"""


class Records:
    """The records that the events of one transaction speak of: found, or made with the next row ids."""

    def __init__(self, db: Reader, keys: Sequence[RecordKey]) -> None:
        last = db.row(_LAST)
        assert last is not None
        self._last_row: int = last[0]
        newest: bytes = last[1]
        self._touched: dict[RecordKey, Touched] = {}
        seen = set(keys)
        # Ids grow with time, so most that are new are greater than all that are known, and need no looking for.
        known = {key[0] for key in seen if key[0] <= newest}
        for sql, params in in_lists(_BY_RECORD_ID, list(known)):
            for row in db.rows(sql, params):
                self._touched[row[1], row[3], row[2]] = _touched(row)
        self.new_once = seen - self._touched.keys()
        """The keys of new records that one event speaks of."""
        if len(seen) < len(keys):
            self.new_once -= {key for key, count in Counter(keys).items() if count > 1}

    def next_row(self) -> int:
        """The row id of one more record."""
        self._last_row += 1
        return self._last_row

    def touch(self, key: RecordKey) -> Touched:
        """The record of this key."""
        one = self._touched.get(key)
        if one is None:
            one = self._touched[key] = Touched(self.next_row(), key[0], key[2], key[1])
        return one

    def touched(self) -> list[Touched]:
        """Every record that was touched, and those that were found."""
        return list(self._touched.values())


def find(db: Reader, rows: Sequence[int]) -> list[Touched]:
    """The records in these rows; those that are not there are left out."""
    return [_touched(row) for sql, params in in_lists(_BY_ROW, rows) for row in db.rows(sql, params)]


def _touched(row: tuple[Any, ...]) -> Touched:
    number, record_id, kind, compartment, client, state, last_index, unlogged, updated_at = row
    one = Touched(number, record_id, kind, compartment)
    one.is_new = one.reindex = False
    one.client, one.state = client, state
    one.last_index, one.unlogged, one.updated_at = last_index, unlogged, updated_at
    return one
