"""A contact: one call, text, chat, walk-in or visit; the unit that hotline reports count."""

from typing import Final

from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.fields import Field, Kind, Record
from advocate_app.domain.records.shared import CLIENT, MARKS, PAPER

CONTACT: Final = Record(
    "contact",
    3,
    compartment=CompartmentKind.FILE,
    register="hotline/",
    freezes=True,
    fields=(
        CLIENT,
        Field("number", 2, Kind.TEXT, required=True, listed=True, searched=True, why="given by the program"),
        Field("direction", 3, Kind.CHOICE, choices="direction", required=True, listed=True),
        Field("channel", 4, Kind.CHOICE, choices="channel", required=True, listed=True),
        Field("line", 5, Kind.CHOICE, choices="line", listed=True),
        Field("started_at", 6, Kind.LOCAL_TIME, past=True, required=True, listed=True),
        Field("minutes", 7, Kind.INT, least=0, most=1440),
        Field("caller_role", 8, Kind.CHOICE, choices="caller_role", required=True, listed=True),
        Field("identity", 9, Kind.CHOICE, choices="contact_identity", required=True, listed=True, why="PMT Q2"),
        Field("caller_key", 10, Kind.TEXT, exported=False, listed=True, why="tells returning callers apart, unnamed"),
        Field("reasons", 11, Kind.CHOICES, choices="contact_reason", required=True),
        Field("trafficking_suspected", 12, Kind.CHOICE, choices="yes_no_unsure"),
        Field("county", 13, Kind.CHOICE, choices="county", listed=True),
        Field("state", 14, Kind.CHOICE, choices="us_state"),
        Field("language", 15, Kind.CHOICE, choices="language"),
        Field("outcomes", 16, Kind.CHOICES, choices="contact_outcome", required=True),
        Field("unable_reason", 17, Kind.CHOICE, choices="unmet", why="needed where the outcome is unable to assist"),
        Field("safety_check_done", 18, Kind.BOOL, required=True),
        Field("services", 19, Kind.CHOICES, choices="pmt_service"),
        Field("advocate", 20, Kind.ID, listed=True, why="the member who had the contact"),
        Field("notes", 21, Kind.LONG_TEXT, searched=True),
        Field("case", 22, Kind.ID),
        Field("interpreter_used", 23, Kind.CHOICE, choices="yes_no"),
        Field("private_setting", 24, Kind.CHOICE, choices="yes_no_unsure", why="telehealth: alone, own device?"),
        Field("safe_contact_confirmed", 25, Kind.BOOL, why="the safe-contact marks were asked again"),
        *PAPER,
        *MARKS,
    ),
)
