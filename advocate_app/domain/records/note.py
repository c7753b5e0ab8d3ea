"""A note: what was seen, said and done, as facts, in one of the standard forms."""

from typing import Final

from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.fields import Field, Kind, Record
from advocate_app.domain.records.shared import CLIENT, MARKS, PAPER

FORMS: Final = {
    "contact": ("text",),
    "soap": ("subjective", "objective", "assessment", "plan"),
    "dap": ("data", "assessment", "plan"),
    "birp": ("behavior", "intervention", "response", "plan"),
    "group": ("text",),
    "supervision": ("text",),
    "psychotherapy": ("text",),
}
"""Note format to the parts that it is made of."""

NOTE: Final = Record(
    "note",
    7,
    compartment=CompartmentKind.NARRATIVE,
    register="notes",
    freezes=True,
    apart={
        ("format", "supervision"): CompartmentKind.RESTRICTED,
        ("format", "psychotherapy"): CompartmentKind.RESTRICTED,
    },
    fields=(
        CLIENT,
        Field("format", 2, Kind.CHOICE, choices="note_format", required=True, listed=True),
        Field("occurred_at", 3, Kind.LOCAL_TIME, past=True, required=True, listed=True),
        Field("present", 4, Kind.CHOICES, choices="present_person", why="privilege covers only who had to be there"),
        Field("present_note", 5, Kind.TEXT, why="who, where the codes do not say"),
        Field("title", 6, Kind.TEXT, searched=True, listed=True),
        Field("text", 7, Kind.LONG_TEXT, searched=True),
        Field("subjective", 8, Kind.LONG_TEXT, searched=True),
        Field("objective", 9, Kind.LONG_TEXT, searched=True),
        Field("assessment", 10, Kind.LONG_TEXT, searched=True),
        Field("plan", 11, Kind.LONG_TEXT, searched=True),
        Field("data", 12, Kind.LONG_TEXT, searched=True),
        Field("behavior", 13, Kind.LONG_TEXT, searched=True),
        Field("intervention", 14, Kind.LONG_TEXT, searched=True),
        Field("response", 15, Kind.LONG_TEXT, searched=True),
        Field("facts_only", 16, Kind.BOOL, why="the writer read it again for opinions and diagnoses"),
        Field("quotes", 17, Kind.BOOL, why="marked words are the client's own"),
        Field("language", 18, Kind.CHOICE, choices="language", why="of the template"),
        Field("case", 19, Kind.ID, listed=True),
        Field("contact", 20, Kind.ID),
        Field("service", 21, Kind.ID),
        Field("group_size", 22, Kind.INT, least=1, most=9999),
        Field("written_by", 23, Kind.ID, listed=True),
        *PAPER,
        *MARKS,
    ),
)
