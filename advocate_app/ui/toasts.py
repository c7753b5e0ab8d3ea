"""Toasts: a sentence in passing with at most one button, and the list of those that went by."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from advocate_app.ui.widgets.pieces import button, words
from advocate_app.ui.words import tr

SHOWN_MS: Final = 10_000
_KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class Message:
    """Something that was told, and when."""

    at: datetime
    text: str

    def __repr__(self) -> str:
        return "Message()"


class Toasts(QFrame):
    """The toast at the lower edge of its parent; the newest replaces the one before."""

    def __init__(self, parent: QWidget, *, now: Callable[[], datetime]) -> None:
        super().__init__(parent)
        self.setProperty("class", "toast")
        self.recent: deque[Message] = deque(maxlen=_KEPT)
        self._page = parent
        self._now = now
        self._undo: Callable[[], None] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        self._words = words("", wraps=False)
        self._button = button(tr("do.undo"))
        self._button.clicked.connect(self.undo)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._fade)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, *, undo: Callable[[], None] | None = None) -> None:
        """Tell something, with a way back if there is one."""
        self.recent.append(Message(at=self._now(), text=text))
        self._undo = undo
        self._words.setText(text)
        self._button.setVisible(undo is not None)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def undo(self) -> None:
        """Take back what was just told, if it can be."""
        undo, self._undo = self._undo, None
        self._fade()
        if undo is not None:
            undo()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Keeps its place when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        parent = self._page
        self.adjustSize()
        width = min(self.sizeHint().width(), parent.width() - 32)
        self.resize(width, self.sizeHint().height())
        self.move((parent.width() - width) // 2, parent.height() - self.height() - 24)

    def _fade(self) -> None:
        if self._button.hasFocus():
            self._page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
