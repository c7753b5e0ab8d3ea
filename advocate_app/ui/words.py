"""What the window says, looked up by id in the language that was chosen."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import msgspec

from advocate_app.base.paths import resource
from advocate_app.domain.codes import code_list

LANGUAGES: Final = ("en", "es")
PSEUDO: Final = "pseudo"
"""English made longer by two fifths, with marks at both ends: shows what is cut off, and what was never translated."""
_PADDING: Final = "áéíóúñüáéíóúñüáéíóúñüáéíóúñü"
_chosen = "en"


def speak(language: str) -> None:
    """Say everything in this language from here on: "en", "es" or "pseudo"; English for any other."""
    global _chosen  # the one language of the one person at this window
    _chosen = language if language in (*LANGUAGES, PSEUDO) else "en"


def language() -> str:
    """The language in which code lists are worded."""
    return _chosen if _chosen in LANGUAGES else "en"


def tr(text: str, **facts: Any) -> str:
    """The words of this id, with facts in their places; KeyError if there is none.

    With a fact `n`, the words of `id.one` are taken for 1 and those of `id.other` for every other number.
    """
    known = _catalogue(language())
    if "n" in facts and text not in known:
        text = f"{text}.one" if facts["n"] == 1 else f"{text}.other"
    said = known[text].format(**facts)
    return _longer(said) if _chosen == PSEUDO else said


def worded(group: str, name: str, **facts: Any) -> str:
    """The words of `group.name`, where the name is only known when the program runs."""
    text = f"{group}.{name}"
    return tr(text, **facts)


def label(codes: str, code: str | None) -> str:
    """A code of a list (by name) as the person reads it; a dash for none."""
    return "—" if code is None else code_list(codes).label(code, language=language())


def has(text: str) -> bool:
    """Whether there are words of this id."""
    return text in _catalogue(language())


@cache
def _catalogue(name: str) -> Mapping[str, str]:
    read: dict[str, str] = msgspec.json.decode(resource("translations", f"{name}.json").read_bytes())
    return read


def _longer(said: str) -> str:
    return f"[{said}{_PADDING[: round(len(said) * 0.4) % len(_PADDING)]}]"
