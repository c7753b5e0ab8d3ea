"""Fields that every person's record carries, under the same numbers everywhere."""

from typing import Final

from advocate_app.domain.fields import Field, Kind, Merge

CLIENT: Final = Field("client", 1, Kind.ID, listed=True, why="the client this record belongs to")

MARKS: Final = (
    Field("privilege_basis", 190, Kind.CHOICE, choices="privilege_basis", why="NMSA 31-25; tagged when it is made"),
    Field(
        "sensitivity",
        191,
        Kind.CHOICE,
        choices="sensitivity",
        merge=Merge.SAFETY,
        order=("s4", "s3", "s2", "s1", "s0", None),
    ),
    Field("retention_class", 192, Kind.CHOICE, choices="retention_class"),
    Field("legal_hold", 193, Kind.BOOL, merge=Merge.SAFETY, order=(True, False, None), why="a hold suspends purging"),
)

PAPER: Final = (
    Field("entered_from_paper", 188, Kind.BOOL),
    Field("late_entry", 189, Kind.BOOL, why="entered well after it happened: the reporting delay is told"),
)
