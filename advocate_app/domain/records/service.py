"""A service: help given, once; what every funder's figures are counted from."""

from typing import Final

from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.fields import Field, Group, Kind, Record
from advocate_app.domain.records.shared import CLIENT, MARKS, PAPER

SERVICE: Final = Record(
    "service",
    5,
    compartment=CompartmentKind.FILE,
    register="services/",
    freezes=True,
    groups=(Group("stay", 200), Group("transport", 201)),
    fields=(
        CLIENT,
        Field("date", 2, Kind.DATE, past=True, required=True, listed=True),
        Field("served", 3, Kind.CHOICE, choices="served", listed=True, why="needed where no client is named"),
        Field("group_size", 4, Kind.INT, least=1, most=9999),
        Field("case", 5, Kind.ID, listed=True),
        Field("code", 6, Kind.CHOICE, choices="pmt_service", required=True, listed=True, why="PMT Q8"),
        Field("otip_service", 7, Kind.CHOICE, choices="otip_service"),
        Field("nm_benefit", 8, Kind.CHOICE, choices="nm_benefit", why="NMSA 30-52-2"),
        Field("domain", 9, Kind.CHOICE, choices="need_domain", listed=True),
        Field(
            "quantity", 10, Kind.INT, least=0, most=99_999_999, listed=True, why="in units; 1 if empty; money in cents"
        ),
        Field("unit", 11, Kind.CHOICE, choices="unit", listed=True),
        Field("mode", 12, Kind.CHOICE, choices="service_mode", required=True, listed=True),
        Field("county", 13, Kind.CHOICE, choices="county", listed=True),
        Field("nation", 14, Kind.CHOICE, choices="nation"),
        Field("community", 15, Kind.TEXT, why="chapter or pueblo"),
        Field("staff", 16, Kind.ID, required=True, listed=True),
        Field("minutes", 17, Kind.INT, least=0, most=1440),
        Field("interpreter_used", 18, Kind.CHOICE, choices="yes_no", why="asks for B10"),
        Field("grants", 19, Kind.SHARES, required=True, why="which awards pay, in hundredths of a percent"),
        Field("companions", 20, Kind.INT, least=0, most=99, why="companions and dependants served"),
        Field("result", 21, Kind.TEXT),
        Field("task", 22, Kind.ID),
        Field("note", 23, Kind.ID),
        Field("contact", 24, Kind.ID),
        Field("private_setting", 25, Kind.CHOICE, choices="yes_no_unsure", why="telehealth: alone, own device?"),
        Field("stay_kind", 30, Kind.CHOICE, choices="stay_kind", group="stay", listed=True),
        Field("stay_from", 31, Kind.DATE, past=True, group="stay", listed=True),
        Field("stay_to", 32, Kind.DATE, group="stay", listed=True),
        Field("bed_nights", 33, Kind.INT, group="stay", least=0, most=9999, listed=True),
        Field("adults", 34, Kind.INT, group="stay", least=0, most=99),
        Field("children", 35, Kind.INT, group="stay", least=0, most=99),
        Field("site_code", 36, Kind.TEXT, group="stay", exported=False, why="a code only; never a name or an address"),
        Field("turned_away", 37, Kind.BOOL, group="stay"),
        Field("turned_away_reason", 38, Kind.CHOICE, choices="unmet", group="stay"),
        Field("from_county", 40, Kind.CHOICE, choices="county", group="transport"),
        Field("to_county", 41, Kind.CHOICE, choices="county", group="transport"),
        Field("miles", 42, Kind.INT, group="transport", least=0, most=9999),
        Field("vehicle", 43, Kind.CHOICE, choices="vehicle", group="transport"),
        Field("cost", 44, Kind.CENTS, group="transport", least=0, most=99_999_999),
        *PAPER,
        *MARKS,
    ),
)
