"""Code lists are whole in both languages, dated, and never say less than they did."""

import json
from datetime import date
from pathlib import Path

import pytest

from advocate_app.base.paths import resource
from advocate_app.domain.codes import ANSWERS, Code, code_list
from advocate_app.domain.records import RECORDS

NAMES = sorted(path.stem for path in Path(resource("codelists")).glob("*.json"))
LISTS = pytest.mark.parametrize("name", NAMES)
SAME_IN_BOTH = {
    "CYFD",
    "CVRC",
    "505 GET FREE",
    "LGBTQ",
    "GED",
    "Tribal (ICWA)",
    "Legal: civil",
    "SOAP",
    "DAP",
    "BIRP",
    "Chat",
    "Safe Haven",
    "No",
    "Plan",
    "Crisis",
    "Normal",
}


@LISTS
def test_every_code_has_both_labels_and_a_plain_name(name: str) -> None:
    for code in code_list(name).codes.values():
        assert code.labels["en"].strip() == code.labels["en"] != ""
        assert code.labels["es"].strip() == code.labels["es"] != ""
        assert code.code.isascii()
        assert " " not in code.code


@LISTS
def test_a_file_is_named_as_its_list_and_says_its_source(name: str) -> None:
    read = json.loads(resource("codelists", f"{name}.json").read_text(encoding="utf-8"))
    assert read["name"] == name
    assert read["source"]


@LISTS
def test_labels_tell_codes_apart(name: str) -> None:
    codes = code_list(name).codes.values()
    shared = {"pmt_service"}  # the federal list itself names two services alike
    for language in ("en", "es"):
        labels = [code.labels[language] for code in codes]
        assert name in shared or len(set(labels)) == len(labels)


def test_sentences_are_not_left_in_english() -> None:
    proper = {"county", "us_state", "nation", "language"}
    for name in set(NAMES) - proper:
        for code in code_list(name).codes.values():
            if code.labels["en"] == code.labels["es"]:
                assert code.labels["en"] in SAME_IN_BOTH or not any(char.isalpha() for char in code.labels["en"]), code


def test_every_list_that_a_field_names_is_there_and_no_other() -> None:
    used = {one.choices for record in RECORDS for one in record.fields if one.choices}
    assert set(NAMES) == used | {"answers"}


def test_not_asked_declined_and_unknown_are_different_answers() -> None:
    veteran = code_list("yes_no")
    assert set(ANSWERS) <= set(veteran.codes)
    assert len({veteran.label(code, language="es") for code in ANSWERS}) == 3


@pytest.mark.parametrize(
    ("name", "count"),
    [("pmt_service", 35), ("county", 34 + 3), ("nm_benefit", 13), ("age_band", 7), ("need_domain", 27)],
)
def test_lists_that_a_funder_fixes_are_whole(name: str, count: int) -> None:
    assert len(code_list(name).codes) == count


def test_the_federal_services_stand_in_their_order() -> None:
    expected = [
        f"{letter}{n}" for letter, last in zip("ABCDE", (4, 10, 7, 3, 11), strict=True) for n in range(1, last + 1)
    ]
    assert list(code_list("pmt_service").codes) == expected


def test_a_code_is_in_use_between_its_days_until_it_is_retired() -> None:
    code = Code("a", {"en": "A", "es": "A"}, since=date(2020, 1, 1), until=date(2020, 12, 31))
    assert [code.in_use(date(*day)) for day in ((2019, 12, 31), (2020, 1, 1), (2020, 12, 31), (2021, 1, 1))] == [
        False,
        True,
        True,
        False,
    ]
    assert not Code("a", {"en": "A", "es": "A"}, retired=True).in_use(date(2020, 1, 1))


def test_a_label_falls_back_to_english_and_a_code_unknown_here_to_itself() -> None:
    county = code_list("county")
    assert county.label("rio_arriba", language="es") == "Río Arriba"
    assert county.label("rio_arriba", language="fr") == "Rio Arriba"
    assert county.label("atlantis", language="es") == "atlantis"
    assert county.codes["dona_ana"] in county.on(date(2026, 11, 24))


def test_there_is_no_list_of_an_unknown_name() -> None:
    with pytest.raises(FileNotFoundError):
        code_list("nothing")
