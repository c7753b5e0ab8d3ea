"""The documents for people: the places and commands that they name exist."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")])
# Decisions are history: what they name may be gone by now.
STANDING = [document for document in DOCUMENTS if document.parent.name != "decisions"]

# A name in backticks that looks like a place in the checkout: a folder, a document, or a file with its folder.
PLACE = re.compile(r"`([A-Za-z_.][\w./-]*(?:/|\.md)|[A-Za-z_.][\w.-]*/[\w./-]*\.(?:py|sh|toml|json|sql))`")
PLACEHOLDER = re.compile(r"NAME|NNNN|DATE")
TARGET = re.compile(r"\bmake ([a-z]+)\b(?= |`|$)", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def _exists(place: str, *, beside: Path) -> bool:
    return any((root / place).exists() for root in (CHECKOUT, beside.parent, CHECKOUT / "advocate_app"))


@pytest.mark.parametrize("document", STANDING, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_places_and_commands_that_a_document_names_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for code in CODE.findall(text) for target in TARGET.findall(code)}
    places = [place for place in PLACE.findall(text) if not PLACEHOLDER.search(place)]
    assert [place for place in places if not _exists(place, beside=document)] == []
    assert named - targets == set()


def test_the_readme_gives_both_commands() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme
    assert "\nmake test" in (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")


def test_what_may_not_be_claimed_stands_in_no_document_as_a_claim() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8").lower()
        assert not re.search(
            r"\bis zero[- ]knowledge\b|\bmilitary[- ]grade\b|\bunbreakable\b|\bhipaa[- ]compliant\b", text
        ), document
