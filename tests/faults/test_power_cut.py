"""The power cut at every call to the disk: what was acknowledged is on it, whatever else was or was not."""

import random
import shutil
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from advocate_app.store.errors import VaultMissing, VaultUnfinished
from advocate_app.store.vault import check
from tests.faults import shim
from tests.faults.disk_log import CREATED, SAVES
from tests.faults.platter import Platter, read_log
from tests.faults.saving import look
from tests.store.making import copy_vault

CHANCES = (0.0, 0.5, 1.0, 0.5)
"""How likely a sector that was not flushed reaches the disk before the cut, in turn."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim, or the reason that none of this ran."""
    reason = shim.why_not()
    if reason is not None:
        pytest.skip(reason)
    return shim.build(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="module")
def vault_key(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    vault = copy_vault(tmp_path_factory.mktemp("key") / "vault")
    vault.close()
    return vault.secret.vault_key


def cuts(library: Path, tmp_path: Path, work: str) -> Iterator[tuple[Path, set[int]]]:
    """The vault's folder after a cut at every call that the work makes, and what had been acknowledged by then."""
    real, log, folder = tmp_path / "real", tmp_path / "log", tmp_path / "cut"
    real.mkdir()
    shim.run_on(library, "disk_log.py", work, str(real), str(log))
    platter, source = Platter(), random.Random(20261124)
    chances = cycle(CHANCES)
    acknowledged: set[int] = set()
    for call in read_log(log):
        platter.take(call)
        if call.op == "N":
            acknowledged.add(call.offset)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        platter.cut(folder, source=source, arriving=next(chances))
        yield folder, acknowledged
    assert len(acknowledged) == (1 if work == "create" else SAVES)


def test_no_acknowledged_save_is_lost_wherever_the_power_is_cut(
    library: Path, tmp_path: Path, vault_key: bytes
) -> None:
    looked = 0
    for folder, acknowledged in cuts(library, tmp_path, "save"):
        if not (folder / "vault.db").exists():
            assert acknowledged == set()
            continue
        (folder / "vault.key").touch()
        found = look(folder, vault_key=vault_key)
        assert found.lost(acknowledged) == set()
        assert found.halves == frozenset()
        assert found.complaints == ()
        looked += 1
    assert looked > 80


def test_pulled_pages_may_be_lost_from_the_end_and_only_from_there(
    library: Path, tmp_path: Path, vault_key: bytes
) -> None:
    lost = 0
    for folder, acknowledged in cuts(library, tmp_path, "pull"):
        if not (folder / "vault.db").exists():
            continue
        (folder / "vault.key").touch()
        found = look(folder, vault_key=vault_key)
        assert found.whole == set(range(len(found.whole)))
        assert found.halves == frozenset()
        assert found.complaints == ()
        lost += len(found.lost(acknowledged))
    # Why a person's save is never committed this way.
    assert lost > 0


def test_making_a_vault_leaves_a_whole_one_or_none_wherever_the_power_is_cut(
    library: Path, tmp_path: Path, vault_key: bytes
) -> None:
    whole = 0
    for folder, acknowledged in cuts(library, tmp_path, "create"):
        problem = check(folder).problem
        if problem is None:
            assert look(folder, vault_key=vault_key).complaints == ()
            whole += 1
        else:
            assert type(problem) in (VaultMissing, VaultUnfinished)
            assert CREATED not in acknowledged
    assert whole > 0
