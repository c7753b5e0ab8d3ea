"""A client's page: the safety strip that never scrolls away, an overview, and all that happened."""

from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from advocate_app.domain.fields import Kind, Record
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.queries.listed import Listed, Place, list_timeline
from advocate_app.ui.client_file import FIRST, ClientFile, entry_words, gather
from advocate_app.ui.days import moment_words
from advocate_app.ui.desk import Desk
from advocate_app.ui.opened import Db
from advocate_app.ui.people import called
from advocate_app.ui.screen import Screen
from advocate_app.ui.screens.peek import facts
from advocate_app.ui.theme.icons import icon
from advocate_app.ui.theme.look import look_now
from advocate_app.ui.widgets.pieces import Card, Empty, SafetyStrip, button, words
from advocate_app.ui.words import label, tr, worded

_CLIENT, _CASE = by_name["client"], by_name["case"]
_ABOUT = (
    "preferred_name",
    "first_name",
    "last_name",
    "language",
    "interpreter_needed",
    "community",
    "nations",
    "gender",
)
_OF_CASE = ("stage", "risk_level", "opened_on", "county", "primary_advocate", "next_step", "next_due", "goal")
_DRAWINGS = {
    "contact": "phone",
    "service": "hand-helping",
    "task": "calendar",
    "note": "file-text",
    "case": "briefcase",
}


class ClientScreen(Screen):
    """One client."""

    name: ClassVar[str] = "client"

    def __init__(self, desk: Desk, *, client: bytes, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.client = client
        self._last: Place | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        head = QFrame()
        head.setProperty("class", "bar")
        top = QVBoxLayout(head)
        top.setContentsMargins(20, 12, 20, 0)
        top.setSpacing(8)
        line = QHBoxLayout()
        self.back = button(tr("do.back"), drawing="undo-2", tip="Alt+Left")
        self.heading = words("", "title")
        self.number = words("", "soft")
        line.addWidget(self.back)
        line.addSpacing(8)
        line.addWidget(self.heading, 1)
        line.addWidget(self.number)
        top.addLayout(line)
        self.strip = SafetyStrip()
        self.strip.hide()
        top.addWidget(self.strip)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(tr("client.sections"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.addTab(tr("client.overview"))
        self.tabs.addTab(tr("client.timeline"))
        self.tabs.currentChanged.connect(self._turn)
        top.addWidget(self.tabs)
        rows.addWidget(head)
        self.overview = QScrollArea()
        self.overview.setWidgetResizable(True)
        self.overview.setAccessibleName(tr("client.overview"))
        self.timeline = _timeline()
        self.timeline.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._timeline_place = _padded(self.timeline)
        self.none = Empty(tr("client.no_entries"), drawing="history")
        for each in (self.overview, self._timeline_place, self.none):
            rows.addWidget(each, 1)
        self._timeline_place.hide()
        self.none.hide()
        desk.changed.connect(self._follow)
        self._ask()

    def first_place(self) -> QWidget:
        """The tabs: from there on, reading order."""
        return self.tabs

    def show_section(self, place: int) -> None:
        """0: overview, 1: timeline."""
        self.tabs.setCurrentIndex(place)

    def _ask(self) -> None:
        self.ask("file", partial(_gather, self.desk, client=self.client), self._show)

    def _show(self, file: ClientFile | None) -> None:
        if file is None:
            self.heading.setText(tr("client.gone"))
            return
        today = self.desk.today()
        self.heading.setText(called(file.row))
        self.number.setText(" · ".join(part for part in (file.row.case_number, file.row.code) if part))
        self.strip.show_words(file.safety.words, danger=file.safety.danger)
        self.overview.setWidget(self._overview(file, today))
        self.timeline.clear()
        self._add(file.timeline)
        self._turn(self.tabs.currentIndex())

    def _overview(self, file: ClientFile, today: date) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(20, 20, 20, 20)
        rows.setSpacing(16)
        for heading, record, values, names in (
            (tr("client.about"), _CLIENT, file.client, _ABOUT),
            (tr("client.case"), _CASE, file.case, _OF_CASE),
        ):
            card = Card(heading)
            card.rows.addLayout(facts([_fact(record, name, values, file, today) for name in names]))
            rows.addWidget(card)
        due = Card(tr("peek.due"))
        for one in file.tasks:
            what, when = entry_words(one, today=today)
            line = QHBoxLayout()
            line.addWidget(words(what, wraps=True), 1)
            line.addWidget(words(when, "soft"))
            due.rows.addLayout(line)
        if not file.tasks:
            due.rows.addWidget(words(tr("peek.nothing"), "soft"))
        rows.addWidget(due)
        rows.addStretch(1)
        return page

    def _add(self, entries: "list[Listed] | tuple[Listed, ...] | Any") -> None:
        today = self.desk.today()
        tokens = look_now().tokens
        kinds = {by_name[name].number: name for name in _DRAWINGS}
        for one in entries:
            what, when = entry_words(one, today=today)
            item = QListWidgetItem(f"{what}\n{when}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{when}, {what}")
            item.setIcon(icon(_DRAWINGS.get(kinds.get(one.type, ""), "clock"), colour=tokens.soft))
            self.timeline.addItem(item)
        self._last = entries[-1].place if len(entries) == FIRST else None

    def _scrolled(self, value: int) -> None:
        if self._last is not None and value >= self.timeline.verticalScrollBar().maximum() - 200:
            before, self._last = self._last, None
            self.ask("more", partial(list_timeline, client=self.client, before=before, limit=FIRST), self._add)

    def _turn(self, place: int) -> None:
        empty = self.timeline.count() == 0
        self.overview.setVisible(place == 0)
        self._timeline_place.setVisible(place == 1 and not empty)
        self.none.setVisible(place == 1 and empty)

    def _follow(self, changes: Changes) -> None:
        if self.client in changes.clients:
            self._ask()


def _gather(desk: Desk, db: Db, *, client: bytes) -> ClientFile | None:
    return gather(db, client=client, names=desk.opened.names(db))


def _timeline() -> QListWidget:
    made = QListWidget()
    made.setAccessibleName(tr("client.timeline"))
    made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    made.setWordWrap(True)
    made.setSpacing(4)
    made.setIconSize(QSize(look_now().px(18), look_now().px(18)))
    return made


def _padded(inside: QWidget) -> QWidget:
    page = QWidget()
    rows = QVBoxLayout(page)
    rows.setContentsMargins(20, 20, 20, 20)
    rows.addWidget(inside)
    return page


def _fact(record: Record, name: str, values: Any, file: ClientFile, today: date) -> tuple[str, str]:
    one = record.by_name[name]
    value = values.get(name)
    said = _said(one.choices, one.kind, value, file=file, today=today)
    return worded("field", name), said


def _said(choices: str | None, kind: Kind, value: Any, *, file: ClientFile, today: date) -> str:
    if value in (None, [], ""):
        return "—"
    if choices is not None:
        return ", ".join(label(choices, code) for code in (value if isinstance(value, list) else [value]))
    if kind is Kind.DATE:
        return moment_words(value, today=today)
    if kind is Kind.ID:
        return file.names.get(value, "—")
    return str(value)
