"""How a client is called in lists and headings: the preferred name first, the code where there is no name."""

from typing import Protocol


class Named(Protocol):
    """Any row with a client's names."""

    @property
    def code(self) -> str | None:
        """The client's code."""
        ...

    @property
    def first_name(self) -> str | None:
        """As told."""
        ...

    @property
    def last_name(self) -> str | None:
        """As told."""
        ...

    @property
    def preferred_name(self) -> str | None:
        """What they want to be called."""
        ...


def called(row: Named) -> str:
    """The name to show; the end of the code where none is known; a dash where there is neither."""
    given = " ".join(part for part in (row.first_name, row.last_name) if part)
    return row.preferred_name or given or (f"…{row.code[-5:]}" if row.code else "—")


def masked(row: Named) -> str:
    """The same while somebody else may look on: no name, only the end of the code."""
    return f"…{row.code[-5:]}" if row.code else "—"
