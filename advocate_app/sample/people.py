"""Invented clients, and how they can be reached; fields by name as the records declare them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from advocate_app.sample.chance import Chance, words
from advocate_app.sample.pen import Pen

Fields = dict[str, Any]

_NAMINGS: Final = {
    "english": 30.0,
    "spanish": 36.0,
    "dine": 18.0,
    "pueblo": 8.0,
    "maya": 3.0,
    "asian": 3.0,
    "african": 2.0,
}
_FEW: Final = frozenset({"navajo", "ute_mountain_ute", "fort_sill_apache"})
_CLASSES: Final = (
    "none",
    "homeless",
    "limited_english",
    "immigrant",
    "disability",
    "lgbtq",
    "veteran",
    "deaf",
    "other",
)
_PUEBLO_LANGUAGES: Final = ("kee", "tew", "tiwa", "tow", "zun", "en")
_ELSEWHERE_LANGUAGES: Final = {"maya": ("quc", "mam", "kjb", "es"), "asian": ("vi", "cmn"), "african": ("ar", "fr")}


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who was never born, and what the rest of the invention has to know."""

    naming: str
    gender: str
    language: str
    county: Mapping[str, Any]
    born: date
    first: str
    last: str

    @property
    def is_spanish(self) -> bool:
        """Whether notes about this person may be in Spanish."""
        return self.language == "es"

    @property
    def pronouns(self) -> int:
        """Which of `pen.PRONOUNS`."""
        return {"woman": 0, "man": 1}.get(self.gender, 2)


def invent_person(chance: Chance, *, day: date) -> Person:
    """Somebody new, first met on this day."""
    naming = chance.weighted(_NAMINGS)
    gender = chance.weighted({"woman": 70.0, "man": 18.0, "transgender": 4.0, "nonbinary": 4.0, "two_spirit": 4.0})
    names = words("people")[naming]
    pool = names["men"] if gender == "man" else names["women"]
    language = {
        "english": "en",
        "spanish": chance.weighted({"es": 70.0, "en": 30.0}),
        "dine": chance.weighted({"nv": 45.0, "en": 55.0}),
        "pueblo": chance.pick(_PUEBLO_LANGUAGES),
    }.get(naming) or chance.pick(_ELSEWHERE_LANGUAGES[naming])
    at_home = naming in ("dine", "pueblo")
    counties = {
        at: float(county["weight"])
        for at, county in enumerate(words("places")["counties"])
        if not at_home or ("navajo" in county["nations"] if naming == "dine" else set(county["nations"]) - _FEW)
    }
    return Person(
        naming=naming,
        gender=gender,
        language=language,
        county=words("places")["counties"][chance.weighted(counties)],
        born=day - timedelta(days=365 * chance.number(14, 24) + chance.small(0, 365 * 30)),
        first=chance.pick(pool),
        last=chance.pick(names["last"]),
    )


def client_fields(chance: Chance, person: Person, *, day: date) -> Fields:
    """The client record as it is first written."""
    made: Fields = {
        "name_kind": chance.weighted({"full": 60.0, "partial": 25.0, "alias_only": 8.0, "code_name": 7.0}),
        "language": person.language,
        "interpreter_needed": "no" if person.language == "en" else chance.yes(0.7),
        "limited_english": "no" if person.language == "en" else chance.yes(0.6),
        "gender": [person.gender],
        "special_classes": sorted({chance.early(_CLASSES)}),
    }
    if made["name_kind"] in ("full", "partial"):
        made["first_name"] = person.first
    if made["name_kind"] == "full":
        made["last_name"] = person.last
        if chance.often(0.2):
            made["middle_name"] = chance.pick(words("people")[person.naming]["women"])
    if made["name_kind"] not in ("full", "partial") or chance.often(0.3):
        made["preferred_name"] = chance.pick(words("people")["aliases"])
    if chance.often(0.35):
        made["aliases"] = sorted(chance.some(words("people")["aliases"], chance.small(1, 2)))
    _add_birth(chance, person, made, day=day)
    _add_origin(chance, person, made)
    for name, share in (("education", 0.4), ("employment", 0.5), ("income_band", 0.4)):
        if chance.often(share):
            made[name] = chance.code(name)
    for name, share in (("veteran", 0.3), ("lgbtq2s", 0.35)):
        if chance.often(share):
            made[name] = chance.yes(0.12)
    if chance.often(0.25):
        made["disabilities"] = chance.codes("disability", chance.small(1, 2))
    if chance.often(0.15):
        made["tags"] = chance.some(words("people")["tags"], 1)
    made["privilege_basis"] = "victim_counselor"
    made["retention_class"] = "client_3_years"
    return made


def _add_birth(chance: Chance, person: Person, made: Fields, *, day: date) -> None:
    age = (day - person.born).days // 365
    if chance.often(0.7):
        exact = chance.often(0.75)
        made["birth_date"] = person.born.isoformat() if exact else person.born.isoformat()[: chance.pick((4, 7))]
        made["birth_date_quality"] = "exact" if exact else "partial"
        if age < 18:
            made["icwa_applies"] = chance.yes(0.5 if person.naming in ("dine", "pueblo") else 0.05)
        if age <= 24:
            made["foster_history"] = chance.weighted({"never": 50.0, "aged_out": 25.0, "left": 15.0, "currently": 10.0})
            if made["foster_history"] == "aged_out":
                made["foster_year"] = person.born.year + 18
                made["foster_system"] = chance.code("foster_system")
    else:
        made["age_band"] = "13_17" if age < 18 else "18_24" if age < 25 else "25_59" if age < 60 else "60_up"


def _add_origin(chance: Chance, person: Person, made: Fields) -> None:
    if person.naming in ("dine", "pueblo"):
        made["race"] = ["american_indian"]
        near = [one for one in person.county["nations"] if one not in _FEW]
        made["nations"] = ["navajo"] if person.naming == "dine" or not near else [chance.pick(near)]
        if chance.often(0.6):
            made["tribal_enrollment"] = chance.code("tribal_enrollment")
        if person.county["communities"] and chance.often(0.6):
            made["community"] = chance.pick(person.county["communities"])
    elif chance.often(0.8):
        made["race"] = {"spanish": ["hispanic"], "english": [chance.pick(("white", "black", "white", "other"))]}.get(
            person.naming, chance.codes("race", 1)
        )
        made["hispanic"] = chance.yes(0.95 if person.naming == "spanish" else 0.05)


def safe_contact_fields(chance: Chance, person: Person, pen: Pen, *, day: date) -> Fields:
    """How this client can be reached, as it is first written."""
    lists = words("people")
    methods = chance.codes("safe_method", chance.small(1, 3))
    made: Fields = {
        "methods": ["call"] if "never" in methods else methods,
        "confirmed_on": day.isoformat(),
        "county": person.county["code"],
        "phone": f"505-555-{chance.number(100, 199):04}",
        "leave_message": chance.weighted({"no": 60.0, "yes": 25.0, "unsure": 15.0}),
        "texting_ok": chance.weighted({"yes": 50.0, "no": 35.0, "unsure": 15.0}),
        "shared_phone": chance.weighted({"no": 45.0, "yes": 30.0, "unsure": 25.0}),
        "abuser_may_answer": chance.weighted({"no": 60.0, "unsure": 28.0, "yes": 12.0}),
    }
    for name, part, share in (
        ("say_you_are", "say_you_are", 0.6),
        ("ask_for", "ask_for", 0.4),
        ("days_times", "days_times", 0.7),
        ("code_word", "code_words", 0.3),
        ("device_note", "device_notes", 0.35),
        ("third_party", "third_parties", 0.25),
    ):
        if chance.often(share):
            made[name] = chance.pick(lists[part])
    made["address_kind"] = chance.code("address_kind")
    if made["address_kind"] == "directions":
        made["directions"] = chance.pick(lists["directions"])
    elif made["address_kind"] == "mailing":
        made["po_box"] = f"PO Box {chance.number(10, 4900)}"
        made["city"] = pen.line("{town}")
        made["state"] = "nm"
    if person.county["communities"] and chance.often(0.4):
        made["community"] = chance.pick(person.county["communities"])
    if chance.often(0.4):
        made["location_confidentiality"] = chance.code("location_confidentiality")
    return made
