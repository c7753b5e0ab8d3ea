"""Log contact: the sheet that opens from anywhere and is done in seconds; only how is needed."""

import json
from datetime import timedelta
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from advocate_app.base.errors import Fault, Refusal
from advocate_app.commands import contacts, records, tasks
from advocate_app.commands.acting import Acting
from advocate_app.domain.codes import code_list
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.queries.clients import find_client
from advocate_app.ui.client_file import short_label
from advocate_app.ui.desk import Desk
from advocate_app.ui.opened import Db, KeptDraft
from advocate_app.ui.people import called
from advocate_app.ui.telling import tell_fault, tell_refusal
from advocate_app.ui.theme.look import look_now
from advocate_app.ui.widgets.pieces import Chips, button, words
from advocate_app.ui.words import label, tr

DRAFT: Final = "log_contact"
DRAFT_MS: Final = 1000
"""What is typed is in the vault at most so long after the first key."""
_CONTACT: Final = by_name["contact"]
_SERVICES: Final = ("B4", "C1", "C2", "B9", "A4", "D1", "B10", "C7")
_MINUTES: Final = ("5", "15", "30", "60")
_DAYS: Final = ("1", "3", "7")


class LogContact(QFrame):
    """A sheet over the window. Escape keeps what was typed as a draft and closes."""

    saved = Signal(str, object)
    """Words, and a function that takes it back."""
    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("class", "card")
        self.setAccessibleName(tr("contact.title"))
        self.desk = desk
        self._found: dict[str, bytes] = {}
        self._client: bytes | None = None
        self._saving = False
        self._typed = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._typed.timeout.connect(self.keep)
        self.who = QLineEdit()
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated.connect(self._pick)
        self.who.setCompleter(completer)
        self.who.setPlaceholderText(tr("contact.who_hint"))
        self.who.textEdited.connect(self._look_up)
        channels = [(code, label("channel", code)) for code in code_list("channel").codes]
        self.how = Chips(channels, name=tr("contact.how"))
        self.minutes = Chips([(one, one) for one in _MINUTES], name=tr("contact.minutes"), none=True)
        services = [(code, short_label(label("pmt_service", code))) for code in _SERVICES]
        self.what = Chips(services, name=tr("contact.what"), many=True)
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(look_now().px(72))
        follow = [(days, tr("contact.in_days", n=int(days))) for days in _DAYS]
        self.follow = Chips(follow, name=tr("contact.follow_up"), none=True)
        self.wrong = words("", "danger", wraps=True)
        self.wrong.hide()
        self.save_button = button(tr("contact.save"), classes="primary", tip="Ctrl+Enter")
        self.save_button.clicked.connect(self.save)
        self.cancel = button(tr("contact.later"), tip="Esc")
        self.cancel.clicked.connect(self.leave)
        self._lay_out()
        self.how.picked.connect(self._changed)
        for chips in (self.minutes, self.what, self.follow):
            chips.picked.connect(self._typed.start)
        self.note.textChanged.connect(self._typed.start)
        self.who.textEdited.connect(self._typed.start)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.save, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        QShortcut(QKeySequence("Esc"), self, self.leave, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._changed()
        self.hide()

    def open(self, *, client: bytes | None = None) -> None:
        """Show the sheet, with what was left in it, or for this client."""
        self._fit()
        self.show()
        self.raise_()
        self.who.setFocus()
        self.desk.find_draft(DRAFT, partial(self._bring_back, client))

    def keep(self) -> None:
        """Keep what was typed in the vault."""
        self._typed.stop()
        if not self._is_empty():
            caret = self.note.textCursor().position()
            self.desk.keep_draft(DRAFT, text=json.dumps(self._values()), caret=caret)

    def leave(self) -> None:
        """Close; what was typed is kept."""
        self.keep()
        self.hide()
        self.closed.emit()

    def save(self) -> None:
        """Log the contact."""
        if self._saving or not self.how.chosen:
            return
        self._typed.stop()
        self._saving = True
        self.save_button.setEnabled(False)
        contact = self.desk.opened.ids.next()
        command = partial(_log, contact=contact, values=self._values(), who=self._client)
        self.desk.do(command, partial(self._saved, contact), self._failed)

    def _saved(self, contact: bytes, outcome: Changes | Refusal) -> None:
        self._saving = False
        self._changed()
        if isinstance(outcome, Refusal):
            self._say_wrong(tell_refusal(outcome).text())
            return
        self.desk.drop_draft(DRAFT)
        self._clear()
        self.hide()
        self.saved.emit(tr("contact.saved"), partial(self.desk.do, partial(_take_back, contact=contact)))
        self.closed.emit()

    def _failed(self, fault: Fault) -> None:
        self._saving = False
        self._changed()
        self._say_wrong(tell_fault(fault).text())

    def _say_wrong(self, said: str) -> None:
        self.wrong.setText(said)
        self.wrong.show()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(24, 20, 24, 12)
        rows.setSpacing(12)
        rows.addWidget(words(tr("contact.title"), "head"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for place, (name, field) in enumerate(
            (
                (tr("contact.who"), self.who),
                (tr("contact.how"), self.how),
                (tr("contact.minutes"), self.minutes),
                (tr("contact.what"), self.what),
                (tr("contact.note"), self.note),
                (tr("contact.follow_up"), self.follow),
            )
        ):
            said = words(name, "label")
            said.setBuddy(field)
            if not isinstance(field, Chips):
                field.setAccessibleName(name)
            grid.addWidget(said, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, place, 1)
        grid.setColumnStretch(1, 1)
        rows.addLayout(grid)
        rows.addWidget(self.wrong)
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(scroll, 1)
        foot = QFrame()
        foot.setProperty("class", "foot")
        bar = QHBoxLayout(foot)
        bar.setContentsMargins(24, 10, 24, 10)
        bar.addWidget(words(tr("contact.needed"), "soft small", wraps=True), 1)
        bar.addWidget(self.cancel)
        bar.addWidget(self.save_button)
        outer.addWidget(foot)

    def _fit(self) -> None:
        room = self.parentWidget()
        assert room is not None
        look = look_now()
        width, height = min(look.px(640), room.width() - 32), min(look.px(640), room.height() - 32)
        self.resize(width, height)
        self.move((room.width() - width) // 2, (room.height() - height) // 2)

    def _values(self) -> dict[str, Any]:
        return {
            "who": self.who.text(),
            "client": None if self._client is None else self._client.hex(),
            "how": self.how.chosen,
            "minutes": self.minutes.chosen,
            "what": self.what.chosen,
            "note": self.note.toPlainText(),
            "follow": self.follow.chosen,
        }

    def _is_empty(self) -> bool:
        return not any(self._values().values())

    def _clear(self) -> None:
        self._put({})

    def _put(self, values: dict[str, Any]) -> None:
        self.who.setText(values.get("who", ""))
        self._client = bytes.fromhex(values["client"]) if values.get("client") else None
        for name, chips in (("how", self.how), ("minutes", self.minutes), ("what", self.what), ("follow", self.follow)):
            chips.choose(values.get(name, []))
        self.note.setPlainText(values.get("note", ""))
        self.wrong.hide()
        self._typed.stop()
        self._changed()

    def _bring_back(self, client: bytes | None, kept: KeptDraft | None) -> None:
        if kept is not None and self._is_empty():
            self._put(json.loads(kept.text))
            cursor = self.note.textCursor()
            cursor.setPosition(min(kept.caret, len(self.note.toPlainText())))
            self.note.setTextCursor(cursor)
        if client is not None and self._client is None:
            self.desk.ask(partial(_name, client=client), partial(self._take, client))

    def _take(self, client: bytes, name: str) -> None:
        self._client = client
        self.who.setText(name)
        self.how.setFocus()

    def _look_up(self, text: str) -> None:
        self._client = None
        if len(text.strip()) < 2:
            self._names.setStringList([])
            return
        self.desk.ask(lambda db: self.desk.opened.found(db, text), partial(self._offer, text))

    def _offer(self, text: str, found: list[tuple[bytes, str]]) -> None:
        if self.who.text() != text or not self.isVisible():
            return
        self._found = {name: client for client, name in reversed(found)}
        self._names.setStringList([name for _, name in found])
        if found and self.who.hasFocus():
            completer = self.who.completer()
            assert completer is not None
            completer.complete()

    def _pick(self, name: str) -> None:
        self._client = self._found.get(name)
        self._typed.start()

    def _changed(self) -> None:
        self.save_button.setEnabled(bool(self.how.chosen) and not self._saving)
        if not self._is_empty():
            self._typed.start()


def _name(db: Db, *, client: bytes) -> str:
    row = find_client(db, client=client)
    return "" if row is None else called(row)


def _log(tx: Db, by: Acting, *, contact: bytes, values: dict[str, Any], who: bytes | None) -> Changes | Refusal:
    """The contact and, if asked for, the task to call back; both or neither."""
    note = values["note"].strip()
    unknown = values["who"].strip() if who is None else ""
    wanted = {
        "client": who,
        "channel": values["how"][0],
        "minutes": int(values["minutes"][0]) if values["minutes"] else None,
        "services": values["what"] or None,
        "notes": "\n".join(part for part in (unknown, note) if part) or None,
        "identity": None if who is None else "identified",
    }
    logged = contacts.log(tx, contact=contact, wanted=wanted, by=by)
    if isinstance(logged, Refusal) or not values["follow"]:
        return logged
    due = by.today() + timedelta(days=int(values["follow"][0]))
    task = {"client": who, "kind": "call_back", "due": due.isoformat(), "about": contact}
    made = tasks.add(tx, task=by.new_id(), wanted=task, by=by)
    return made if isinstance(made, Refusal) else logged | made


def _take_back(tx: Db, by: Acting, *, contact: bytes) -> Changes | Refusal:
    return records.strike(tx, record=_CONTACT, record_id=contact, reason=tr("contact.taken_back"), by=by)
