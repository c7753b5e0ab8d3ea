"""How a client can be reached without putting them at risk, and where."""

from typing import Final

from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.fields import Field, Group, Kind, Merge, Record
from advocate_app.domain.records.shared import CLIENT, MARKS

_SAFETY: Final = Merge.SAFETY
_CALLING: Final = "calling"
_PLACE: Final = "place"

SAFE_CONTACT: Final = Record(
    "safe_contact",
    2,
    compartment=CompartmentKind.FILE,
    groups=(
        Group(
            "calling", 200, merge=_SAFETY, order=("leave_message", "texting_ok", "shared_phone", "abuser_may_answer")
        ),
        Group("mailing", 201, merge=_SAFETY, order=("email_safe",)),
        Group("place", 202, merge=_SAFETY),
    ),
    fields=(
        CLIENT,
        Field("methods", 2, Kind.CHOICES, choices="safe_method", required=True, merge=_SAFETY, listed=True),
        Field(
            "do_not_contact",
            3,
            Kind.BOOL,
            merge=_SAFETY,
            order=(True, None, False),
            listed=True,
            why="outweighs methods",
        ),
        Field("days_times", 4, Kind.TEXT, merge=_SAFETY, why="when it is safe"),
        Field("code_word", 5, Kind.TEXT, merge=_SAFETY, exported=False, why="to know each other on the phone"),
        Field("device_note", 6, Kind.LONG_TEXT, merge=_SAFETY, why="which device is not safe, and why"),
        Field("confirmed_on", 7, Kind.DATE, past=True, required=True, listed=True, why="asked again at each contact"),
        Field("third_party", 8, Kind.TEXT, merge=_SAFETY, exported=False, why="through whom, where that is the method"),
        Field("phone", 10, Kind.PHONE, group=_CALLING, merge=_SAFETY, searched=True, listed=True, exported=False),
        Field("say_you_are", 11, Kind.TEXT, group=_CALLING, merge=_SAFETY, why="what name or office to give"),
        Field("ask_for", 12, Kind.TEXT, group=_CALLING, merge=_SAFETY),
        Field(
            "leave_message",
            13,
            Kind.CHOICE,
            choices="yes_no_unsure",
            group=_CALLING,
            merge=_SAFETY,
            order=("no", "unsure", None, "yes"),
            listed=True,
        ),
        Field(
            "texting_ok",
            14,
            Kind.CHOICE,
            choices="yes_no_unsure",
            group=_CALLING,
            merge=_SAFETY,
            order=("no", "unsure", None, "yes"),
        ),
        Field(
            "shared_phone",
            15,
            Kind.CHOICE,
            choices="yes_no_unsure",
            group=_CALLING,
            merge=_SAFETY,
            order=("yes", "unsure", None, "no"),
            why="shared or monitored",
        ),
        Field(
            "abuser_may_answer",
            16,
            Kind.CHOICE,
            choices="yes_no_unsure",
            group=_CALLING,
            merge=_SAFETY,
            order=("yes", "unsure", None, "no"),
        ),
        Field("phone_token", 17, Kind.BYTES, exported=False, why="keyed, for counting callers; purged with its key"),
        Field("email", 20, Kind.TEXT, group="mailing", merge=_SAFETY, exported=False),
        Field(
            "email_safe",
            21,
            Kind.CHOICE,
            choices="yes_no_unsure",
            group="mailing",
            merge=_SAFETY,
            order=("no", "unsure", None, "yes"),
        ),
        Field("address_kind", 30, Kind.CHOICE, choices="address_kind", group=_PLACE, merge=_SAFETY),
        Field("street", 31, Kind.TEXT, group=_PLACE, merge=_SAFETY, exported=False),
        Field("po_box", 32, Kind.TEXT, group=_PLACE, merge=_SAFETY, exported=False),
        Field("city", 33, Kind.TEXT, group=_PLACE, merge=_SAFETY, exported=False),
        Field("state", 34, Kind.CHOICE, choices="us_state", group=_PLACE, merge=_SAFETY),
        Field("zip", 35, Kind.TEXT, group=_PLACE, merge=_SAFETY, exported=False),
        Field("directions", 36, Kind.LONG_TEXT, group=_PLACE, merge=_SAFETY, exported=False, why="rural: no street"),
        Field("plus_code", 37, Kind.TEXT, group=_PLACE, merge=_SAFETY, exported=False, why="S4; off by default"),
        Field("county", 38, Kind.CHOICE, choices="county", listed=True),
        Field("community", 39, Kind.TEXT, why="chapter or pueblo"),
        Field(
            "location_confidentiality",
            40,
            Kind.CHOICE,
            choices="location_confidentiality",
            merge=_SAFETY,
            order=("never_shared", "release_only", None, "ordinary"),
        ),
        *MARKS,
    ),
)
