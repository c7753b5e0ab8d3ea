"""Renders every built screen in each theme, language and text size to PNG: `python scripts/looks.py DIR`."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from advocate_app.ui import words
from advocate_app.ui.desk import Desk
from advocate_app.ui.frame import Frame
from advocate_app.ui.screens.client import ClientScreen
from advocate_app.ui.screens.unlock import UnlockScreen
from advocate_app.ui.theme.look import Look, put_on
from tests.ui.sample import SampleVault, desk_over, make_sample

SETTLED_MS = 350


def settle(ms: int = SETTLED_MS) -> None:
    """Let the window ask, answer and paint."""
    deadline = QDeadlineTimer(ms)
    while not deadline.hasExpired():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def shots(desk: Desk, sample: SampleVault, keep: Callable[[QWidget, str], None]) -> None:
    """Every screen of one window, one after the other."""
    frame = Frame(desk)
    frame.show()
    settle()
    keep(frame, "today")
    frame.go("cases")
    settle()
    keep(frame, "cases")
    frame.open_client(sample.clients[0])
    settle()
    keep(frame, "client")
    page = frame.pages.currentWidget()
    assert isinstance(page, ClientScreen)
    page.show_section(1)
    settle()
    keep(frame, "timeline")
    frame.log_contact()
    settle()
    keep(frame, "log_contact")
    frame.sheet.leave()
    frame.go("sync")
    settle()
    keep(frame, "sync")
    frame.find_or_do()
    settle(100)
    keep(frame, "palette")
    frame.palette_line.hide()
    frame.show_keys()
    settle(100)
    keep(frame, "keys")
    frame.hiding.hide()
    settle(100)
    keep(frame, "hidden")
    frame.close()


def _never(_passphrase: str) -> object:
    raise NotImplementedError


def main() -> int:
    """Render what was asked for; prints how many pictures there are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("into", type=Path)
    parser.add_argument("--themes", default="light,dark,contrast")
    parser.add_argument("--languages", default="en,es,pseudo")
    parser.add_argument("--scales", default="100,150,200")
    asked = parser.parse_args()
    asked.into.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    count = 0
    with tempfile.TemporaryDirectory() as home:
        sample = make_sample(Path(home))
        for theme in asked.themes.split(","):
            for language in asked.languages.split(","):
                for scale in asked.scales.split(","):
                    words.speak(language)
                    put_on(app, Look(theme=theme, scale=int(scale)))
                    taken: list[str] = []

                    def keep(widget: QWidget, name: str, tail: str = f"{theme}_{language}_{scale}") -> None:
                        widget.grab().save(str(asked.into / f"{name}_{tail}.png"))
                        taken.append(name)  # noqa: B023  called before the loop goes on

                    door = UnlockScreen(_never)  # type: ignore[arg-type]  # nobody unlocks here
                    door.resize(1280, 800)
                    door.show()
                    settle(50)
                    keep(door, "unlock")
                    door.close()
                    vault = sample.open_copy(Path(home) / f"copy_{count}")
                    shots(desk_over(vault), sample, keep)
                    count += len(taken)
    sys.stdout.write(f"{count} pictures in {asked.into}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
