"""The sync centre: how things stand between this laptop and the team, in one sentence, and what to do about it."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from advocate_app.store.changes import Changes
from advocate_app.store.queries.standing import count_newer, list_conflicts
from advocate_app.sync.words import SyncState, SyncWord
from advocate_app.ui.days import clock_words, day_words
from advocate_app.ui.desk import Desk
from advocate_app.ui.opened import Db, RoundEnd
from advocate_app.ui.screen import Screen
from advocate_app.ui.telling import tell_code
from advocate_app.ui.widgets.pieces import Card, button, words
from advocate_app.ui.words import tr

_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class _Standing:
    last: int
    conflicts: int
    newer: int


class SyncScreen(Screen):
    """What waits, what arrived, and when the server last answered."""

    name: ClassVar[str] = "sync"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 20)
        rows.setSpacing(16)
        rows.addWidget(words(tr("nav.sync"), "title"))
        card = Card()
        self.sentence = words("", "head", wraps=True)
        self.safe = words("", "soft", wraps=True)
        self.last = words("", "soft")
        self.now = button(tr("do.sync_now"), drawing="refresh-cw", classes="primary", tip="Ctrl+R")
        self.now.clicked.connect(desk.sync_now)
        self.off = words(tr("sync.off"), "soft", wraps=True)
        for each in (self.sentence, self.safe, self.last):
            card.rows.addWidget(each)
        line = QHBoxLayout()
        line.addWidget(self.now)
        line.addWidget(self.off, 1)
        card.rows.addLayout(line)
        rows.addWidget(card)
        self.aside = Card(tr("sync.attention"))
        self._aside = words("", wraps=True)
        self.aside.rows.addWidget(self._aside)
        rows.addWidget(self.aside)
        lately = Card(tr("sync.rounds"))
        self.none = words(tr("sync.no_rounds"), "soft", wraps=True)
        self.rounds = QListWidget()
        self.rounds.setAccessibleName(tr("sync.rounds"))
        self.rounds.hide()
        lately.rows.addWidget(self.none)
        lately.rows.addWidget(self.rounds)
        rows.addWidget(lately)
        rows.addStretch(1)
        desk.sync_told.connect(self._tell)
        desk.round_ended.connect(self._ended)
        desk.changed.connect(self._follow)
        self._tell(desk.sync)

    def first_place(self) -> QWidget:
        """The one button."""
        return self.now

    def entered(self) -> None:
        """Look again."""
        self.desk.refresh_sync()
        self._ask()

    def _ask(self) -> None:
        self.ask("standing", partial(_standing, self.desk), self._show)

    def _tell(self, state: SyncState) -> None:
        self.sentence.setText(sync_words(state))
        told = tell_code(state.code).text() if state.code else ""
        self.safe.setText(told or (tr("sync.safe") if state.waiting else tr("sync.shared")))
        self.now.setVisible(self.desk.opened.worker is not None)
        self.now.setEnabled(state.word is not SyncWord.SYNCING)
        self.off.setVisible(self.desk.opened.worker is None)
        self._ask()

    def _show(self, standing: _Standing) -> None:
        if standing.last:
            at = self.desk.local(standing.last)
            when = f"{day_words(at.date(), today=self.desk.today())} {clock_words(at)}"
            self.last.setText(tr("sync.last", when=when))
        else:
            self.last.setText(tr("sync.never"))
        said = []
        if standing.conflicts:
            said.append(tr("today.conflicts", n=standing.conflicts))
        if standing.newer:
            said.append(tr("sync.newer", n=standing.newer))
        self._aside.setText(" ".join(said))
        self.aside.setVisible(bool(said))

    def _ended(self, end: RoundEnd) -> None:
        at = clock_words(self.desk.local())
        if end.code is not None:
            said = tell_code(end.code).what
        elif end.pulled or end.pushed:
            said = tr("sync.exchanged", pulled=end.pulled, pushed=end.pushed)
        else:
            said = tr("sync.nothing_new")
        self.rounds.insertItem(0, f"{at}  {said}")
        while self.rounds.count() > _ROUNDS:
            self.rounds.takeItem(self.rounds.count() - 1)
        self.none.hide()
        self.rounds.show()
        self._ask()

    def _follow(self, _changes: Changes) -> None:
        self._ask()


def sync_words(state: SyncState) -> str:
    """The one of the five words that holds, with its numbers."""
    match state.word:
        case SyncWord.UP_TO_DATE:
            return tr("sync.up_to_date")
        case SyncWord.WAITING:
            return tr("sync.waiting", n=state.waiting)
        case SyncWord.SYNCING:
            return tr("sync.syncing", done=state.done, total=state.total)
        case SyncWord.OFFLINE:
            return tr("sync.offline_waiting", n=state.waiting) if state.waiting else tr("sync.offline")
    return tr("sync.needs_attention")


def _standing(desk: Desk, db: Db) -> _Standing:
    return _Standing(last=desk.opened.last_contact(db), conflicts=len(list_conflicts(db)), newer=count_newer(db))
