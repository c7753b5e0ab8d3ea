"""The frame: reached by keys alone, told to a screen reader, hidden in an instant, saved by a kill."""

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QWidget

from advocate_app.domain.records import by_name
from advocate_app.store.queries.listed import list_of_client
from advocate_app.store.vault import Vault
from advocate_app.ui.desk import Desk
from advocate_app.ui.frame import Frame
from advocate_app.ui.screens.cases import CasesScreen
from advocate_app.ui.screens.log_contact import DRAFT
from advocate_app.ui.theme.look import Look, put_on
from tests.ui.sample import SampleVault, until
from tests.ui.walking import INTERACTIVE, everything_open, texts, walk


@pytest.fixture
def frame(desk: Desk) -> Iterator[Frame]:
    made = Frame(desk)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    yield made
    made.close()
    made.deleteLater()


def _cases(frame: Frame) -> CasesScreen:
    frame.go("cases")
    screen = frame.pages.currentWidget()
    assert isinstance(screen, CasesScreen)
    until(lambda: screen.model.rowCount() == 12 and screen.peek.client is not None)
    return screen


def _press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


@pytest.mark.parametrize("screen", ["today", "cases", "sync", "client", "sheet"])
def test_everything_that_can_be_used_has_a_name(frame: Frame, sample: SampleVault, screen: str) -> None:
    if screen == "client":
        frame.open_client(sample.clients[0])
    elif screen == "sheet":
        frame.log_contact()
    else:
        frame.go(screen)
    until(lambda: True)
    nameless = [
        (one.role(), one.object().metaObject().className() if one.object() else "")
        for one in walk(frame)
        if one.role() in INTERACTIVE
        and one.state().focusable
        and not one.text(QAccessible.Text.Name)
        and not one.relations()
    ]
    assert nameless == []


@pytest.mark.parametrize("screen", ["today", "cases", "sync"])
def test_tab_reaches_everything_and_comes_back(frame: Frame, screen: str) -> None:
    if screen == "cases":
        _cases(frame)
    frame.go(screen)
    until(lambda: QApplication.focusWidget() is not None)
    start = QApplication.focusWidget()
    seen: list[QWidget] = []
    for _ in range(60):
        now = QApplication.focusWidget()
        assert now is not None
        seen.append(now)
        _press(Qt.Key.Key_Tab)
        if QApplication.focusWidget() is start:
            break
    assert QApplication.focusWidget() is start
    wanted = {
        one
        for one in frame.findChildren(QWidget)
        if one.isVisible()
        and one.isEnabled()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.focusProxy() is None
        and not isinstance(one, QScrollArea)
    }
    assert {type(one).__name__ for one in wanted - set(seen)} == set()


def test_a_line_of_the_list_is_read_as_a_whole(frame: Frame) -> None:
    screen = _cases(frame)
    first = screen.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    line = screen.model.row(0)
    assert line.name in first
    assert line.due_words in first
    assert first in texts(screen.table)


def test_typing_filters_by_name_and_escape_brings_all_back(frame: Frame) -> None:
    screen = _cases(frame)
    name = screen.model.row(3).name.split()[0]
    screen.filter.setFocus()
    QTest.keyClicks(screen.filter, name[:4])
    until(lambda: 0 < screen.model.rowCount() < 12)
    assert any(screen.model.row(place).name.startswith(name) for place in range(screen.model.rowCount()))
    _press(Qt.Key.Key_Escape)
    until(lambda: screen.model.rowCount() == 12)


def test_the_pane_follows_the_list_and_f8_puts_it_away(frame: Frame) -> None:
    screen = _cases(frame)
    screen.table.setFocus()
    before = screen.peek.client
    _press(Qt.Key.Key_J)
    until(lambda: screen.peek.client not in (None, before))
    assert screen.peek.client == screen.model.row(1).client
    _press(Qt.Key.Key_F8)
    assert not screen.peek.isVisible()


def test_the_safety_strip_stands_above_what_scrolls(frame: Frame, sample: SampleVault) -> None:
    frame.open_client(sample.clients[1])
    page = frame.pages.currentWidget()
    until(page.strip.isVisible)
    assert page.strip.accessibleName()
    assert not page.overview.isAncestorOf(page.strip)
    frame.back()
    assert frame.pages.currentWidget() is not page


@pytest.mark.parametrize("way", ["f9", "shift", "button"])
def test_hiding_takes_under_a_tenth_of_a_second_and_leaves_nothing(frame: Frame, way: str) -> None:
    screen = _cases(frame)
    names = {screen.model.row(place).name for place in range(12)}
    assert any(name in text for name in names for text in everything_open())
    QGuiApplication.clipboard().setText(next(iter(names)))
    other = QWidget(frame, Qt.WindowType.Tool)
    other.setWindowTitle(next(iter(names)))
    other.show()
    frame.activateWindow()
    screen.table.setFocus()
    began = time.perf_counter()
    if way == "f9":
        _press(Qt.Key.Key_F9)
    elif way == "shift":
        for _ in range(3):
            _press(Qt.Key.Key_Shift)
        until(lambda: frame.hiding.hidden)
    else:
        frame.hiding.hide()
    took = time.perf_counter() - began
    assert frame.hiding.hidden
    assert took < 0.1
    assert [text for text in everything_open() for name in names if name in text] == []
    assert QGuiApplication.clipboard().text() == ""
    assert not other.isVisible()
    _press(Qt.Key.Key_Space)
    assert not frame.hiding.hidden
    assert other.isVisible()
    other.close()


def test_a_cover_that_was_up_too_long_asks_for_the_passphrase(frame: Frame) -> None:
    locked: list[None] = []
    frame.locking.connect(lambda: locked.append(None))
    frame.hiding.hide()
    frame.hiding._free.stop()
    _press(Qt.Key.Key_Space)
    assert locked == [None]
    assert frame.hiding.hidden


def test_a_contact_is_logged_by_keys_alone(frame: Frame, vault: Vault, sample: SampleVault) -> None:
    screen = _cases(frame)
    line = screen.model.row(0)
    presses = 0

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        nonlocal presses
        presses += 1
        _press(key, modifier)

    frame.open_client(line.client)
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    until(lambda: frame.sheet.who.text() != "" and frame.sheet.how.isAncestorOf(QApplication.focusWidget()))
    press(Qt.Key.Key_1)
    frame.sheet.minutes._group.button(0).setFocus()
    press(Qt.Key.Key_2)
    frame.sheet.note.setFocus()
    QTest.keyClicks(frame.sheet.note, "Asked for a ride to the clinic")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: not frame.sheet.isVisible())
    assert presses <= 14
    with vault.read() as db:
        logged = list_of_client(db, client=line.client, kind=by_name["contact"].number)[0]
    assert logged.values["channel"] == "call"
    frame.toasts.undo()
    until(lambda: _is_struck(vault, line.client))


def _is_struck(vault: Vault, client: bytes) -> bool:
    with vault.read() as db:
        return list_of_client(db, client=client, kind=by_name["contact"].number, struck=True)[0].status == 2


def test_what_was_typed_is_in_the_vault_a_second_later_and_comes_back(frame: Frame, desk: Desk) -> None:
    frame.log_contact()
    QTest.keyClicks(frame.sheet.note, "Half a sen")
    found: list[object] = []

    def look() -> bool:
        desk.find_draft(DRAFT, found.append)
        return any(one is not None for one in found)

    until(look, seconds=3)
    again = type(frame.sheet)(desk, frame.whole)
    again.open()
    until(lambda: again.note.toPlainText() == "Half a sen")
    assert again.note.textCursor().position() == 10


def test_tab_leaves_the_note(frame: Frame) -> None:
    frame.log_contact()
    frame.sheet.note.setFocus()
    _press(Qt.Key.Key_Tab)
    assert not frame.sheet.note.hasFocus()
    assert [one for one in frame.findChildren(QLineEdit) if one.isVisible() and one.width() < 40] == []


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_the_list_never_needs_scrolling_sideways(qapp: QApplication, desk: Desk, scale: int) -> None:
    put_on(qapp, Look(scale=scale))
    frame = Frame(desk)
    frame.show()
    screen = _cases(frame)
    assert screen.table.horizontalScrollBar().maximum() == 0
    assert not screen.table.isColumnHidden(0)
    frame.close()
