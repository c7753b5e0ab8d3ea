"""Every text is there in every language, and none is there for nothing."""

import ast
import json
import re
from pathlib import Path

import pytest

from advocate_app.base.paths import resource
from advocate_app.ui import words
from advocate_app.ui.words import tr

UI = Path(__file__).resolve().parents[2] / "advocate_app" / "ui"
GROUPS = ("nav.", "row.", "order.", "record.", "field.", "fault.", "refusal.")
"""Ids whose last part is only known when the program runs; looked up by `worded`."""


def _catalogue(name: str) -> dict[str, str]:
    read: dict[str, str] = json.loads(resource("translations", f"{name}.json").read_text())
    return read


def _asked() -> set[str]:
    """Every constant id that the window's code asks for."""
    found: set[str] = set()
    for file in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr":
                counted = any(one.arg == "n" for one in node.keywords)
                for each in ast.walk(node.args[0]):
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        found |= {f"{each.value}.one", f"{each.value}.other"} if counted else {each.value}
    return found


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_nothing_that_is_asked_for_is_missing(language: str) -> None:
    assert sorted(_asked() - _catalogue(language).keys()) == []


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_nothing_is_there_that_nobody_asks_for(language: str) -> None:
    known = {text for text in _catalogue(language) if not text.startswith(GROUPS)}
    assert sorted(known - _asked()) == []


def test_the_languages_say_the_same_things_with_the_same_facts() -> None:
    english, spanish = _catalogue("en"), _catalogue("es")
    assert english.keys() == spanish.keys()
    facts = re.compile(r"\{(\w+)\}")
    assert [one for one in english if set(facts.findall(english[one])) != set(facts.findall(spanish[one]))] == []


def test_a_number_chooses_its_form() -> None:
    assert (tr("cases.count", n=1), tr("cases.count", n=3)) == ("1 case", "3 cases")
    words.speak("es")
    assert tr("cases.count", n=3) == "3 casos"


def test_the_pseudo_language_is_longer_and_marked() -> None:
    words.speak("pseudo")
    said = tr("do.log_contact")
    assert said.startswith("[Log contact")
    assert len(said) >= len("Log contact") * 1.4
