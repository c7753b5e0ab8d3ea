"""The field day of `make demo`, run as anybody runs it, and held to its account."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.timeout(280)
def test_the_field_day_is_so_from_morning_to_proof(tmp_path: Path) -> None:
    account = tmp_path / "account.json"
    kept = tmp_path / "kept"
    done = subprocess.run(
        [sys.executable, "-m", "advocate_app.demo", "--json", str(account), "--keep", str(kept)],
        capture_output=True,
        text=True,
        timeout=260,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    told = json.loads(account.read_text(encoding="utf-8"))
    assert told["passed"] is True
    facts = told["facts"]
    assert facts["sync_words"]["offline"]["Ruth"].startswith("Offline, ")
    assert set(facts["sync_words"]["evening"].values()) == {"Up to date"}
    assert 0 < facts["killed"]["envelopes_before_the_kill"] < facts["killed"]["envelopes_after"]
    assert facts["killed"]["envelopes_stored_unanswered"] > 0
    assert facts["proof"]["found"] == 0
    assert facts["proof"]["files"] >= 2
    assert facts["records"]["client"] == 14
    assert "Ruth's answer" in done.stdout
    assert (kept / "ruth" / "vault.db").is_file()


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep this")
    done = subprocess.run(
        [sys.executable, "-m", "advocate_app.demo", "--keep", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert (tmp_path / "mine").read_text() == "keep this"
