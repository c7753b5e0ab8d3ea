"""The desk asks and does on its lanes, tells at home, and never lets the window's thread touch the vault."""

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThread

from advocate_app.base.errors import Bug, Fault, Refusal
from advocate_app.commands import tasks
from advocate_app.commands.acting import Acting
from advocate_app.jobs.lanes import lane_of_this_thread
from advocate_app.main import opened
from advocate_app.store.changes import Changes, Topic
from advocate_app.store.queries.clients import count_clients
from advocate_app.store.vault import Vault
from advocate_app.ui.desk import Desk
from advocate_app.ui.opened import KeptDraft
from advocate_app.ui.screen import Screen
from tests.agency import CLOCK, IDS
from tests.ui.sample import SampleVault, until


class Watched:
    """The real vault, with a note of the lane from which each block was entered."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.lanes: list[tuple[str, str | None]] = []

    def read(self) -> AbstractContextManager[Any]:
        self.lanes.append(("read", lane_of_this_thread()))
        return self._vault.read()

    def write(self) -> AbstractContextManager[Any]:
        self.lanes.append(("write", lane_of_this_thread()))
        return self._vault.write()

    def close(self) -> None:
        self.lanes.append(("close", lane_of_this_thread()))
        self._vault.close()


def _add_task(tx: Any, by: Acting) -> Changes | Refusal:
    wanted = {"title": "Bring the forms", "kind": "other", "due": "2026-11-24T09:00"}
    return tasks.add(tx, task=by.new_id(), wanted=wanted, by=by)


def test_an_answer_comes_home_to_the_thread_of_the_window(desk: Desk) -> None:
    found: list[int] = []
    home: list[QThread] = []
    desk.ask(count_clients, lambda count: (found.append(count), home.append(QThread.currentThread())))
    assert found == []
    until(lambda: bool(found))
    assert found == [12]
    assert home == [QObject().thread()]


def test_a_command_is_saved_before_anyone_hears_of_it(desk: Desk, vault: Vault) -> None:
    heard: list[Changes] = []
    desk.changed.connect(heard.append)
    desk.do(_add_task)
    until(lambda: bool(heard))
    assert heard[0].touch(Topic.TASKS)
    with vault.read() as db:
        assert db.row("SELECT count(*) FROM r_task WHERE title = 'Bring the forms'") == (1,)


def test_a_refusal_undoes_the_transaction_and_is_a_value(desk: Desk, vault: Vault) -> None:
    def write_then_refuse(tx: Any, by: Acting) -> Changes | Refusal:
        _add_task(tx, by)
        return Refusal("task.end.already_ended")

    outcomes: list[Changes | Refusal] = []
    changes: list[Changes] = []
    desk.changed.connect(changes.append)
    desk.do(write_then_refuse, outcomes.append)
    until(lambda: bool(outcomes))
    assert outcomes == [Refusal("task.end.already_ended")]
    assert changes == []
    with vault.read() as db:
        assert db.row("SELECT count(*) FROM r_task WHERE title = 'Bring the forms'") == (0,)


def test_a_fault_and_a_bug_reach_whoever_asked_and_else_everyone(desk: Desk) -> None:
    def broken(_db: Any) -> None:
        raise ValueError("of nobody")

    mine: list[Fault] = []
    anyones: list[Fault] = []
    desk.failed.connect(anyones.append)
    desk.ask(broken, lambda _: None, mine.append)
    desk.ask(broken, lambda _: None)
    until(lambda: bool(mine and anyones))
    assert isinstance(mine[0], Bug)
    assert "of nobody" not in f"{mine[0]} {anyones[0]}"


def test_the_newest_question_about_one_thing_is_the_one_that_is_answered(desk: Desk) -> None:
    screen = Screen(desk)
    shown: list[str] = []
    for answer in ("first", "second", "third"):
        screen.ask("list", lambda _db, answer=answer: answer, shown.append)
    done: list[None] = []
    screen.ask("other", lambda _db: None, done.append)
    until(lambda: bool(done))
    assert shown == ["third"]


def test_a_screen_that_is_gone_gets_no_answer(desk: Desk) -> None:
    screen = Screen(desk)
    shown: list[int] = []
    screen.ask("list", count_clients, shown.append)
    screen.deleteLater()
    done: list[int] = []
    until(lambda: True)
    desk.ask(count_clients, done.append)
    until(lambda: bool(done))
    del screen
    assert len(shown) <= 1


def test_the_windows_thread_never_enters_the_vault(sample: SampleVault, tmp_path: Path) -> None:
    real = sample.open_copy(tmp_path / "vault")
    watched = Watched(real)
    composed = opened(real, clock=CLOCK, ids=IDS, sync=False)
    desk = Desk(replace(composed, vault=watched))
    told: list[object] = []
    desk.changed.connect(told.append)
    desk.ask(count_clients, told.append)
    desk.do(_add_task)
    desk.keep_draft("note", text="Half a sen", caret=10)
    until(lambda: len(told) >= 2)
    desk.close()
    assert {lane for _, lane in watched.lanes} == {"read", "write"}
    assert [lane for what, lane in watched.lanes if what in ("write", "close")].count("read") == 0
    assert ("close", "write") in watched.lanes


def test_a_draft_is_found_with_its_caret_until_it_is_dropped(desk: Desk) -> None:
    found: list[KeptDraft | None] = []
    desk.keep_draft("note", text="Half a sen", caret=4)
    desk.do(_add_task, lambda _: desk.find_draft("note", found.append))
    until(lambda: bool(found))
    assert found == [KeptDraft(text="Half a sen", caret=4)]
    assert "Half" not in repr(found)
    desk.drop_draft("note")
    desk.do(_add_task, lambda _: desk.find_draft("note", found.append))
    until(lambda: len(found) == 2)
    assert found[1] is None


def test_what_was_saved_is_found_by_search_soon_after(desk: Desk, sample: SampleVault) -> None:
    found: list[list[tuple[bytes, str]]] = []
    desk.ask(lambda db: desk.opened.found(db, "s"), found.append)
    until(lambda: bool(found))
    assert {client for client, _ in found[0]} <= set(sample.clients)


def test_closing_lets_what_was_given_reach_the_disk_and_asks_nothing_more(sample: SampleVault, tmp_path: Path) -> None:
    desk = Desk(opened(sample.open_copy(tmp_path / "vault"), clock=CLOCK, ids=IDS, sync=False))
    desk.do(_add_task)
    desk.close()
    desk.close()
    desk.ask(count_clients, lambda _: None)
    again = sample.open_copy(tmp_path / "untouched")
    with again.read() as db:
        assert db.row("SELECT count(*) FROM r_task WHERE title = 'Bring the forms'") == (0,)
    again.close()
