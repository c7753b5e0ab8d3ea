"""The checker of the house rules: each rule can fail, and well-kept code passes."""

from pathlib import PurePath

import pytest

from scripts.house_rules import LONGEST, MAY_BE_LONGER, breaches

ROOM = PurePath("advocate_app/sync/round.py")
OPENING = '"""What lives here."""\n'
# Cut in two, so that this file keeps the rules that it tests.
NOQA, IGNORE = "# no" + "qa", "# type: " + "ignore"


def _said(text: str, *, path: PurePath = ROOM) -> list[str]:
    return [breach.what for breach in breaches(path, text)]


def test_well_kept_code_passes() -> None:
    kept = (
        OPENING
        + f"import random  {NOQA}: TID251  seeded, for the sample\n"
        + f"spare: int = None  {IGNORE}[assignment]  # the library says so\n\n\n"
        + "def metadata_of(update: str) -> str:\n    return self.tr('saved {when}').format(when=update)\n"
    )
    assert _said(kept) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = 1\n", "opens with one sentence"),
        ('"""What lives here"""\n', "opens with one sentence"),
        (OPENING + "class RosterManager: ...\n", "manager"),
        (OPENING + "def load_data(): ...\n", "data"),
        (OPENING + "async def on_http2Handler(): ...\n", "handler"),
        (OPENING + f"import random  {NOQA}\n", "its reason"),
        (OPENING + f"import random  {NOQA}: TID251\n", "its reason"),
        (OPENING + f"import random  {NOQA}: TID251, S311\n", "its reason"),
        (OPENING + f"x = y  {IGNORE}\n", "its reason"),
        (OPENING + f"x = y  {IGNORE}[attr-defined]\n", "its reason"),
        (OPENING + "label = self.tr(f'{count} waiting')\n", "constant"),
        (OPENING + "x = '/wo' 'rk'\n# /wo" + "rk/main\n", "one machine"),
        (OPENING + "# TO" + "DO later\n", "unfinished"),
        (OPENING + "x = 'https://py" + "pi.org/simple'\n", "registry"),
        (OPENING + "x = 1\n" * LONGEST, "two rooms"),
        (OPENING + "def (:\n", "not Python"),
    ],
)
def test_each_rule_can_fail(text: str, told: str) -> None:
    said = _said(text)
    assert len(said) == 1
    assert told in said[0]


def test_a_file_is_named_for_what_lives_there() -> None:
    assert "utils" in _said(OPENING, path=PurePath("advocate_app/sync/utils.py"))[0]


def test_what_the_server_imports_brings_nothing_with_it() -> None:
    crypto = PurePath("advocate_app/crypto/__init__.py")
    assert _said(OPENING, path=crypto) == []
    assert "nothing else" in _said(OPENING + "from advocate_app.crypto import slots\n", path=crypto)[0]


def test_documents_are_held_to_the_rules_that_hold_for_any_text() -> None:
    assert "registry" in _said("npm from registry.npm" + "js.org\n", path=PurePath("docs/build.md"))[0]
    assert _said("def load_data(): no Python here\n", path=PurePath("docs/build.md")) == []


def test_a_long_file_has_its_reason() -> None:
    assert all(len(reason.split()) > 3 for reason in MAY_BE_LONGER.values())
