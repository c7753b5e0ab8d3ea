"""The outbox: events recorded here that no envelope holds yet. It is a query, not a queue."""

from collections.abc import Collection
from dataclasses import dataclass

from advocate_app.store.connection import Reader
from advocate_app.store.event_rows import in_lists


@dataclass(frozen=True, slots=True)
class UnsealedEvent:
    """One event to be sealed; `body` is as in its row."""

    id: int
    compartment: int
    record_type: int
    record_id: bytes
    verb: int
    recorded_at: int
    body: bytes


_UNSEALED = """SELECT e.id, r.compartment, r.type, r.record_id, e.verb, e.recorded_at, e.body
  FROM event e JOIN record r ON r.id = e.record WHERE e.no IS NULL AND e.stream = ? ORDER BY e.id LIMIT ?"""


def unsealed_events(db: Reader, *, stream: int, limit: int) -> list[UnsealedEvent]:
    """The oldest events of a stream that are not sealed yet."""
    return [UnsealedEvent(*row) for row in db.rows(_UNSEALED, (stream, limit))]


def names_of(db: Reader, *, events: Collection[int]) -> dict[int, tuple[int, int]]:
    """(device row, no) of events by local id; those not sealed yet are missing."""
    found: dict[int, tuple[int, int]] = {}
    sql = "SELECT id, device, no FROM event WHERE no IS NOT NULL AND id IN ({places})"
    for statement, params in in_lists(sql, sorted(events)):
        for event, device, number in db.rows(statement, params):
            found[event] = (device, number)
    return found


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """What is safe on this laptop and not yet known to be on the server."""

    unsealed: int
    unlogged: int

    @property
    def total(self) -> int:
        """Events that wait."""
        return self.unsealed + self.unlogged


def count_waiting(db: Reader) -> WaitingCounts:
    """How many events wait to be sealed, and how many sealed ones wait for a receipt."""
    unsealed = db.row("SELECT count(*) FROM event WHERE no IS NULL")
    unlogged = db.row("SELECT coalesce(sum(count), 0) FROM envelope WHERE log_index IS NULL")
    return WaitingCounts(unsealed=int(unsealed[0]) if unsealed else 0, unlogged=int(unlogged[0]) if unlogged else 0)
