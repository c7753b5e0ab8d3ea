"""Asking the console in this process, as a person at a shell would."""

import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advocate_app.base.clock import Clock, SystemClock
from advocate_app.base.ids import SystemIds
from advocate_app.console.run import run
from tests.agency import PASSPHRASE


@dataclass(frozen=True, slots=True)
class Answer:
    """What the console said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The last line, as JSON."""
        told: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return told


def descriptor_of(text: str) -> int:
    """A file descriptor that gives this line and then ends; whoever reads it closes it."""
    reading, writing = os.pipe()
    os.write(writing, text.encode() + b"\n")
    os.close(writing)
    return reading


def ask(
    vault: Path, *arguments: str, passphrase: str | None = PASSPHRASE, typed: str = "", clock: Clock | None = None
) -> Answer:
    """Run one command on a vault."""
    given = ["--vault", str(vault)]
    if passphrase is not None:
        given += ["--passphrase-fd", str(descriptor_of(passphrase))]
    out, err = io.StringIO(), io.StringIO()
    used = clock or SystemClock()
    code = run(
        [*given, *arguments],
        clock=used,
        ids=SystemIds(used),
        environment={},
        source=io.StringIO(typed),
        out=out,
        err=err,
    )
    return Answer(code=code, out=out.getvalue(), err=err.getvalue())


def told(vault: Path, *arguments: str, typed: str = "") -> dict[str, Any]:
    """The JSON answer of a command that went well."""
    answer = ask(vault, "--json", *arguments, typed=typed)
    assert answer.code == 0, answer.out + answer.err
    reply = answer.json
    assert reply["ok"] is True
    return reply


def refused(vault: Path, *arguments: str, typed: str = "") -> tuple[int, str]:
    """Exit code and code of a command that did not go well."""
    answer = ask(vault, "--json", *arguments, typed=typed)
    reply = answer.json
    assert reply["ok"] is False, answer.out
    assert reply["what"]
    assert reply["safe"]
    assert reply["action"]
    assert reply["exit"] == answer.code
    return answer.code, reply["code"]
