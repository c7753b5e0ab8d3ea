"""A case: one client's time with us in one or more programmes, from intake to closing."""

from typing import Final

from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.fields import Field, Group, Kind, Merge, Record
from advocate_app.domain.records.shared import CLIENT, MARKS

CASE: Final = Record(
    "case",
    4,
    compartment=CompartmentKind.FILE,
    groups=(Group("closing", 200),),
    fields=(
        CLIENT,
        Field("number", 2, Kind.TEXT, required=True, listed=True, searched=True, why="given by the program"),
        Field("programmes", 3, Kind.CHOICES, choices="programme", required=True, merge=Merge.SET),
        Field("opened_on", 4, Kind.DATE, past=True, required=True, listed=True),
        Field("intake_kind", 5, Kind.CHOICE, choices="intake_kind", required=True),
        Field("primary_advocate", 6, Kind.ID, required=True, listed=True),
        Field("team", 7, Kind.IDS, merge=Merge.SET),
        Field(
            "risk_level",
            8,
            Kind.CHOICE,
            choices="risk_level",
            merge=Merge.SAFETY,
            order=("high", "medium", "unknown", "not_asked", None, "low"),
            listed=True,
        ),
        Field("risk_reviewed_on", 9, Kind.DATE, past=True, listed=True),
        Field("ht_type", 10, Kind.CHOICE, choices="ht_type", required=True),
        Field("ht_status", 11, Kind.CHOICE, choices="ht_status", required=True),
        Field("eligibility", 12, Kind.CHOICE, choices="eligibility"),
        Field("eligibility_note", 13, Kind.TEXT, why="for which programme or funder"),
        Field("grants", 14, Kind.SHARES, required=True, why="which awards pay, in hundredths of a percent"),
        Field("stage", 15, Kind.CHOICE, choices="case_stage", required=True, listed=True),
        Field("closed_on", 16, Kind.DATE, past=True, group="closing", listed=True),
        Field("closure_reason", 17, Kind.CHOICE, choices="closure_reason", group="closing"),
        Field("destination", 18, Kind.CHOICE, choices="hmis_living", group="closing"),
        Field("closure_note", 19, Kind.TEXT, group="closing"),
        Field("closure_review", 20, Kind.ID, why="the supervisor's approval of the closing"),
        Field("exit_survey", 21, Kind.CHOICE, choices="yes_no"),
        Field("contact_attempts", 22, Kind.INT, least=0, most=999, why="where contact was lost: after how many"),
        Field("next_step", 23, Kind.TEXT, listed=True, searched=True),
        Field("next_due", 24, Kind.DATE, listed=True),
        Field("goal", 25, Kind.LONG_TEXT),
        Field("county", 26, Kind.CHOICE, choices="county", listed=True),
        *MARKS,
    ),
)
