"""The history of a record: who changed what, when, and what a supervisor has not seen yet."""

from dataclasses import dataclass
from typing import Final

from advocate_app.domain.events import Position
from advocate_app.domain.history import Change, history
from advocate_app.domain.records import by_name, by_number
from advocate_app.domain.verbs import Verb
from advocate_app.store.connection import Reader
from advocate_app.store.event_rows import events_of

_REVIEW: Final = by_name["review"].number
_DECISIONS: Final = frozenset({int(Verb.APPROVE), int(Verb.RETURN)})
_BEFORE_ALL: Final = (-1, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HistoryStep:
    """One event of a record and what it changed. It may name people and has no `repr`."""

    event: int
    """Local id."""
    position: Position
    is_logged: bool
    """Whether it stands on the server's log."""
    author: bytes
    """Member id, 16 bytes."""
    recorded_at: int
    """Milliseconds since 1970 UTC, by the author's clock."""
    zone: int
    """Minutes east of UTC."""
    verb: int
    reason: str | None
    changes: tuple[Change, ...]
    """Field by field: what was shown before and after."""
    status: int
    """The record's `Status` from here on."""
    taken: bool
    """False when it came too late for a filed record and changed nothing."""


def history_of(db: Reader, *, row: int) -> list[HistoryStep]:
    """Every applied event of the record in this row, in the order in which they count."""
    kind = db.row("SELECT type FROM record WHERE id = ?", (row,))
    record = by_number.get(kind[0]) if kind is not None else None
    if record is None:
        return []
    return [
        HistoryStep(
            event=step.event.id,
            position=step.event.position,
            is_logged=step.event.position[0] == 0,
            author=step.event.author,
            recorded_at=step.event.recorded_at,
            zone=step.event.zone,
            verb=step.event.verb,
            reason=step.event.reason,
            changes=step.changes,
            status=int(step.status),
            taken=step.taken,
        )
        for step in history(record, events_of(db, [row]).get(row, []))
    ]


def history_since_review(db: Reader, *, row: int) -> list[HistoryStep]:
    """What happened to a record since a supervisor last decided on it; all of it when none did."""
    seen = max(
        (
            event.position
            for review in _reviews_of(db, row)
            for event in events_of(db, [review]).get(review, [])
            if event.verb in _DECISIONS
        ),
        default=_BEFORE_ALL,
    )
    return [step for step in history_of(db, row=row) if step.position > seen]


def _reviews_of(db: Reader, row: int) -> list[int]:
    rows = db.rows(
        """SELECT v.record FROM record r JOIN r_review v ON v.subject = r.record_id
          JOIN record x ON x.id = v.record AND x.type = ? WHERE r.id = ? AND v.standing <> 2""",
        (_REVIEW, row),
    )
    return [review for (review,) in rows]
