"""A client: a survivor served, as little of them as the work needs."""

from typing import Final

from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.fields import Field, Group, Kind, Merge, Record
from advocate_app.domain.records.shared import MARKS

CLIENT: Final = Record(
    "client",
    1,
    compartment=CompartmentKind.FILE,
    groups=(
        Group("birth", 200, merge=Merge.IDENTITY),
        Group("foster", 201),
    ),
    fields=(
        Field("code", 1, Kind.TEXT, required=True, merge=Merge.IMMUTABLE, searched=True, listed=True, why="no meaning"),
        Field("name_kind", 2, Kind.CHOICE, choices="name_kind", required=True, merge=Merge.IDENTITY),
        Field("first_name", 3, Kind.TEXT, merge=Merge.IDENTITY, searched=True, listed=True),
        Field("middle_name", 4, Kind.TEXT, merge=Merge.IDENTITY, searched=True),
        Field("last_name", 5, Kind.TEXT, merge=Merge.IDENTITY, searched=True, listed=True),
        Field("preferred_name", 6, Kind.TEXT, merge=Merge.IDENTITY, searched=True, listed=True),
        Field("aliases", 7, Kind.TEXTS, merge=Merge.SET, searched=True),
        Field("birth_date", 8, Kind.DATE, past=True, group="birth", listed=True, merge=Merge.IDENTITY),
        Field("birth_date_quality", 9, Kind.CHOICE, choices="date_quality", group="birth", merge=Merge.IDENTITY),
        Field("age_band", 10, Kind.CHOICE, choices="age_band", why="PMT Q4C; needed where there is no birth date"),
        Field("gender", 11, Kind.CHOICES, choices="gender_identity", merge=Merge.SET, why="PMT Q4B"),
        Field("gender_other", 12, Kind.TEXT),
        Field("lgbtq2s", 13, Kind.CHOICE, choices="yes_no", why="PMT Q5C"),
        Field("race", 14, Kind.CHOICES, choices="race", merge=Merge.SET, why="PMT Q4A is derived"),
        Field("race_other", 15, Kind.TEXT),
        Field("hispanic", 16, Kind.CHOICE, choices="yes_no"),
        Field("nations", 17, Kind.CHOICES, choices="nation", merge=Merge.SET, why="self-reported, never mandatory"),
        Field("nation_other", 18, Kind.TEXT),
        Field("tribal_enrollment", 19, Kind.CHOICE, choices="tribal_enrollment", why="no census or enrollment number"),
        Field("community", 20, Kind.TEXT, why="chapter, pueblo or community"),
        Field("icwa_applies", 21, Kind.CHOICE, choices="yes_no", why="needed for a minor"),
        Field("language", 22, Kind.CHOICE, choices="language", required=True, listed=True),
        Field("other_languages", 23, Kind.CHOICES, choices="language", merge=Merge.SET),
        Field("interpreter_needed", 24, Kind.CHOICE, choices="yes_no", required=True),
        Field("limited_english", 25, Kind.CHOICE, choices="yes_no", required=True, why="PMT Q5C"),
        Field(
            "nationality",
            26,
            Kind.CHOICE,
            choices="nationality",
            exported=False,
            why="asked only where a legal matter or a funder needs it",
        ),
        Field("special_classes", 27, Kind.CHOICES, choices="special_class", required=True, merge=Merge.SET),
        Field("special_other", 28, Kind.TEXT),
        Field("disabilities", 29, Kind.CHOICES, choices="disability", merge=Merge.SET),
        Field("veteran", 30, Kind.CHOICE, choices="yes_no"),
        Field("foster_history", 31, Kind.CHOICE, choices="foster_history", group="foster", why="needed from 14 to 24"),
        Field("foster_year", 32, Kind.INT, group="foster", least=1930, most=2100, why="year of aging out"),
        Field("foster_system", 33, Kind.CHOICE, choices="foster_system", group="foster"),
        Field("education", 34, Kind.CHOICE, choices="education"),
        Field("employment", 35, Kind.CHOICE, choices="employment"),
        Field("income_band", 36, Kind.CHOICE, choices="income_band"),
        Field("tags", 37, Kind.TEXTS, merge=Merge.SET),
        *MARKS,
    ),
)
