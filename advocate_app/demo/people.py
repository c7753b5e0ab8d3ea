"""One person of the field day: a vault, a passphrase, and the console that they use, a process for each command."""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from advocate_app.base.paths import program
from advocate_app.demo.errors import NotSo

PASSPHRASE: Final = "sample pinyon mesa lantern"  # noqa: S105  of vaults that hold invented records
SECONDS: Final = 120

Reply = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the invented agency."""

    name: str
    vault: Path

    def says(
        self,
        *words: str,
        given: Mapping[str, Any] | None = None,
        secrets: Sequence[str] = (),
        expect: int = 0,
    ) -> Reply:
        """Give one console command and return its last reply; `given` goes in as JSON on standard input (`--from -`).

        `secrets` are lines for further file descriptors, 4 and on, that `words` may name. Raises `NotSo` unless the
        command ends with the exit code `expect`.
        """
        if given is not None:
            words = (*words, "--from", "-")
        return self.module("advocate_app.cli", *words, given=given, secrets=secrets, expect=expect)

    def module(
        self,
        module: str,
        *words: str,
        given: Mapping[str, Any] | None = None,
        secrets: Sequence[str] = (),
        expect: int = 0,
    ) -> Reply:
        """Run a module of the program on this person's vault, as `says` does."""
        texts = [PASSPHRASE, *secrets]
        pipes = [_pipe(text) for text in texts]
        named = [str(pipes[int(word[3:]) - 3]) if word.startswith("fd:") else word for word in words]
        command = [program(), "-m", module, "--vault", str(self.vault), "--json", "--passphrase-fd", str(pipes[0])]
        try:
            done = subprocess.run(
                [*command, *named],
                input=json.dumps(given or {}),
                capture_output=True,
                text=True,
                pass_fds=pipes,
                timeout=SECONDS,
                check=False,
                env=environment(self.vault.parent),
            )
        finally:
            for pipe in pipes:
                os.close(pipe)
        if done.returncode != expect:
            said = done.stdout.strip().splitlines()[-1:] or done.stderr.strip().splitlines()[-3:]
            raise NotSo(f"{self.name}: advocate {words[0]} {words[1:2]} ended with {done.returncode}: {said}")
        lines = done.stdout.strip().splitlines()
        return dict(json.loads(lines[-1])) if lines else {}

    def status(self) -> Reply:
        """How this person's vault stands."""
        return self.says("status")

    def sync(self, *, expect: int = 0) -> Reply:
        """One exchange with the server."""
        return self.says("sync", expect=expect)


def environment(home: Path) -> dict[str, str]:
    """This environment, with compiled code kept beside the vaults: dozens of short processes start faster so."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(home / "compiled")}


def _pipe(text: str) -> int:
    """The reading end of a pipe that holds one line."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as end:
        end.write(text + "\n")
    return reading


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Let several people act at the same time; what each got, in order."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        return [one.result() for one in [pool.submit(call) for call in calls]]


def new_home() -> Path:
    """A fresh folder for everybody's vaults and the server."""
    return Path(tempfile.mkdtemp(prefix="advocate-field-day-"))
