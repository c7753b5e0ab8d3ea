"""Unlock: the passphrase, and nothing that tells whose vault this is."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from advocate_app.base.errors import Fault
from advocate_app.jobs.lanes import Lane
from advocate_app.ui.opened import Opened
from advocate_app.ui.relay import Relay
from advocate_app.ui.telling import tell_fault
from advocate_app.ui.theme.look import look_now
from advocate_app.ui.widgets.pieces import button, words
from advocate_app.ui.words import tr

_WRONG = "vault.wrong_passphrase"
_LONGEST_WAIT = 30


class UnlockScreen(QWidget):
    """Asks for the passphrase and opens the vault away from the window's thread."""

    unlocked = Signal(object)
    """An `Opened`."""

    def __init__(self, open_with: Callable[[str], Opened], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._open_with = open_with
        self._lane = Lane("cpu")
        self._relay = Relay(self)
        self._wrong = 0
        self._left = 0
        self._wait = QTimer(self, interval=1000)
        self._wait.timeout.connect(self._tick)
        card = QFrame()
        card.setProperty("class", "card")
        card.setFixedWidth(look_now().px(420))
        rows = QVBoxLayout(card)
        rows.setContentsMargins(28, 28, 28, 24)
        rows.setSpacing(12)
        rows.addWidget(words(tr("unlock.title"), "title"))
        rows.addWidget(words(tr("unlock.words"), "soft", wraps=True))
        label = words(tr("unlock.passphrase"), "label")
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(tr("unlock.passphrase"))
        self.passphrase.returnPressed.connect(self.try_open)
        label.setBuddy(self.passphrase)
        rows.addWidget(label)
        line = QHBoxLayout()
        line.addWidget(self.passphrase, 1)
        self.show_it = button(tr("unlock.show"))
        self.show_it.setCheckable(True)
        self.show_it.toggled.connect(self._reveal)
        line.addWidget(self.show_it)
        rows.addLayout(line)
        self.told = words("", "danger", wraps=True)
        self.told.hide()
        rows.addWidget(self.told)
        self.open = button(tr("unlock.open"), drawing="lock", classes="primary")
        self.open.clicked.connect(self.try_open)
        rows.addWidget(self.open)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName(tr("unlock.opening"))
        self.busy.hide()
        rows.addWidget(self.busy)
        rows.addWidget(words(tr("unlock.offline"), "soft small", wraps=True))
        outer = QVBoxLayout(self)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        self.setFocusProxy(self.passphrase)

    def try_open(self) -> None:
        """Try what was typed."""
        if not self.passphrase.text() or not self.open.isEnabled():
            return
        self.told.hide()
        self.busy.show()
        self.open.setEnabled(False)
        text = self.passphrase.text()
        self._relay.carry(self._lane.run(lambda: self._open_with(text)), then=self._opened, failed=self._failed)

    def _opened(self, opened: Opened) -> None:
        self.passphrase.clear()
        self._lane.close()
        self.unlocked.emit(opened)

    def _failed(self, fault: Fault) -> None:
        self.busy.hide()
        self.told.setText(tell_fault(fault).text())
        self.told.show()
        self.passphrase.selectAll()
        self.passphrase.setFocus()
        if fault.code != _WRONG:
            self.open.setEnabled(True)
            return
        self._left = min(2**self._wrong, _LONGEST_WAIT)
        self._wrong += 1
        self._tell_wait()
        self._wait.start()

    def _tick(self) -> None:
        self._left -= 1
        self._tell_wait()

    def _tell_wait(self) -> None:
        waiting = self._left > 0
        self.open.setEnabled(not waiting)
        self.open.setText(tr("unlock.wait", n=self._left) if waiting else tr("unlock.open"))
        if not waiting:
            self._wait.stop()

    def _reveal(self, shown: bool) -> None:
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
