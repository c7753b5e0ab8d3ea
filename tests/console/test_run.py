"""A run of the console: what it never shows, and how it ends."""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from advocate_app.base.errors import Bug
from advocate_app.console.ending import Exit, exit_of
from advocate_app.console.run import parser
from advocate_app.store import errors as store_errors
from advocate_app.sync import errors as sync_errors
from tests.console.asking import ask
from tests.console.conftest import House

DOCUMENT = Path(__file__).parents[2] / "docs" / "console.md"


class BrokenClock:
    """A clock that fails and quotes what must not be seen."""

    def now(self) -> int:
        raise ValueError("Marisol Begay")

    def zone(self) -> int:
        return 0


def parsers(root: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that can be given, with its parser."""
    for action in root._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, child in action.choices.items():
                yield from parsers(child, f"{name} {word}".strip())
            return
    yield name, root


COMMANDS = dict(parsers(parser()))


def test_a_mistake_in_the_program_shows_a_place_and_no_name(house: House) -> None:
    answer = ask(house.bea, "status", clock=BrokenClock())
    assert answer.code == Exit.BUG
    assert "ValueError at" in answer.err
    assert "Marisol" not in answer.err + answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_takes_a_passphrase_or_secret_words_as_an_argument(name: str) -> None:
    for action in COMMANDS[name]._actions:
        if any("pass" in option for option in action.option_strings):
            assert action.type is int
        if "--words" in action.option_strings and name != "approve":
            assert action.nargs == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_answers_in_json_and_is_documented(name: str) -> None:
    options = {option for action in COMMANDS[name]._actions for option in action.option_strings}
    assert {"--json", "--vault", "--passphrase-fd"} <= options
    assert COMMANDS[name].description
    assert f"`advocate {name}" in DOCUMENT.read_text(encoding="utf-8")


def test_options_may_stand_before_and_after_the_command(tmp_path: Path) -> None:
    before = parser().parse_args(["--vault", "a", "--json", "status"])
    after = parser().parse_args(["status", "--vault", "a", "--json"])
    assert before.vault == after.vault == Path("a")
    assert before.json
    assert after.json


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (sync_errors.Offline(), Exit.OFFLINE),
        (sync_errors.CaptivePortal(), Exit.OFFLINE),
        (sync_errors.ServerTrouble(), Exit.OFFLINE),
        (sync_errors.ProgramTooOld(), Exit.ATTENTION),
        (sync_errors.Attack(), Exit.ATTENTION),
        (sync_errors.Revoked(), Exit.ATTENTION),
        (sync_errors.VaultIsCopy(), Exit.ATTENTION),
        (store_errors.DiskFull(), Exit.LATER),
        (store_errors.VaultBusy(), Exit.LATER),
        (store_errors.VaultDamaged(), Exit.VAULT),
        (store_errors.StoreBug(), Exit.BUG),
        (Bug(), Exit.BUG),
    ],
)
def test_each_fault_ends_with_its_exit_code(fault: Exception, code: Exit) -> None:
    from advocate_app.base.errors import Fault

    assert isinstance(fault, Fault)
    assert exit_of(fault) is code


def test_the_installed_command_says_what_it_can_do() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "advocate_app.cli", "--help"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert "Exit codes" in done.stdout


def test_a_command_that_there_is_not_is_wrong_use() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "advocate_app.cli", "dance"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == Exit.USAGE
