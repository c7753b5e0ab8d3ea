"""Syncing at the console: the five words, and a server that is away, and what was set aside."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from advocate_app.base.clock import Clock, SystemClock
from advocate_app.base.ids import id_bytes
from advocate_app.base.private import Private
from advocate_app.wiring import unlock
from tests.agency import PASSPHRASE
from tests.console.asking import ask, descriptor_of, refused, told
from tests.console.conftest import House, join


class FastClock:
    """This laptop's clock, ahead by some minutes."""

    def __init__(self, minutes: int) -> None:
        self._clock: Clock = SystemClock()
        self._ahead = minutes * 60_000

    def now(self) -> int:
        return self._clock.now() + self._ahead

    def zone(self) -> int:
        return self._clock.zone()


def new_task(vault: Path) -> str:
    record_id: str = told(vault, "task", "add", "--title", "Fuel", "--due", "2026-12-01")["record"]["id"]
    return record_id


def test_what_is_recorded_waits_and_what_is_synced_does_not(house: House) -> None:
    told(house.dee, "sync")
    assert told(house.dee, "status")["word"] == "up_to_date"
    new_task(house.dee)
    status = told(house.dee, "status")
    assert status["word"] == "waiting"
    assert status["waiting"] >= 1
    done = told(house.dee, "sync")
    assert (done["word"], done["pushed"] >= 1) == ("up_to_date", True)


def test_a_task_of_the_house_reaches_every_colleague(house: House) -> None:
    task = new_task(house.dee)
    house.sync(house.dee, house.bea)
    assert told(house.bea, "task", "show", task)["record"]["unsynced"] == 0


def test_without_the_server_work_goes_on_and_is_safe(house: House) -> None:
    port = house.server.port
    house.server.kill()
    try:
        task = new_task(house.bea)
        answer = ask(house.bea, "sync")
        assert answer.code == 5
        assert "safe on this laptop" in answer.err
        status = told(house.bea, "status")
        assert (status["word"], status["code"]) == ("offline", "sync.offline")
        assert told(house.bea, "task", "show", task)["record"]["unsynced"] == 1
        found = {one["name"]: one for one in ask(house.bea, "--json", "doctor").json["findings"]}
        assert not found["server"]["good"]
    finally:
        house.server.port = port
        house.server.start()
    assert told(house.bea, "sync")["word"] == "up_to_date"


def test_a_wrong_clock_is_told_from_a_server_that_is_away(house: House) -> None:
    answer = ask(house.bea, "--json", "sync", clock=FastClock(30))
    assert (answer.code, answer.json["code"], answer.json["facts"]["minutes"]) == (5, "sync.clock_wrong", 30)
    told(house.bea, "sync")


def test_status_says_who_i_am_and_when_we_last_spoke(house: House) -> None:
    status = told(house.supervisor, "status")
    assert status["member"]["name"] == "Sol"
    assert status["member"]["roles"] == ["supervisor"]
    assert status["last_exchange"] > 0
    assert "You are Sol (supervisor)" in ask(house.supervisor, "status").out


def test_nothing_set_aside_is_said_so(house: House) -> None:
    assert told(house.supervisor, "quarantine")["items"] == []
    assert refused(house.supervisor, "admit", "abcd") == (1, "admit.not_waiting")


def test_what_a_role_may_not_write_is_refused_before_it_is_written(house: House) -> None:
    reporter = join(house.home, house.founder, name="Rea", role="reporter")
    assert refused(reporter, "task", "add", "--title", "x")[0] == 1
    assert told(reporter, "status")["waiting"] == 0


def test_one_vault_is_open_in_one_console_at_a_time(house: House) -> None:
    vault = unlock(house.dee, passphrase=Private(PASSPHRASE))
    try:
        assert refused(house.dee, "status") == (75, "store.vault_busy")
    finally:
        vault.close()


def test_json_of_a_fault_has_all_three_parts(house: House) -> None:
    out = ask(house.dee, "--json", "client", "show", "zz").out
    reply = json.loads(out)
    assert reply.keys() == {"ok", "code", "facts", "what", "safe", "action", "exit"}


def test_what_needs_a_newer_version_is_kept_and_said(house: House) -> None:
    task = new_task(house.dee)
    vault = unlock(house.dee, passphrase=Private(PASSPHRASE))
    try:
        with vault.write() as tx:
            tx.run(
                """INSERT INTO event (id, record, device, stream, cited, verb, state, recorded_at, body, no)
                  SELECT 900000, e.record, e.device, e.stream, e.cited, 77, 1, e.recorded_at, e.body, 900000
                  FROM event e JOIN record r ON r.id = e.record WHERE r.record_id = ?""",
                (id_bytes(task),),
            )
    finally:
        vault.close()
    assert told(house.dee, "status")["newer"] == 1
    assert [one["state"] for one in told(house.dee, "quarantine")["items"]] == ["newer"]
    assert told(house.dee, "task", "show", task)["newer"] == 1
    assert "newer version" in ask(house.dee, "task", "show", task).out


def test_watching_goes_on_until_it_is_interrupted(house: House) -> None:
    passphrase = descriptor_of(PASSPHRASE)
    command = ["--vault", str(house.bea), "--passphrase-fd", str(passphrase), "--json", "sync", "--watch"]
    watching = subprocess.Popen(
        [sys.executable, "-m", "advocate_app.cli", *command],
        pass_fds=[passphrase],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(passphrase)
    assert watching.stdout is not None
    assert json.loads(watching.stdout.readline())["word"] == "up_to_date"
    watching.send_signal(signal.SIGINT)
    rest, _ = watching.communicate(timeout=30)
    assert watching.returncode == 75
    assert json.loads(rest)["code"] == "sync.stopped"
