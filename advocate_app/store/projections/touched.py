"""Records that a transaction touches: found, or made, before anything is folded."""

from collections.abc import Iterable, Mapping, Sequence
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

    def __init__(
        self,
        *,
        row: int,
        record_id: bytes,
        type: int,  # noqa: A002  as the column
        compartment: int,
        is_new: bool,
        client: bytes | None = None,
        state: bytes | None = None,
        last_index: int = 0,
        unlogged: int = 0,
        updated_at: int = 0,
    ) -> None:
        self.row = row
        self.record_id = record_id
        self.type = type
        self.compartment = compartment
        self.is_new = is_new
        self.client = client
        self.state = state
        self.last_index = last_index
        self.unlogged = unlogged
        self.updated_at = updated_at
        self.reindex = is_new
        self.fresh: list[Fresh] = []


_BY_RECORD_ID: Final = """SELECT id, record_id, type, compartment, client, state, last_index, unlogged, updated_at
  FROM record WHERE record_id IN ({places})"""
_BY_ROW: Final = """SELECT id, record_id, type, compartment, client, state, last_index, unlogged, updated_at
  FROM record WHERE id IN ({places})"""
_LAST: Final = "SELECT ifnull(max(id), 0) FROM record"


def find_or_make(db: Reader, keys: Iterable[RecordKey]) -> dict[RecordKey, Touched]:
    """The records of these keys. Those that are new have the next row ids, and are written when they are projected."""
    wanted = dict.fromkeys(keys)
    found: dict[RecordKey, Touched] = {}
    for sql, params in in_lists(_BY_RECORD_ID, list({key[0] for key in wanted})):
        for row in db.rows(sql, params):
            key = (row[1], row[3], row[2])
            if key in wanted:
                found[key] = _touched(row)
    if len(found) < len(wanted):
        last = db.row(_LAST)
        assert last is not None
        row = last[0]
        for key in wanted:
            if key not in found:
                row += 1
                record_id, compartment, kind = key
                found[key] = Touched(row=row, record_id=record_id, type=kind, compartment=compartment, is_new=True)
    return found


def find(db: Reader, rows: Sequence[int]) -> list[Touched]:
    """The records in these rows; those that are not there are left out."""
    return [_touched(row) for sql, params in in_lists(_BY_ROW, rows) for row in db.rows(sql, params)]


def _touched(row: tuple[Any, ...]) -> Touched:
    number, record_id, kind, compartment, client, state, last_index, unlogged, updated_at = row
    return Touched(
        row=number,
        record_id=record_id,
        type=kind,
        compartment=compartment,
        is_new=False,
        client=client,
        state=state,
        last_index=last_index,
        unlogged=unlogged,
        updated_at=updated_at,
    )
