"""Every call to the disk made to fail in every way: nothing acknowledged is lost, and nothing is half done."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.faults import shim
from tests.faults.shim import Kind
from tests.store.making import copy_vault


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim, or the reason that none of this ran."""
    reason = shim.why_not()
    if reason is not None:
        pytest.skip(reason)
    return shim.build(tmp_path_factory.mktemp("shim"))


@pytest.mark.parametrize(
    ("work", "calls"),
    [
        ("save", 20),
        ("checkpoint", 40),
        ("close", 10),
        ("open", 10),
        ("migrate", 20),
        pytest.param("passphrase", 4, marks=pytest.mark.slow),
        pytest.param("create", 15, marks=pytest.mark.slow),
        ("create-end", 8),
    ],
)
def test_whichever_call_fails_nothing_acknowledged_is_lost(
    library: Path, tmp_path: Path, work: str, calls: int
) -> None:
    vault = copy_vault(tmp_path / "vault")
    vault.close()
    key = vault.secret.vault_key.hex()
    told = shim.run_on(library, "io_sweep.py", work, str(vault.path), key, str(tmp_path / "folder"))
    points = [json.loads(line) for line in told.splitlines()]
    assert [point for point in points if point["wrong"]] == []
    swept = Counter(point["kind"] for point in points)
    assert set(swept) == {kind.name for kind in Kind}
    assert min(swept.values()) >= calls
    refused = sum(any(line.startswith("refused") for line in point["said"]) for point in points)
    assert refused > 0 or work == "close"
