"""Filing asks for what reports need; what one answer says decides what else is asked for."""

from datetime import date
from typing import Any

import pytest

from advocate_app.domain.edits import edit
from advocate_app.domain.filing import missing_to_file
from advocate_app.domain.folding import State
from advocate_app.domain.records import RECORDS, by_name

TODAY = date(2026, 11, 24)


def state_of(name: str, values: dict[str, Any]) -> State:
    record = by_name[name]
    change = edit(record, seen={}, wanted=values)
    state: State = {}
    groups: dict[int, dict[int, Any]] = {}
    for number, value in change.fields.items():
        register = record.register_numbers[number]
        if register == number:
            state[register] = [[1, value]]
        elif value is not None:
            groups.setdefault(register, {})[number] = value
    return state | {register: [[1, held]] for register, held in groups.items()}


def lacks(name: str, values: dict[str, Any]) -> set[tuple[str, str]]:
    found = missing_to_file(by_name[name], state_of(name, values), today=TODAY)
    return {(one.field, one.code) for one in found if one.code != "missing.required"}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_an_empty_record_lacks_all_that_is_required_in_the_order_of_its_fields(record: Any) -> None:
    found = [one.field for one in missing_to_file(record, {}, today=TODAY)]
    required = [one.name for one in record.fields if one.required]
    assert [name for name in found if name in required] == required
    assert found == [one.name for one in record.fields if one.name in found]


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("client", {}, {("age_band", "missing.client.no_birth_date")}),
        ("client", {"birth_date": "1980"}, set()),
        ("client", {"birth_date": "2004-05"}, {("foster_history", "missing.client.youth")}),
        (
            "client",
            {"birth_date": "2010-05-01"},
            {("foster_history", "missing.client.youth"), ("icwa_applies", "missing.client.minor")},
        ),
        ("client", {"birth_date": "2020"}, {("icwa_applies", "missing.client.minor")}),
        ("contact", {"identity": "identified"}, {("client", "missing.contact.identified")}),
        ("contact", {"identity": "returning"}, {("caller_key", "missing.contact.returning")}),
        ("contact", {"identity": "anonymous"}, set()),
        ("contact", {"outcomes": ["unable"]}, {("unable_reason", "missing.contact.unable")}),
        ("contact", {"channel": "telehealth"}, {("private_setting", "missing.telehealth")}),
        (
            "case",
            {"stage": "closed"},
            {("closed_on", "missing.case.closed"), ("closure_reason", "missing.case.closed")},
        ),
        ("case", {"closure_reason": "lost_contact"}, {("contact_attempts", "missing.case.lost_contact")}),
        ("case", {"risk_level": "high"}, {("risk_reviewed_on", "missing.case.risk")}),
        ("service", {"client": bytes(16)}, set()),
        ("service", {}, {("served", "missing.service.no_client")}),
        ("service", {"served": "group"}, {("group_size", "missing.service.group")}),
        (
            "service",
            {"served": "anonymous", "turned_away": True},
            {("turned_away_reason", "missing.service.turned_away")},
        ),
        (
            "service",
            {"served": "anonymous", "bed_nights": 2},
            {("stay_kind", "missing.service.stay"), ("stay_from", "missing.service.stay")},
        ),
        ("note", {"format": "dap", "plan": "Call on Monday."}, set()),
        (
            "note",
            {"format": "dap"},
            {("data", "missing.note.empty"), ("assessment", "missing.note.empty"), ("plan", "missing.note.empty")},
        ),
        ("review", {"kind": "flag"}, {("message", "missing.review.flag"), ("due", "missing.review.flag")}),
        ("safe_contact", {"methods": ["text"]}, {("phone", "missing.safe_contact.phone")}),
        ("safe_contact", {"methods": ["email"]}, {("email", "missing.safe_contact.email")}),
        ("safe_contact", {"methods": ["in_person"]}, set()),
    ],
)
def test_one_answer_asks_for_another(name: str, values: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert lacks(name, values) == expected


def test_no_is_an_answer_and_so_is_none_of_these() -> None:
    found = missing_to_file(
        by_name["client"],
        state_of("client", {"interpreter_needed": "no", "limited_english": "declined", "special_classes": ["none"]}),
        today=TODAY,
    )
    assert {"interpreter_needed", "limited_english", "special_classes"}.isdisjoint(one.field for one in found)


def test_a_safety_check_that_was_not_done_is_an_answer() -> None:
    found = missing_to_file(by_name["contact"], state_of("contact", {"safety_check_done": False}), today=TODAY)
    assert "safety_check_done" not in {one.field for one in found}
