"""Puts sentences for training together by chance, from the parts in `day_texts.toml`."""

import random
import re
import tomllib
from pathlib import Path
from typing import Any, Final

_PARTS: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
FIRST_NAMES: Final[list[str]] = _PARTS["first_names"]
LAST_NAMES: Final[list[str]] = _PARTS["last_names"]


def sentence(source: random.Random, *, spanish: bool = False) -> str:
    """One sentence."""
    line: str = source.choice(_PARTS["spanish" if spanish else "english"])
    filled = re.sub(r"\{(\w+)\}", lambda slot: str(source.choice(_PARTS["slots"][slot[1]])), line)
    return filled[0].upper() + filled[1:]


def paragraph(source: random.Random, *, least: int, most: int) -> str:
    """Some sentences, sometimes in Spanish."""
    spanish = source.random() < 0.15
    return " ".join(sentence(source, spanish=spanish) for _ in range(source.randint(least, most)))


def phrase(source: random.Random) -> str:
    """A few words of a sentence."""
    words = sentence(source).rstrip(".").split()
    start = source.randrange(max(1, len(words) - 3))
    return " ".join(words[start : start + source.randint(2, 5)])
