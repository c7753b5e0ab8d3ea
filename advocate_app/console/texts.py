"""Words for every code that the program may say: what happened, what is safe, one action."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from advocate_app.base.errors import Fact
from advocate_app.console.fault_texts import FAULTS, REASONS, SERVER
from advocate_app.console.refusal_texts import MISSING, PROBLEMS, REFUSALS
from advocate_app.domain.merge import Status
from advocate_app.domain.verbs import Verb

UNCHANGED: Final = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Told:
    """What went wrong, in three parts."""

    what: str
    safe: str
    action: str


def told(code: str, facts: Mapping[str, Fact]) -> Told:
    """The words for a fault's or refusal's code. A code without words is told by its name."""
    known = dict(facts)
    if isinstance(known.get("type"), str):
        known["type"] = str(known["type"]).replace("_", "-")  # as the command is spelt
    problem = str(known.get("problem", ""))
    if code == "sync.refused" and problem in SERVER:
        what, action = SERVER[problem]
        return Told(what=what, safe=FAULTS[code][1], action=action)
    if code == "record.values":
        known["problem_words"] = _fill(PROBLEMS.get(problem, problem), known)
    if code in FAULTS:
        return Told(*(_fill(part, known) for part in FAULTS[code]))
    if code in REFUSALS:
        what, action = (_fill(part, known) for part in REFUSALS[code])
        return Told(what=what, safe=UNCHANGED, action=action)
    return Told(what=f"It did not work ({code}).", safe=UNCHANGED, action="Report this code.")


def problem_words(code: str, facts: Mapping[str, Fact]) -> str:
    """What is odd or wrong with a field, to follow its name."""
    return _fill(PROBLEMS.get(code, code), facts)


def reason_words(code: str | None) -> str:
    """Why something was set aside."""
    return REASONS.get(code or "", f"it was refused ({code})")


def missing_words(code: str) -> str:
    """Why a field is needed to file."""
    return MISSING.get(code, code)


def status_words(status: int) -> str:
    """How a record stands, in one word."""
    return Status(status).name.lower()


def verb_words(verb: int) -> str:
    """What somebody did, in one word."""
    return _VERBS.get(verb, "did something that needs a newer version")


class _Facts(dict[str, Fact]):
    """Facts by name; one that is missing is told as a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


def _fill(text: str, facts: Mapping[str, Fact]) -> str:
    return text.format_map(_Facts({name: "?" if fact is None else fact for name, fact in facts.items()}))


_VERBS: Final[Mapping[int, str]] = {
    Verb.WRITE: "wrote",
    Verb.FILE: "filed",
    Verb.AMEND: "amended",
    Verb.STRIKE: "struck",
    Verb.RESTORE: "restored",
    Verb.SUBMIT: "submitted",
    Verb.APPROVE: "approved",
    Verb.RETURN: "returned",
    Verb.ADMIT: "admitted",
    Verb.READERS: "decided who reads",
}
