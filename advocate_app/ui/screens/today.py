"""Today: what is due, what needs you, what comes next."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from advocate_app.base.errors import Refusal
from advocate_app.commands import records, tasks
from advocate_app.commands.acting import Acting
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.queries.clients import find_client
from advocate_app.store.queries.listed import Listed, list_tasks_due, list_unfiled
from advocate_app.store.queries.standing import list_conflicts
from advocate_app.ui.client_file import entry_words
from advocate_app.ui.days import is_overdue
from advocate_app.ui.desk import Desk
from advocate_app.ui.opened import Db
from advocate_app.ui.people import called
from advocate_app.ui.screen import Screen
from advocate_app.ui.widgets.pieces import Card, button, words
from advocate_app.ui.words import language, tr

_TASK, _CONTACT = by_name["task"], by_name["contact"]
_AHEAD_DAYS = 7
_CLIENT = Qt.ItemDataRole.UserRole
_RECORD = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True, repr=False)
class _Day:
    due: list[tuple[Listed, str]]
    ahead: list[tuple[Listed, str]]
    unfiled: int
    conflicts: list[bytes]


class TodayScreen(Screen):
    """The first screen of a day."""

    name: ClassVar[str] = "today"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(scroll)
        page = QWidget()
        scroll.setWidget(page)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(20, 16, 20, 20)
        rows.setSpacing(16)
        day = desk.today()
        head = QHBoxLayout()
        head.addWidget(words(tr("nav.today"), "title"))
        date_words = QLocale(language()).toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)
        head.addWidget(words(date_words, "soft"), 1, Qt.AlignmentFlag.AlignBottom)
        rows.addLayout(head)
        self.due = _tasks(tr("today.due"))
        self.ahead = _tasks(tr("today.ahead"))
        self.need = Card(tr("today.needs_you"))
        self._need = words("", wraps=True)
        self.conflict = button(tr("today.open_conflict"), drawing="git-compare")
        self.conflict.clicked.connect(self._open_conflict)
        self.need.rows.addWidget(self._need)
        self.need.rows.addWidget(self.conflict, 0, Qt.AlignmentFlag.AlignLeft)
        self._conflicts: list[bytes] = []
        self._nothing = {}
        for listing, said, empty in (
            (self.due, tr("today.due"), tr("today.nothing_due")),
            (self.ahead, tr("today.ahead"), tr("today.nothing_ahead")),
        ):
            card = Card(said)
            note = words(empty, "soft", wraps=True)
            self._nothing[listing] = note
            card.rows.addWidget(listing)
            card.rows.addWidget(note)
            rows.addWidget(card)
            listing.itemActivated.connect(self._open)
            QShortcut(
                QKeySequence("Space"),
                listing,
                partial(self._complete, listing),
                context=Qt.ShortcutContext.WidgetShortcut,
            )
        rows.insertWidget(2, self.need)
        rows.addStretch(1)
        desk.changed.connect(self._follow)
        self._ask()

    def first_place(self) -> QWidget:
        """What is due."""
        return self.due if self.due.count() else self.ahead

    def entered(self) -> None:
        """A new day may have begun."""
        self._ask()

    def _ask(self) -> None:
        self.ask("day", partial(_day, self.desk, today=self.desk.today()), self._show)

    def _show(self, day: _Day) -> None:
        for listing, tasks_of in ((self.due, day.due), (self.ahead, day.ahead)):
            listing.clear()
            for one, who in tasks_of:
                listing.addItem(self._item(one, who))
            listing.setVisible(bool(tasks_of))
            self._nothing[listing].setVisible(not tasks_of)
            height = sum(listing.sizeHintForRow(row) for row in range(listing.count())) + 2 * listing.frameWidth() + 8
            listing.setFixedHeight(max(40, height))
        said = []
        if day.conflicts:
            said.append(tr("today.conflicts", n=len(day.conflicts)))
        if day.unfiled:
            said.append(tr("today.unfiled", n=day.unfiled))
        self._need.setText(" ".join(said) or tr("today.nobody_needs"))
        self._conflicts = day.conflicts
        self.conflict.setVisible(bool(day.conflicts))

    def _item(self, one: Listed, who: str) -> QListWidgetItem:
        what, when = entry_words(one, today=self.desk.today())
        late = is_overdue(one.at, today=self.desk.today())
        when = tr("due.overdue", when=when) if late else when
        item = QListWidgetItem(f"{what}\n{when}" + (f" · {who}" if who else ""))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(part for part in (what, when, who) if part))
        item.setData(_CLIENT, one.client)
        item.setData(_RECORD, one.record_id)
        return item

    def _open(self, item: QListWidgetItem) -> None:
        client = item.data(_CLIENT)
        if client:
            self.opened_client.emit(bytes(client))

    def _open_conflict(self) -> None:
        if self._conflicts:
            self.opened_client.emit(self._conflicts[0])

    def _complete(self, listing: QListWidget) -> None:
        item = listing.currentItem()
        if item is not None:
            task = bytes(item.data(_RECORD))
            self.desk.do(partial(_end, task=task), partial(self._completed, task))

    def _completed(self, task: bytes, outcome: Changes | Refusal) -> None:
        if isinstance(outcome, Changes):
            self.offered.emit(tr("today.done"), partial(self.desk.do, partial(_reopen, task=task)))

    def _follow(self, _changes: Changes) -> None:
        self._ask()


def _end(tx: Db, by: Acting, *, task: bytes) -> Changes | Refusal:
    return tasks.end(tx, task=task, status="done", by=by)


def _reopen(tx: Db, by: Acting, *, task: bytes) -> Changes | Refusal:
    return records.save(tx, record=_TASK, record_id=task, wanted={"status": "open", "done_on": None}, by=by)


def _tasks(name: str) -> QListWidget:
    made = QListWidget()
    made.setAccessibleName(name)
    made.setToolTip(tr("today.keys"))
    made.setSpacing(2)
    made.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return made


def _day(desk: Desk, db: Db, *, today: date) -> _Day:
    """On the read lane."""
    me = desk.opened.who(db).member
    tomorrow = (today + timedelta(days=1)).isoformat()
    later = (today + timedelta(days=_AHEAD_DAYS + 1)).isoformat()
    found = list_tasks_due(db, until=later, owner=me, limit=60)
    named = [(one, _who(db, one.client)) for one in found]
    conflicts = [one.client or one.record_id for one in list_conflicts(db)]
    return _Day(
        due=[pair for pair in named if pair[0].at < tomorrow],
        ahead=[pair for pair in named if pair[0].at >= tomorrow],
        unfiled=len(list_unfiled(db, kind=_CONTACT.number)),
        conflicts=list(dict.fromkeys(conflicts)),
    )


def _who(db: Db, client: bytes | None) -> str:
    row = None if client is None else find_client(db, client=client)
    return "" if row is None else called(row)
