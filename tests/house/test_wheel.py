"""The wheel: built from this checkout without network, installed elsewhere, and complete there."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

FIND_A_RESOURCE = """
import sys
from importlib.metadata import distribution
import advocate_app, advocate_server
from advocate_app.base.paths import resource

found = resource(*sys.argv[1:])
print(advocate_app.__file__, advocate_server.__file__, found, sep="\\n")
print(*sorted(point.name for point in distribution("advocate").entry_points))
print(len(found.read_bytes()))
"""


def _build(into: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(into)],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return _build(tmp_path_factory.mktemp("wheel"))


def _resources() -> list[Path]:
    return sorted(path.relative_to(CHECKOUT) for path in (CHECKOUT / "resources").rglob("*") if path.is_file())


def test_an_installed_program_finds_its_resources(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--no-compile",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run([sys.executable, *pip], check=True, capture_output=True)
    sought = _resources()[0]

    ran = subprocess.run(
        [sys.executable, "-c", FIND_A_RESOURCE, *sought.parts[1:]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    )

    client, server, found, commands, size = ran.stdout.splitlines()
    assert all(Path(place).is_relative_to(site) for place in (client, server, found))
    assert commands == "advocate advocate-app advocate-server"
    assert int(size) == (CHECKOUT / sought).stat().st_size


def test_the_wheel_holds_both_programs_every_resource_and_no_more(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {name for name in names if name.startswith("advocate_app/_resources/")}
    assert shipped == {f"advocate_app/_resources/{path.relative_to('resources').as_posix()}" for path in _resources()}
    assert {name.split("/")[0].split("-")[0] for name in names} == {"advocate_app", "advocate_server", "advocate"}
    assert {"LICENSE", "NOTICE"} <= {Path(name).name for name in names if "/licenses/" in name}
    assert {"advocate_app/py.typed", "advocate_server/py.typed"} <= set(names)


def test_two_builds_are_the_same_to_the_byte(wheel: Path, tmp_path: Path) -> None:
    assert _build(tmp_path).read_bytes() == wheel.read_bytes()
