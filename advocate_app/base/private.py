"""A wrapper that keeps what names a person, or opens a vault, out of logs and tracebacks."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Private(Generic[T]):
    """Holds a value whose `repr` and `str` are blank."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """The value itself; call this only where it is used."""
        return self._value

    def __repr__(self) -> str:
        return "Private()"
