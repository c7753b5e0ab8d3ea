"""Every code that the program can say has words, in three parts, and every text names facts that exist."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import advocate_app
from advocate_app.base.errors import Fault
from advocate_app.console.fault_texts import FAULTS, SERVER
from advocate_app.console.refusal_texts import MISSING, PROBLEMS, REFUSALS
from advocate_app.console.texts import told, verb_words
from advocate_app.domain.verbs import Verb
from advocate_server.problems import KINDS

HOME = Path(advocate_app.__file__).parent
BY_CALL = {"Refusal": REFUSALS, "Stop": REFUSALS, "Problem": PROBLEMS}


def sources() -> Iterator[ast.Module]:
    for path in sorted(HOME.rglob("*.py")):
        if "ui" not in path.relative_to(HOME).parts[:1]:
            yield ast.parse(path.read_text(encoding="utf-8"))


def calls(name: str) -> set[str]:
    """The literal codes that calls of this name carry, first or as `code=`."""
    found = set()
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "code")]
                found |= {code for one in given for code in codes_in(one)}
    return found


def codes_in(node: ast.AST) -> Iterator[str]:
    """The literal codes of an argument, of either branch of a choice."""
    if isinstance(node, ast.IfExp):
        yield from codes_in(node.body)
        yield from codes_in(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def fault_classes() -> set[type[Fault]]:
    for module in pkgutil.walk_packages(advocate_app.__path__, "advocate_app."):
        if not module.name.startswith("advocate_app.ui") and module.name != "advocate_app.demo":
            importlib.import_module(module.name)
    found: set[type[Fault]] = set()
    waiting: list[type[Fault]] = [Fault]
    while waiting:
        one = waiting.pop()
        found.add(one)
        waiting += one.__subclasses__()
    return {one for one in found if one.__module__.startswith("advocate_app.")}


def test_every_fault_has_words() -> None:
    assert {one.code for one in fault_classes()} - FAULTS.keys() == set()


@pytest.mark.parametrize("name", BY_CALL)
def test_every_code_in_the_source_has_words(name: str) -> None:
    known = BY_CALL[name].keys() | (FAULTS.keys() if name == "Stop" else set())
    assert len(calls(name)) > 5
    assert calls(name) - known == set()


def test_every_reason_for_a_missing_field_has_words() -> None:
    source = (HOME / "domain" / "filing.py").read_text(encoding="utf-8")
    assert set(re.findall(r'"(missing\.[a-z_.]+)"', source)) == MISSING.keys()


def test_no_words_are_left_for_codes_that_nobody_says() -> None:
    said = calls("Refusal") | calls("Stop")
    assert REFUSALS.keys() - said == set()


def test_what_the_server_may_refuse_a_console_is_a_code_of_the_server() -> None:
    assert SERVER.keys() - KINDS.keys() == set()


@pytest.mark.parametrize("code", [*FAULTS, *REFUSALS])
def test_each_text_stands_without_its_facts_and_has_three_parts(code: str) -> None:
    words = told(code, {})
    for part in (words.what, words.safe, words.action):
        assert part.strip()
        assert "{" not in part
    assert words.what.endswith((".", ")")) or "?" in words.what


def test_a_code_that_nobody_foresaw_is_told_by_its_name() -> None:
    assert "moon.eclipse" in told("moon.eclipse", {}).what


def test_every_verb_has_a_word() -> None:
    assert all("newer" not in verb_words(verb) for verb in Verb)
    assert "newer" in verb_words(99)
