"""Merging, by its one door: fold events into a state, and see what the state shows (docs/spec/merge.md)."""

from advocate_app.domain.folding import ASIDE, FILED, REMOVED, STRUCK, State, apply, fold
from advocate_app.domain.view import (
    ConflictValue,
    ConflictView,
    RecordView,
    Status,
    conflicts_of,
    shown,
    status_of,
    view,
)

__all__ = [
    "ASIDE",
    "FILED",
    "REMOVED",
    "STRUCK",
    "ConflictValue",
    "ConflictView",
    "RecordView",
    "State",
    "Status",
    "apply",
    "conflicts_of",
    "fold",
    "shown",
    "status_of",
    "view",
]
