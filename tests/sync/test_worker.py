"""The sync worker as a real process: it syncs when asked, stops when told, ends with its input, and resumes."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from advocate_app.commands import notes
from advocate_app.store.errors import VaultMissing
from advocate_app.sync.errors import NotEnrolled
from advocate_app.sync.state import sync_state
from advocate_app.sync.words import SyncState, SyncWord
from advocate_app.sync.worker import Worker
from tests.agency import CLOCK, Colleague, done, new_vault
from tests.commands.conftest import Team
from tests.commands.conftest import team as team
from tests.commands.giving import give, has, new_client


def _word(who: Colleague) -> SyncWord:
    return sync_state(who.vault, now=CLOCK.now()).word


@pytest.fixture
def told() -> list[SyncState]:
    return []


@pytest.fixture
def worker(team: Team, told: list[SyncState]) -> Iterator[Worker]:
    running = Worker(team.bea.vault, tell=told.append, repeat=False)
    yield running
    running.close()


def test_each_request_is_one_round_and_its_end_says_what_was_done(
    team: Team, worker: Worker, told: list[SyncState]
) -> None:
    team.bea.sync()
    client = new_client(team.bea)
    assert _word(team.bea) is SyncWord.WAITING
    ends = worker.ends()
    worker.sync()
    first = next(ends)
    assert first.code is None
    assert first.pushed > 0
    assert any(one.word is SyncWord.SYNCING and one.done <= one.total for one in told)
    assert _word(team.bea) is SyncWord.UP_TO_DATE
    team.supervisor.sync()
    assert has(team.supervisor, "client", client)
    note = team.supervisor.new_id()
    done(give(team.supervisor, notes.write, note=note, wanted={"client": client, "text": "Called back."}))
    team.supervisor.sync()
    worker.sync()
    second = next(ends)
    assert (second.code, second.pushed) == (None, 0)
    assert second.pulled > 0
    assert client.hex() in second.clients
    assert worker.close() == 0


def test_a_stop_ends_the_round_where_it_can_go_on(team: Team, worker: Worker) -> None:
    for _ in range(3):
        new_client(team.bea)
    ends = worker.ends()
    worker.sync()
    worker.stop_round()
    assert next(ends).code in (None, "sync.stopped")
    worker.sync()
    assert next(ends).code is None
    assert _word(team.bea) is SyncWord.UP_TO_DATE


def test_a_worker_whose_input_ends_in_the_middle_ends_and_harms_nothing(team: Team) -> None:
    client = new_client(team.bea)
    running = Worker(team.bea.vault, tell=lambda _: None, repeat=True)
    running.sync()
    assert running.close() == 0
    team.bea.sync()
    team.supervisor.sync()
    assert has(team.supervisor, "client", client)


@pytest.mark.parametrize("given", [b"", b"short", bytes(95)])
def test_a_worker_without_whole_keys_opens_nothing(team: Team, given: bytes) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "advocate_app.main", "sync-worker", str(team.bea.vault.path)],
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, b"")


def test_a_worker_says_why_it_cannot_open_a_vault(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "advocate_app.main", "sync-worker", str(tmp_path / "none")],
        input=bytes(96),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 3
    assert VaultMissing.code.encode() in ended.stdout


def test_a_vault_of_no_agency_is_told_and_no_keys_stand_on_the_command_line(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "alone")
    running = Worker(vault, tell=lambda _: None, repeat=False)
    try:
        line = Path(f"/proc/{running.pid}/cmdline").read_bytes()
        running.sync()
        assert next(running.ends()).code == NotEnrolled.code
        assert vault.secret.vault_key.hex().encode() not in line
    finally:
        running.close()
        vault.close()
