"""The walls between rooms: each contract of .importlinter breaks when someone builds a door through it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rooms as they stand, emptied to their opening sentences, under the contracts of the checkout."""
    house = tmp_path_factory.mktemp("house")
    shutil.copy(CHECKOUT / ".importlinter", house)
    for package in ("advocate_app", "advocate_server"):
        for file in (CHECKOUT / package).rglob("*.py"):
            copy = house / file.relative_to(CHECKOUT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text('"""A room."""\n')
    return house


def _lint(house: Path) -> tuple[int, str]:
    ran = subprocess.run(LINT_IMPORTS, cwd=house, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout


def _with_door(plan: Path, *, into: Path, room: str, imported: str) -> Path:
    """The plan with one import more, in a file of a room or in a room's new file `door`."""
    shutil.copytree(plan, into)
    file = into / room if room.endswith(".py") else into / room / "door.py"
    file.write_text(f'"""A door."""\n\nimport {imported}\n')
    return into


def test_the_plan_without_doors_is_sound(plan: Path) -> None:
    code, said = _lint(plan)
    assert (code, "0 broken" in said) == (0, True), said


@pytest.mark.parametrize(
    ("room", "imported"),
    [
        ("advocate_app/domain", "advocate_app.wire"),
        ("advocate_app/wire", "advocate_app.crypto"),
        ("advocate_app/crypto", "advocate_app.store"),
        ("advocate_app/crypto", "advocate_app.domain"),
        ("advocate_app/crypto", "advocate_app.wire.envelope"),
        ("advocate_app/store", "advocate_app.sync"),
        ("advocate_app/store", "PySide6"),
        ("advocate_app/store", "requests"),
        ("advocate_app/commands", "advocate_app.sync"),
        ("advocate_app/commands", "advocate_app.crypto"),
        ("advocate_app/commands", "requests"),
        ("advocate_app/commands", "sqlcipher3"),
        ("advocate_app/crypto/signing.py", "advocate_app.crypto.symmetric"),
        ("advocate_app/jobs", "advocate_app.base"),
        ("advocate_app/sync", "sqlcipher3"),
        ("advocate_app/sync", "advocate_server"),
        ("advocate_app/ui", "advocate_app.store.event_log"),
        ("advocate_app/console", "advocate_app.ui"),
        ("advocate_app/base", "advocate_app.domain"),
        ("advocate_server", "advocate_app.domain"),
        ("advocate_server", "advocate_app.crypto.symmetric"),
        ("advocate_server", "sqlcipher3"),
    ],
)
def test_a_door_where_none_is_planned_is_found(plan: Path, tmp_path: Path, room: str, imported: str) -> None:
    code, said = _lint(_with_door(plan, into=tmp_path / "house", room=room, imported=imported))
    assert (code, "BROKEN" in said) == (1, True), said


@pytest.mark.parametrize(
    ("room", "imported"),
    [
        ("advocate_server", "advocate_app.crypto.signing"),
        ("advocate_server", "advocate_app.wire.envelope"),
        ("advocate_app/sync", "requests"),
        ("advocate_app/ui", "PySide6"),
        ("advocate_app/crypto", "advocate_app.wire.keybox"),
    ],
)
def test_a_planned_door_stays_open(plan: Path, tmp_path: Path, room: str, imported: str) -> None:
    code, said = _lint(_with_door(plan, into=tmp_path / "house", room=room, imported=imported))
    assert code == 0, said
