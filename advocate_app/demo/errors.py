"""What ends a demonstration: something was not as it must be."""

from advocate_app.base.errors import Bug


class NotSo(Bug):
    """Something that the field day must show was not so."""

    code = "demo.not_so"


def must(condition: object, what: str) -> None:
    """Raise `NotSo` unless it is so."""
    if not condition:
        raise NotSo(what)
