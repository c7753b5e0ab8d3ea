"""The program's windows from start to end: unlock, work, lock; locking ends the process and starts it anew."""

import subprocess
import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QMainWindow

from advocate_app.ui import words
from advocate_app.ui.desk import Desk
from advocate_app.ui.frame import Frame
from advocate_app.ui.opened import Opened
from advocate_app.ui.screens.unlock import UnlockScreen
from advocate_app.ui.theme.look import Look, put_on


class Windows:
    """Which window is open; `locked` says whether the program is to start anew."""

    def __init__(self, open_with: Callable[[str], Opened]) -> None:
        self.locked = False
        self.frame: Frame | None = None
        self._door = QMainWindow()
        self._door.setWindowTitle(words.tr("app.title"))
        self._door.resize(1280, 800)
        self.unlock = UnlockScreen(open_with)
        self._door.setCentralWidget(self.unlock)
        self.unlock.unlocked.connect(self._enter)

    def show(self) -> None:
        """Show the way in."""
        self._door.show()
        self.unlock.passphrase.setFocus()

    def _enter(self, opened: Opened) -> None:
        self.frame = Frame(Desk(opened))
        self.frame.locking.connect(self._lock)
        self.frame.setGeometry(self._door.geometry())
        self.frame.show()
        self._door.close()

    def _lock(self) -> None:
        self.locked = True
        if self.frame is not None:
            self.frame.close()
        app = QApplication.instance()
        if app is not None:
            app.quit()


def run(open_with: Callable[[str], Opened], *, again: Sequence[str]) -> int:
    """Run until the window is closed; `again` is the command that starts the program anew after a lock."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("advocate")
    words.speak("es" if QLocale.system().language() == QLocale.Language.Spanish else "en")
    put_on(app, Look())
    windows = Windows(open_with)
    windows.show()
    status = app.exec()
    if windows.locked:
        subprocess.Popen(list(again), start_new_session=True)
    return status
