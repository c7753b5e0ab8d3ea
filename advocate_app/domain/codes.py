"""Code lists: what a coded field may say, with labels and the days on which each code is in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import msgspec

from advocate_app.base.paths import resource

ANSWERS: Final = ("unknown", "declined", "not_asked")
"""Three different answers that most coded fields accept beside their own codes."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code. It is never reused, renamed or deleted; it is retired."""

    code: str
    labels: Mapping[str, str]
    """Language ("en", "es") to the wording shown."""
    since: date | None = None
    """First day of use; None: from the start of the list."""
    until: date | None = None
    """Last day of use."""
    retired: bool = False
    """Offered no more, whatever the day; still read."""

    def in_use(self, on: date) -> bool:
        """True if it may be chosen for something that happened on this day."""
        if self.retired or (self.since is not None and on < self.since):
            return False
        return self.until is None or on <= self.until


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes in the order in which they are shown."""

    name: str
    source: str
    codes: Mapping[str, Code]

    def on(self, day: date) -> tuple[Code, ...]:
        """The codes that may be chosen for something that happened on this day."""
        return tuple(code for code in self.codes.values() if code.in_use(day))

    def label(self, code: str, *, language: str) -> str:
        """The wording of a code; the code itself if this program does not know it, English if not that language."""
        known = self.codes.get(code)
        return code if known is None else known.labels.get(language, known.labels["en"])


@cache
def code_list(name: str) -> CodeList:
    """The list of this name, from `resources/codelists/`; FileNotFoundError if there is none."""
    read = _read(name)
    entries = list(read["codes"])
    if read.get("answers"):
        entries += _read("answers")["codes"]
    codes = {entry["code"]: _code(entry) for entry in entries}
    if len(codes) != len(entries):
        raise ValueError(f"code list {name} gives a code twice")
    return CodeList(name=name, source=read["source"], codes=codes)


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(resource("codelists", f"{name}.json").read_bytes())
    return found


def _code(entry: Mapping[str, Any]) -> Code:
    return Code(
        code=entry["code"],
        labels={"en": entry["en"], "es": entry["es"]},
        since=_day(entry.get("from")),
        until=_day(entry.get("to")),
        retired=bool(entry.get("retired", False)),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
