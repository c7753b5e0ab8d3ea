"""The account of the field day: what is told to a person, and the same as data."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

from advocate_app.demo.people import Person, at_once

_WORDS: Final = {
    "up_to_date": "Up to date",
    "offline": "Offline",
    "needs_attention": "Needs attention",
}


def word_of(status: dict[str, Any]) -> str:
    """A sync word as the program says it."""
    if status["word"] == "waiting":
        return f"{status['waiting']} waiting"
    said = _WORDS[status["word"]]
    return f"{said}, {status['waiting']} waiting" if status["waiting"] else said


@dataclass(slots=True)
class Account:
    """Chapters with their lines, told as they happen, and facts by name."""

    out: TextIO
    chapters: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self.chapters.append({"title": title, "lines": []})
        self.out.write(f"\n{title}\n")
        self.out.flush()

    def line(self, text: str) -> None:
        """Tell one thing."""
        self.chapters[-1]["lines"].append(text)
        self.out.write(f"  {text}\n")
        self.out.flush()

    def sync_words(self, stage: str, people: list[Person]) -> dict[str, dict[str, Any]]:
        """Ask everybody's vault for its sync word, tell and keep them."""
        found = dict(zip((one.name for one in people), at_once([one.status for one in people]), strict=True))
        self.facts.setdefault("sync_words", {})[stage] = {name: word_of(status) for name, status in found.items()}
        self.line("Sync words: " + "; ".join(f"{name}: {word_of(status)}" for name, status in found.items()) + ".")
        return found

    def write(self, file: Path, *, passed: bool) -> None:
        """Write the account as JSON."""
        content = {"passed": passed, "chapters": self.chapters, "facts": self.facts}
        file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
