"""Repeatable chance, and the word lists that it picks from."""

import random  # noqa: TID251  seeded, so that the same seed invents the same work
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, TypeVar

import msgspec

from advocate_app.base.paths import resource
from advocate_app.domain.codes import ANSWERS, code_list

T = TypeVar("T")

_ANSWERED: Final = 0.05
"""How often a coded question is left unanswered, though it was asked."""


@cache
def words(name: str) -> dict[str, Any]:
    """The word list of this name, from `resources/sample/`."""
    read: dict[str, Any] = msgspec.json.decode(resource("sample", f"{name}.json").read_bytes())
    return read


@cache
def _codes(name: str) -> tuple[str, ...]:
    return tuple(code for code in code_list(name).codes if code not in ANSWERS)


class Chance:
    """A source of choices. Two with the same seed choose alike."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  repeatable on purpose

    def often(self, share: float) -> bool:
        """True in this share of all cases (0 to 1)."""
        return self._random.random() < share

    def number(self, least: int, most: int) -> int:
        """A whole number of this range, both ends included."""
        return least + int(self._random.random() * (most - least + 1))

    def small(self, least: int, most: int) -> int:
        """A whole number of this range; the smaller, the likelier."""
        return min(self.number(least, most), self.number(least, most))

    def pick(self, values: Sequence[T]) -> T:
        """One of them."""
        return values[int(self._random.random() * len(values))]

    def early(self, values: Sequence[T]) -> T:
        """One of them; the earlier it stands, the likelier."""
        return values[self.small(0, len(values) - 1)]

    def weighted(self, weights: dict[T, float]) -> T:
        """One of the keys, as often as its weight says."""
        left = self._random.random() * sum(weights.values())
        for value, weight in weights.items():
            left -= weight
            if left < 0:
                return value
        return value

    def some(self, values: Sequence[T], count: int) -> list[T]:
        """That many different ones, or all of them."""
        left = list(values)
        return [left.pop(int(self._random.random() * len(left))) for _ in range(min(count, len(left)))]

    def code(self, name: str) -> str:
        """A code of this list, now and then an answer that says nothing."""
        if "yes_no" in name or name in ("gender_identity", "race"):
            return self.pick(_codes(name))
        return self.pick(ANSWERS) if self.often(_ANSWERED) and self._answers(name) else self.early(_codes(name))

    def codes(self, name: str, count: int) -> list[str]:
        """That many different codes of this list, sorted."""
        return sorted({self.early(_codes(name)) for _ in range(count)})

    def yes(self, share: float) -> str:
        """ "yes" in this share of all cases, else "no", and sometimes "unknown"."""
        return "unknown" if self.often(_ANSWERED) else "yes" if self.often(share) else "no"

    @staticmethod
    def _answers(name: str) -> bool:
        return ANSWERS[0] in code_list(name).codes
