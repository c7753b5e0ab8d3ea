"""From the passphrase to the window and back: unlocking, waiting after mistakes, locking."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from advocate_app.base.private import Private
from advocate_app.main import opened
from advocate_app.ui.opened import Opened
from advocate_app.ui.window import Windows
from advocate_app.wiring import unlock
from tests.agency import CLOCK, IDS, PASSPHRASE
from tests.ui.sample import SampleVault, until


def _windows(sample: SampleVault, into: Path) -> Windows:
    sample.open_copy(into).close()

    def open_with(passphrase: str) -> Opened:
        return opened(unlock(into, passphrase=Private(passphrase)), clock=CLOCK, ids=IDS, sync=False)

    windows = Windows(open_with)
    windows.show()
    return windows


def test_the_right_passphrase_opens_the_window_and_locking_closes_the_vault(
    qapp: QApplication, sample: SampleVault, tmp_path: Path
) -> None:
    windows = _windows(sample, tmp_path / "vault")
    windows.unlock.passphrase.setText(PASSPHRASE)
    windows.unlock.try_open()
    until(lambda: windows.frame is not None)
    assert windows.unlock.passphrase.text() == ""
    assert windows.frame is not None
    windows.frame.lock()
    assert windows.locked
    unlock(tmp_path / "vault", passphrase=Private(PASSPHRASE)).close()


def test_a_wrong_passphrase_is_told_kept_and_makes_the_next_try_wait(
    qapp: QApplication, sample: SampleVault, tmp_path: Path
) -> None:
    windows = _windows(sample, tmp_path / "vault")
    screen = windows.unlock
    screen.passphrase.setText("not this one")
    screen.try_open()
    until(screen.told.isVisible)
    assert screen.passphrase.selectedText() != ""
    assert not screen.open.isEnabled()
    assert windows.frame is None
    until(screen.open.isEnabled, seconds=5)
    screen.close()
