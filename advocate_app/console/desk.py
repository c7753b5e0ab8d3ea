"""What a console command works with: the arguments, the vault that is open, who acts, and where answers go."""

import argparse
import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

import msgspec

from advocate_app.base.clock import Clock
from advocate_app.base.errors import Refusal
from advocate_app.base.ids import Ids
from advocate_app.base.private import Private
from advocate_app.commands.acting import Acting
from advocate_app.console.ending import Stop, Usage
from advocate_app.store import roster_log
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.vault import Vault
from advocate_app.sync.people import member_names
from advocate_app.wiring import unlock, vault_path, who_acts

_LONGEST_SECRET: Final = 4096
_LONGEST_INPUT: Final = 1024 * 1024


@dataclass(kw_only=True)
class Desk:
    """One run of the console."""

    asked: argparse.Namespace
    clock: Clock
    ids: Ids
    environment: Mapping[str, str]
    source: TextIO
    out: TextIO
    err: TextIO
    _vault: Vault | None = None

    @property
    def path(self) -> Path:
        """The vault's folder."""
        return vault_path(self.asked.vault, environment=self.environment)

    @property
    def in_json(self) -> bool:
        """Whether the answer is wanted as JSON."""
        return bool(self.asked.json)

    @property
    def vault(self) -> Vault:
        """The vault, unlocked when it is first needed."""
        if self._vault is None:
            self._vault = unlock(self.path, passphrase=self.passphrase())
        return self._vault

    def keep_open(self, vault: Vault) -> Vault:
        """Use this vault, opened otherwise, from here on."""
        self._vault = vault
        return vault

    def close(self) -> None:
        """Close the vault, if it was opened."""
        if self._vault is not None:
            self._vault.close()
            self._vault = None

    def passphrase(self, *, prompt: str = "Passphrase: ") -> Private[str]:
        """The vault's passphrase, from `--passphrase-fd` or a prompt without echo."""
        return self.secret(self.asked.passphrase_fd, prompt=prompt)

    def secret(self, descriptor: int | None, *, prompt: str) -> Private[str]:
        """One line from a file descriptor, or from a prompt without echo."""
        if descriptor is not None:
            return Private(_line_of(descriptor))
        if not self.source.isatty():
            raise Stop("console.no_prompt", {})
        return Private(getpass.getpass(prompt))

    def ask(self, question: str) -> str:
        """One line typed by whoever sits here; asked aloud only at a terminal."""
        if self.source.isatty():
            self.err.write(question)
            self.err.flush()
        return self.source.readline().strip()

    def text_of(self, name: str) -> str:
        """The text of a file, or of standard input for `-`."""
        if name == "-":
            return self.source.read(_LONGEST_INPUT)
        try:
            path = Path(name)
            if path.stat().st_size > _LONGEST_INPUT:
                raise Usage(f"{name}: larger than 1 MiB")
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Usage(f"{name}: cannot be read as text ({type(error).__name__})") from None

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """One consistent view of the vault."""
        with self.vault.read() as db:
            yield db

    def acting(self, db: Reader) -> Acting:
        """Who acts."""
        return who_acts(db, clock=self.clock, ids=self.ids)

    def names(self, db: Reader) -> dict[bytes, str]:
        """Members' names by id."""
        state = roster_log.load_roster(db)
        return {} if state is None else member_names(db, state=state)

    def do(self, command: "Callable[[Writer, Acting], Changes | Refusal]") -> Changes:
        """Give one command in one transaction. Raises `Stop` with the reason when it is refused."""
        with self.vault.write() as tx:
            outcome = command(tx, self.acting(tx))
            if isinstance(outcome, Refusal):
                raise Stop(outcome.code, dict(outcome.facts))
        return outcome

    def answer(self, reply: Mapping[str, Any], *lines: str) -> None:
        """Say how it went: the reply as JSON, or the lines."""
        if self.in_json:
            self.out.write(msgspec.json.encode({"ok": True, **reply}).decode("utf-8") + "\n")
        else:
            self.out.writelines(line + "\n" for line in lines)
        self.out.flush()


def _line_of(descriptor: int) -> str:
    """The first line that a file descriptor gives; it is read to its end, so that nothing of it lingers in a pipe."""
    try:
        with os.fdopen(descriptor, "rb", closefd=True) as file:
            told = file.read(_LONGEST_SECRET)
    except OSError:
        raise Usage(f"file descriptor {descriptor} is not open for reading") from None
    return told.split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "surrogateescape")
