"""At a terminal: the passphrase is asked for twice, never echoed, and Ctrl-C leaves nothing behind."""

import os
import select
import sys
from pathlib import Path

import pytest

from tests.agency import PASSPHRASE
from tests.console.asking import ask

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are not of this system", allow_module_level=True)

import pty

SECONDS = 30.0


class Terminal:
    """A command of the console on a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self.seen = ""
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:  # the command itself
            os.execv(sys.executable, [sys.executable, "-m", "advocate_app.cli", *arguments])

    def wait_for(self, text: str) -> None:
        while text not in self.seen:
            ready, _, _ = select.select([self._terminal], [], [], SECONDS)
            assert ready, self.seen
            try:
                self.seen += os.read(self._terminal, 4096).decode()
            except OSError:
                raise AssertionError(self.seen) from None

    def type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def end(self) -> int:
        """Read to the end; the exit code."""
        while True:
            try:
                more = os.read(self._terminal, 4096)
            except OSError:
                break
            if not more:
                break
            self.seen += more.decode()
        os.close(self._terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])


def test_a_new_passphrase_is_typed_twice_and_not_echoed(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    terminal = Terminal("--vault", str(vault), "vault", "create", "--kdf-memory", "64")
    terminal.wait_for("New passphrase: ")
    terminal.type(PASSPHRASE + "\n")
    terminal.wait_for("Once more: ")
    terminal.type(PASSPHRASE + "\n")
    assert terminal.end() == 0
    assert "Five random words" in terminal.seen
    assert PASSPHRASE not in terminal.seen
    assert ask(vault, "vault", "integrity").code == 0


def test_two_different_passphrases_make_no_vault(tmp_path: Path) -> None:
    terminal = Terminal("--vault", str(tmp_path / "vault"), "vault", "create", "--kdf-memory", "64")
    terminal.wait_for("New passphrase: ")
    terminal.type(PASSPHRASE + "\n")
    terminal.wait_for("Once more: ")
    terminal.type(PASSPHRASE + " oh\n")
    assert terminal.end() == 1
    assert not (tmp_path / "vault" / "vault.db").exists()


def test_interrupting_a_prompt_leaves_nothing_behind(tmp_path: Path) -> None:
    terminal = Terminal("--vault", str(tmp_path / "vault"), "vault", "create", "--kdf-memory", "64")
    terminal.wait_for("New passphrase: ")
    terminal.type("\x03")
    assert terminal.end() == 75
    assert "Traceback" not in terminal.seen
    assert not (tmp_path / "vault" / "vault.db").exists()
