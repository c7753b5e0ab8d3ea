"""A task or an appointment: something to be done by someone by some time."""

from typing import Final

from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.fields import Field, Kind, Merge, Record
from advocate_app.domain.records.shared import CLIENT, MARKS

TASK: Final = Record(
    "task",
    6,
    compartment=CompartmentKind.FILE,
    register="tasks",
    fields=(
        CLIENT,
        Field("title", 2, Kind.TEXT, listed=True, searched=True),
        Field("kind", 3, Kind.CHOICE, choices="task_kind", required=True, listed=True),
        Field(
            "due", 4, Kind.LOCAL_TIME, required=True, merge=Merge.LEGAL, listed=True, why="court dates are among them"
        ),
        Field("remind_at", 5, Kind.LOCAL_TIME, listed=True),
        Field("owner", 6, Kind.ID, listed=True),
        Field("case", 7, Kind.ID, listed=True),
        Field("location", 8, Kind.TEXT, merge=Merge.SAFETY, exported=False),
        Field("priority", 9, Kind.CHOICE, choices="priority", listed=True),
        Field("status", 10, Kind.CHOICE, choices="task_status", required=True, listed=True),
        Field("result", 11, Kind.TEXT),
        Field("discreet_title", 12, Kind.TEXT, listed=True, why="shown where others may look on"),
        Field("done_on", 13, Kind.DATE, past=True, listed=True),
        Field("about", 14, Kind.ID, why="the record it follows up"),
        *MARKS,
    ),
)
