"""The lock: every package pinned and hashed, no registry named, and all that the project asks for is in it."""

import re
import tomllib
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[2]
LOCK = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
ENTRY = re.compile(
    r"^(?P<pin>[a-z0-9][^\\\n]*?) \\\n(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def _pins() -> list[Requirement]:
    return [Requirement(entry["pin"]) for entry in ENTRY.finditer(LOCK)]


def _asked_for() -> list[Requirement]:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    lists = [
        project["project"]["dependencies"],
        *extras,
        *project["dependency-groups"].values(),
        project["build-system"]["requires"],
    ]
    return [Requirement(line) for asked in lists for line in asked]


def _in_python(minor: int) -> dict[str, str]:
    return {**default_environment(), "python_version": f"3.{minor}", "python_full_version": f"3.{minor}.1"}


def test_every_package_is_pinned_with_hashes() -> None:
    lines = [line for line in LOCK.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(_pins()) == len(lines) > 50
    assert all(str(pin.specifier).startswith("==") for pin in _pins())


def test_no_address_stands_in_the_lock() -> None:
    assert "://" not in LOCK
    assert "--index" not in LOCK
    assert "--find-links" not in LOCK


def test_the_lock_gives_what_the_project_asks_for_on_each_python() -> None:
    for minor in (11, 12, 13):
        environment = _in_python(minor)
        pins = {
            canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
            for pin in _pins()
            if pin.marker is None or pin.marker.evaluate(environment)
        }
        for asked in _asked_for():
            if asked.marker is None or asked.marker.evaluate(environment):
                assert asked.specifier.contains(pins[canonicalize_name(asked.name)]), (asked, minor)


def test_qt_is_the_line_that_is_sound_on_the_python_it_runs_on() -> None:
    def pinned(minor: int) -> list[str]:
        environment = _in_python(minor)
        return [
            str(pin.specifier)
            for pin in _pins()
            if pin.name.startswith("pyside6") and pin.marker and pin.marker.evaluate(environment)
        ]

    assert [version.split(".")[:2] for version in pinned(11)] == [["==6", "11"]]
    assert [int(version.split(".")[1]) >= 12 for version in pinned(12)] == [True]
