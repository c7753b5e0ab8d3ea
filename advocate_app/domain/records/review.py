"""A review: what a supervisor was asked to look at, what was said, and what was decided. Also a flag to be resolved."""

from typing import Final

from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.fields import Field, Kind, Merge, Record
from advocate_app.domain.records.shared import CLIENT
from advocate_app.domain.verbs import Verb

_DECIDE: Final = frozenset({Verb.APPROVE, Verb.RETURN})
_MOST_CAREFUL_FIRST: Final = ("rejected", "returned", "pending", None, "approved")

REVIEW: Final = Record(
    "review",
    8,
    compartment=CompartmentKind.FILE,
    register="reviews",
    fields=(
        CLIENT,
        Field("subject", 2, Kind.ID, required=True, merge=Merge.IMMUTABLE, listed=True, why="the record to look at"),
        Field("subject_type", 3, Kind.INT, required=True, merge=Merge.IMMUTABLE, listed=True, least=1),
        Field("subject_version", 4, Kind.BYTES, why="SHA-256 of what the asker saw"),
        Field("kind", 5, Kind.CHOICE, choices="review_kind", required=True, listed=True),
        Field("requested_by", 6, Kind.ID, required=True, merge=Merge.IMMUTABLE, listed=True),
        Field("requested_at", 7, Kind.INSTANT, required=True, listed=True),
        Field("due", 8, Kind.DATE, listed=True),
        Field(
            "decision",
            9,
            Kind.CHOICE,
            choices="review_decision",
            merge=Merge.SAFETY,
            order=_MOST_CAREFUL_FIRST,
            verbs=_DECIDE,
            listed=True,
        ),
        Field("decided_by", 10, Kind.ID, verbs=_DECIDE, listed=True),
        Field("decided_at", 11, Kind.INSTANT, verbs=_DECIDE, listed=True, why="less requested_at: time to decision"),
        Field(
            "comments", 12, Kind.TEXTS, merge=Merge.SET, why="a thread: each event adds one; who and when are its own"
        ),
        Field("flagged_fields", 13, Kind.TEXTS, verbs=_DECIDE, why="names of the fields to look at again"),
        Field(
            "second_decision",
            14,
            Kind.CHOICE,
            choices="review_decision",
            merge=Merge.SAFETY,
            order=_MOST_CAREFUL_FIRST,
            verbs=_DECIDE,
        ),
        Field("second_reviewer", 15, Kind.ID, verbs=_DECIDE),
        Field("message", 16, Kind.TEXT, listed=True, why="of a flag; or what the asker says"),
        Field("resolved_on", 17, Kind.DATE, past=True, listed=True),
        Field("resolved_reason", 18, Kind.TEXT),
        Field("assigned_to", 19, Kind.ID, listed=True, why="the supervisor who is asked; anyone who may if empty"),
    ),
)
