"""Checks name the field and what is wrong with it; nothing is ever wrong for being missing."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_app.domain.checks import LONGEST_TEXT, SOFT_LENGTH, check
from advocate_app.domain.fields import Kind
from advocate_app.domain.records import RECORDS, by_name

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_an_empty_form_can_always_be_saved(record: Any) -> None:
    assert check(record, {}, today=TODAY) == []
    assert check(record, {one.name: None for one in record.fields}, today=TODAY) == []


@pytest.mark.parametrize(
    ("record", "name", "value", "code", "hard"),
    [
        ("client", "nickname", "Ana", "check.unknown_field", True),
        ("client", "first_name", 7, "check.wrong_kind", True),
        ("client", "first_name", "A\nB", "check.text.one_line", True),
        ("client", "foster_year", True, "check.wrong_kind", True),
        ("client", "aliases", "Ana", "check.wrong_kind", True),
        ("client", "aliases", [1], "check.wrong_kind", True),
        ("client", "aliases", ["a" * LONGEST_TEXT, "b"], "check.text.too_long", True),
        ("client", "race", ["martian"], "check.code.unknown", True),
        ("client", "race", ["white", "white"], "check.code.twice", True),
        ("client", "veteran", "perhaps", "check.code.unknown", True),
        ("client", "birth_date", "1999-13", "check.date.malformed", True),
        ("client", "birth_date", "1999-2-1", "check.date.malformed", True),
        ("client", "birth_date", "2027", "check.date.future", False),
        ("client", "foster_year", 1900, "check.number.too_small", True),
        ("client", "foster_year", 2101, "check.number.too_large", True),
        ("contact", "started_at", "2026-11-24T25:00", "check.date.malformed", True),
        ("contact", "started_at", "2026-11-25T00:10", "check.date.future", False),
        ("contact", "client", b"short", "check.id.malformed", True),
        ("case", "team", [b"short"], "check.id.malformed", True),
        ("case", "grants", {"voca": 10_001}, "check.shares.over_whole", True),
        ("case", "grants", {"voca": -1}, "check.shares.malformed", True),
        ("case", "grants", {"voca": 2.5}, "check.shares.malformed", True),
        ("case", "grants", {"voca": 9_999}, "check.shares.under_whole", False),
        ("note", "text", "a" * (SOFT_LENGTH + 1), "check.text.long", False),
        ("note", "text", "a" * (LONGEST_TEXT + 1), "check.text.too_long", True),
        ("safe_contact", "phone", "555", "check.phone.invalid", False),
        ("safe_contact", "phone", "call my aunt", "check.phone.invalid", False),
        ("safe_contact", "methods", ["never", "call"], "check.safe_contact.never_and_more", False),
        ("safe_contact", "zip", "8750", "check.zip.malformed", False),
    ],
)
def test_a_wrong_value_is_named_by_field_and_remedy(record: str, name: str, value: Any, code: str, hard: bool) -> None:
    found = check(by_name[record], {name: value}, today=TODAY)
    assert [(problem.field, problem.code, problem.hard) for problem in found] == [(name, code, hard)]


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        ("client", {"birth_date": "1999", "race": ["white", "asian"], "veteran": "not_asked", "aliases": ["Łichííʼ"]}),
        (
            "safe_contact",
            {"phone": "(505) 827-6000", "methods": ["never"], "zip": "87501-1234", "do_not_contact": True},
        ),
        ("contact", {"started_at": "2026-11-24T09:30", "minutes": 0, "outcomes": []}),
        ("task", {"due": "2027-05-01", "remind_at": "2027-04-30T08:00"}),
        ("case", {"grants": {"voca": 6_000, "state": 4_000}, "opened_on": "2026-11", "closed_on": "2026-11-02"}),
        ("case", {"grants": {}}),
        ("service", {"quantity": 0, "cost": 99_999_999, "stay_from": "2026-11-01", "stay_to": "2026-11-01"}),
    ],
)
def test_what_is_right_raises_no_problem(record: str, fields: dict[str, Any]) -> None:
    assert check(by_name[record], fields, today=TODAY) == []


@pytest.mark.parametrize(
    ("record", "fields", "field", "code"),
    [
        ("case", {"opened_on": "2026-05-01", "closed_on": "2026-04"}, "closed_on", "check.date.before"),
        ("service", {"stay_from": "2026-05-02", "stay_to": "2026-05-01"}, "stay_to", "check.date.before"),
        ("contact", {"identity": "anonymous", "client": bytes(16)}, "identity", "check.contact.anonymous_with_client"),
    ],
)
def test_fields_that_cannot_both_be_so_are_marked(record: str, fields: dict[str, Any], field: str, code: str) -> None:
    found = check(by_name[record], fields, today=TODAY)
    assert [(problem.field, problem.code, problem.hard) for problem in found] == [(field, code, False)]


def test_a_problem_never_repeats_what_was_typed() -> None:
    for problem in check(by_name["safe_contact"], {"phone": "Marisol", "zip": "Marisol"}, today=TODAY):
        assert "Marisol" not in str(problem)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3),
    max_leaves=5,
)


@given(record=st.sampled_from(RECORDS), value=_ANY, data=st.data())
def test_no_value_whatever_breaks_a_check(record: Any, value: Any, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(record.fields))
    found = check(record, {one.name: value}, today=TODAY)
    if one.kind is Kind.BOOL and value is not None:
        assert bool(found) == (type(value) is not bool)
