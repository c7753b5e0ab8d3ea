"""What a record still lacks to be filed or counted; saving never waits for it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from advocate_app.domain.dates import age_on
from advocate_app.domain.fields import Record
from advocate_app.domain.folding import State
from advocate_app.domain.records.note import FORMS
from advocate_app.domain.view import shown


@dataclass(frozen=True, slots=True)
class Missing:
    """One field that is empty and should not be, and the rule that asks for it."""

    field: str
    code: str
    """"missing.required", or the rule that needs it because of what another field says."""


def missing_to_file(record: Record, state: State, *, today: date) -> tuple[Missing, ...]:
    """The fields to fill before filing, in the order of the record's fields; none when it can be filed."""
    values = {record.by_number[number].name: value for number, value in shown(record, state).items()}
    found = {one.name: "missing.required" for one in record.fields if one.required and _empty(values.get(one.name))}
    rule = _RULES.get(record.name)
    if rule is not None:
        for name, code in rule(values, today):
            if _empty(values.get(name)):
                found.setdefault(name, code)
    return tuple(Missing(field=one.name, code=found[one.name]) for one in record.fields if one.name in found)


_Needs = Iterator[tuple[str, str]]
_Values = Mapping[str, Any]


def _client(values: _Values, today: date) -> _Needs:
    age = None if _empty(values.get("birth_date")) else age_on(values["birth_date"], on=today)
    if age is None:
        yield "age_band", "missing.client.no_birth_date"
        return
    youngest, oldest = age
    if youngest < 18:
        yield "icwa_applies", "missing.client.minor"
    if oldest >= 14 and youngest <= 24:
        yield "foster_history", "missing.client.youth"


def _contact(values: _Values, _today: date) -> _Needs:
    if values.get("identity") == "identified":
        yield "client", "missing.contact.identified"
    if values.get("identity") == "returning":
        yield "caller_key", "missing.contact.returning"
    if "unable" in (values.get("outcomes") or ()):
        yield "unable_reason", "missing.contact.unable"
    if values.get("channel") == "telehealth":
        yield "private_setting", "missing.telehealth"


def _case(values: _Values, _today: date) -> _Needs:
    if values.get("stage") == "closed":
        yield "closed_on", "missing.case.closed"
        yield "closure_reason", "missing.case.closed"
    if values.get("closure_reason") == "lost_contact":
        yield "contact_attempts", "missing.case.lost_contact"
    if values.get("risk_level") is not None:
        yield "risk_reviewed_on", "missing.case.risk"


def _service(values: _Values, _today: date) -> _Needs:
    if _empty(values.get("client")):
        yield "served", "missing.service.no_client"
    if values.get("served") == "group":
        yield "group_size", "missing.service.group"
    if values.get("turned_away"):
        yield "turned_away_reason", "missing.service.turned_away"
    if values.get("bed_nights") or values.get("site_code"):
        yield "stay_kind", "missing.service.stay"
        yield "stay_from", "missing.service.stay"
    if values.get("mode") == "telehealth":
        yield "private_setting", "missing.telehealth"


def _note(values: _Values, _today: date) -> _Needs:
    parts = FORMS.get(values.get("format", ""), ())
    if all(_empty(values.get(part)) for part in parts):
        for part in parts:
            yield part, "missing.note.empty"


def _review(values: _Values, _today: date) -> _Needs:
    if values.get("kind") == "flag":
        yield "message", "missing.review.flag"
        yield "due", "missing.review.flag"


def _safe_contact(values: _Values, _today: date) -> _Needs:
    methods = values.get("methods") or ()
    if {"call", "text", "voicemail"} & set(methods):
        yield "phone", "missing.safe_contact.phone"
    if "email" in methods:
        yield "email", "missing.safe_contact.email"


_RULES: Final[Mapping[str, Callable[[_Values, date], _Needs]]] = {
    "client": _client,
    "safe_contact": _safe_contact,
    "contact": _contact,
    "case": _case,
    "service": _service,
    "note": _note,
    "review": _review,
}


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}
