"""A disk that fills while someone saves: they are told, nothing is lost, and saving works again once there is room."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from advocate_app.store.errors import DiskFault, DiskFull, VaultMissing, VaultUnfinished
from advocate_app.store.vault import Vault, check
from tests.faults.saving import ROOT, look, open_again, save
from tests.store.making import copy_vault, make_vault

STEP = 1024


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no RLIMIT_FSIZE: the sweep over file sizes did not run"
)
def test_whatever_the_size_at_which_files_stop_growing_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    vault = copy_vault(tmp_path / "vault")
    vault.close()
    script = str(Path(__file__).with_name("full_disk.py"))
    arguments = [str(vault.path), vault.secret.vault_key.hex(), str(tmp_path / "work"), str(STEP)]
    run = subprocess.run(
        [sys.executable, script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    told = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(told) > 50
    for one in told:
        assert (one["lost"], one["harm"]) == ([], []), one
        assert sorted(one["acknowledged"] + one["again"]) == list(range(8))
        assert set(one["faults"]) <= {"store.disk_full", "store.disk_fault"}, one
    assert told[0]["acknowledged"] == []
    assert any(one["acknowledged"] and one["again"] for one in told)
    assert told[-1]["again"] == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a small disk: the test on a really full disk did not run")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no tmpfs may be mounted here: the test on a really full disk did not run")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(vault: Vault, *, first: int) -> list[int]:
    """Save until the disk is full; the acknowledged saves."""
    acknowledged: list[int] = []
    for number in range(first, first + 1000):
        try:
            save(vault, number)
        except DiskFull:
            return acknowledged
        acknowledged.append(number)
    raise AssertionError("the disk never filled")


def test_a_full_disk_says_so_and_takes_saves_again_once_there_is_room(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    with closing(copy_vault(small_disk / "vault")) as vault:
        ballast.write_bytes(bytes(300_000))
        acknowledged = fill(vault, first=0)
        assert acknowledged
        with vault.read() as db:
            assert db.row("SELECT count(*) FROM fact WHERE name GLOB 'a *'") == (len(acknowledged),)
        ballast.unlink()
        save(vault, 900)
    found = look(vault.path, vault_key=vault.secret.vault_key)
    assert found.lost([*acknowledged, 900]) == set()
    assert found.halves == frozenset()
    assert found.complaints == ()


def test_a_vault_that_filled_its_disk_is_still_opened_and_read(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(300_000))
    with closing(copy_vault(small_disk / "vault")) as vault:
        acknowledged = fill(vault, first=0)
    assert os.statvfs(small_disk).f_bavail == 0
    with closing(open_again(vault.path, vault_key=vault.secret.vault_key)) as again, again.read() as db:
        assert db.row("SELECT count(*) FROM fact WHERE name GLOB 'a *'") == (len(acknowledged),)
    ballast.unlink()
    found = look(vault.path, vault_key=vault.secret.vault_key)
    assert found.whole == set(acknowledged)
    assert found.complaints == ()


def test_making_a_vault_on_a_full_disk_says_so_and_works_once_there_is_room(small_disk: Path) -> None:
    ballast, place = small_disk / "ballast", small_disk / "vault"
    for room in range(0, 130_000, 8192):
        ballast.write_bytes(b"")
        left = os.statvfs(small_disk)
        ballast.write_bytes(bytes(left.f_bavail * left.f_frsize - room))
        with pytest.raises((DiskFull, DiskFault)):
            make_vault(place)
        assert type(check(place).problem) in (VaultMissing, VaultUnfinished)
    ballast.unlink()
    make_vault(place).close()
    assert check(place).problem is None
