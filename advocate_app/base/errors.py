"""Refusals, which are values a rule returns, and faults, which are raised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

Fact = str | int | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule said no. `code` names the rule; `facts` are harmless and never name a person."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Fault(Exception):
    """Something went wrong. `code` says what; `facts` carry nothing that names a person."""

    code: ClassVar[str] = "fault"

    def __init__(self, what: str = "", **facts: Fact) -> None:
        super().__init__(what or self.code)
        self.what = what or self.code
        self.facts: dict[str, Fact] = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.what} ({told})" if told else self.what


class WorldFault(Fault):
    """The world's fault: a full disk, no network, a wrong clock. It can be tried again."""

    code = "world"


class Bug(Fault):
    """Our fault: stop, keep what is stored, say so."""

    code = "bug"
