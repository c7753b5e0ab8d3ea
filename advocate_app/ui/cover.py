"""Hide: an empty page over everything, at once, that leaves no client's words for a glance or a reader to find."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QToolTip, QVBoxLayout, QWidget

from advocate_app.ui.words import tr

_THREE_WITHIN_MS: Final = 2000
FREE_MS: Final = 15_000
"""So long a key takes the cover off; after that the passphrase."""


class Cover(QWidget):
    """The neutral page."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("cover")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("cover.name"))
        rows = QVBoxLayout(self)
        said = QLabel(tr("cover.words"))
        said.setProperty("class", "soft")
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        rows.addWidget(said)


class Hiding(QObject):
    """Hides and shows again one main window with whatever else the program has open."""

    locked = Signal()
    """It was covered for so long that a key is not enough."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._kept: QWidget | None = None
        self._others: list[QWidget] = []
        self._focus: QWidget | None = None
        self._shifts: list[int] = []
        self._copied_here = False
        self._clipboard = QGuiApplication.clipboard()
        self._clipboard.dataChanged.connect(self._copied)
        self._free = QTimer(self)
        self._free.setSingleShot(True)
        self._free.setInterval(FREE_MS)

    @property
    def hidden(self) -> bool:
        """Whether the cover is up."""
        return self._kept is not None

    def hide(self) -> None:
        """Cover everything. The page that was there is taken out of the window, so that no reader finds it."""
        if self.hidden:
            return
        self._focus = QApplication.focusWidget()
        QToolTip.hideText()
        while (menu := QApplication.activePopupWidget()) is not None:
            menu.close()
        self._others = [one for one in QApplication.topLevelWidgets() if one is not self._window and one.isVisible()]
        for other in self._others:
            other.hide()
        self._kept = self._window.takeCentralWidget()
        cover = Cover()
        self._window.setCentralWidget(cover)
        cover.show()
        cover.setFocus()
        if self._copied_here or self._clipboard.ownsClipboard():
            self._clipboard.clear()
        self._free.start()

    def show_again(self) -> None:
        """Take the cover off, or lock where it was on for too long."""
        if self._kept is None:
            return
        if not self._free.isActive():
            self.locked.emit()
            return
        cover = self._window.takeCentralWidget()
        self._window.setCentralWidget(self._kept)
        self._kept = None
        assert cover is not None
        cover.deleteLater()
        for other in self._others:
            other.show()
        self._others = []
        if self._focus is not None:
            self._focus.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Sees every key: Shift three times hides; under the cover any key shows again and goes no further."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self.hidden:
                if event.key() not in (Qt.Key.Key_F9, Qt.Key.Key_Shift):
                    self.show_again()
                return True
            self._count_shift(event)
        if self.hidden and event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            return True
        return super().eventFilter(watched, event)

    def _copied(self) -> None:
        # Not every platform tells who owns the clipboard; what changes while this program is in front is its own.
        self._copied_here = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive

    def _count_shift(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Shift:
            self._shifts.clear()
            return
        if event.isAutoRepeat() or (self._shifts and self._shifts[-1] == event.timestamp() != 0):
            return  # the same press, on its way from one widget to the next
        self._shifts = [*(at for at in self._shifts if event.timestamp() - at <= _THREE_WITHIN_MS), event.timestamp()]
        if len(self._shifts) >= 3:
            self._shifts.clear()
            QTimer.singleShot(0, self.hide)
