"""Which (route, status) pairs a test shows; together the tests must show every pair there is."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
Pair = tuple[str, int]


def shows(*pairs: Pair | Iterable[Pair]) -> Callable[[F], F]:
    """Say which pairs a test shows; a fixture checks that it does."""
    flat: set[Pair] = set()
    for pair in pairs:
        if isinstance(pair, tuple) and isinstance(pair[0], str):
            flat.add(pair)  # type: ignore[arg-type]  # pairs nest
        else:
            flat.update(pair)  # type: ignore[arg-type]  # pairs nest

    def mark(test: F) -> F:
        test.shown = flat  # type: ignore[attr-defined]  # a mark on a function
        return test

    return mark


def declared(test: Callable[..., Any]) -> set[Pair]:
    """The pairs that a test says it shows."""
    found: set[Pair] = getattr(test, "shown", set())
    return found
