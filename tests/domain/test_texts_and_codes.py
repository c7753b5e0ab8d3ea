"""Folded text, partial dates and client codes."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_app.base.clock import FixedClock
from advocate_app.base.errors import Refusal
from advocate_app.base.ids import SeededIds
from advocate_app.domain.client_code import make_code, read_code
from advocate_app.domain.dates import Span, age_on, span_of, span_of_time
from advocate_app.domain.folding_text import fold_text

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Łichííʼ", "lichii"),
        ("łichíí'", "lichii"),
        ("LICHII", "lichii"),
        ("Tséhootsooí", "tsehootsooi"),
        ("ąʼą́ą́", "aaa"),
        ("K’iche’", "kiche"),
        ("O'Brien", "obrien"),
        ("Peña Muñoz", "pena munoz"),
        ("Straße", "strasse"),
        ("ﬁ", "fi"),
        ("İ", "i"),
        ("", ""),
    ],
)
def test_spellings_of_one_name_meet(typed: str, folded: str) -> None:
    assert fold_text(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@given(st.text())
def test_a_word_and_its_composed_form_fold_alike(text: str) -> None:
    assert fold_text(unicodedata.normalize("NFC", text)) == fold_text(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-11-24", date(2026, 11, 24), date(2026, 11, 24)),
    ],
)
def test_a_partial_date_may_mean_any_of_its_days(text: str, first: date, last: date) -> None:
    assert span_of(text) == span_of_time(text) == Span(first=first, last=last)


@pytest.mark.parametrize(
    "text", ["", "0000", "26", "2026-", "2026-00", "2026-02-30", "2026-1-1", "2026-11-24T09:30", "٢٠٢٦"]
)
def test_what_is_no_date_has_no_days(text: str) -> None:
    assert span_of(text) is None


def test_a_local_time_stands_for_its_day() -> None:
    day = date(2026, 11, 24)
    assert span_of_time("2026-11-24T09:30") == span_of_time("2026-11-24T23:59:59") == Span(first=day, last=day)
    assert span_of_time("2026-11-24T24:00") is None
    assert span_of_time("2026-11-31T09:30") is None


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        ("2000-11-24", (26, 26)),
        ("2000-11-25", (25, 25)),
        ("2000-11", (25, 26)),
        ("2000", (25, 26)),
        ("2026", (0, 0)),
        ("2027", None),
        ("soon", None),
    ],
)
def test_an_age_is_as_exact_as_the_birth_date(birth: str, age: tuple[int, int] | None) -> None:
    assert age_on(birth, on=date(2026, 11, 24)) == age


def test_born_on_the_last_of_february_one_is_a_year_older_on_the_first_of_march() -> None:
    assert age_on("2004-02-29", on=date(2026, 2, 28)) == (21, 21)
    assert age_on("2004-02-29", on=date(2026, 3, 1)) == (22, 22)


CODES = st.integers(min_value=0, max_value=1 << 30).map(
    lambda seed: make_code("LL", ids=SeededIds(FixedClock(0), seed=seed))
)


@given(CODES)
def test_a_code_is_read_back_however_it_is_typed(code: str) -> None:
    assert code.startswith("NM-LL-")
    assert len(code) == len("NM-LL-") + 9
    assert read_code(code) == code
    sloppy = code[:6].lower() + " " + code[6:].lower().replace("1", "l").replace("0", "o")
    assert read_code(sloppy) == code


@given(code=CODES, place=st.integers(0, 8), symbol=st.sampled_from(SYMBOLS))
def test_any_one_wrong_symbol_is_noticed(code: str, place: int, symbol: str) -> None:
    at = len("NM-LL-") + place
    wrong = code[:at] + symbol + code[at + 1 :]
    assert read_code(wrong) == (code if wrong == code else Refusal("client.code.mistyped"))


@given(code=CODES, place=st.integers(0, 7))
def test_two_neighbours_changed_about_are_noticed(code: str, place: int) -> None:
    at = len("NM-LL-") + place
    wrong = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert read_code(wrong) == (code if wrong == code else Refusal("client.code.mistyped"))


def test_a_code_of_one_agency_is_not_taken_for_anothers() -> None:
    code = make_code("LL", ids=SeededIds(FixedClock(0), seed=1))
    assert read_code(code.replace("-LL-", "-LP-")) == Refusal("client.code.mistyped")


@pytest.mark.parametrize(
    "text", ["", "NM", "NM-LL", "AZ-LL-123456789", "NM--123456789", "NM-LL-12345678", "NM-LL-U23456789"]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    assert read_code(text) == Refusal("client.code.malformed")
