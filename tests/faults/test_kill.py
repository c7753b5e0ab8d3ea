"""Programs killed while they save: what they acknowledged is there, and nothing is half there."""

import random
import subprocess
import sys
from pathlib import Path

from tests.faults.saving import ROOT, look
from tests.store.making import copy_vault

ROUNDS = 12


def acknowledged_until_killed(path: Path, *, vault_key: bytes, first: int, after: int) -> list[int]:
    """Start the saver, kill it once it has told of `after` saves, and return every number it got out."""
    saver = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("saver.py")), str(path), vault_key.hex(), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    with saver:
        assert saver.stdout is not None
        told = [int(saver.stdout.readline()) for _ in range(after)]
        saver.kill()
        told += [int(line) for line in saver.stdout if line.endswith("\n")]
    assert saver.returncode != 0
    return told


def test_every_save_told_before_the_kill_is_there_after_it(tmp_path: Path) -> None:
    vault = copy_vault(tmp_path / "vault")
    vault.close()
    source = random.Random(20261124)
    acknowledged: list[int] = []
    for _ in range(ROUNDS):
        first = max(acknowledged, default=0) + 2
        acknowledged += acknowledged_until_killed(
            vault.path, vault_key=vault.secret.vault_key, first=first, after=source.randint(1, 150)
        )
        found = look(vault.path, vault_key=vault.secret.vault_key)
        assert found.lost(acknowledged) == set()
        assert found.halves == frozenset()
        assert found.complaints == ()
    assert len(acknowledged) > 300
