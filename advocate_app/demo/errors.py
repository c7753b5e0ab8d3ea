"""What ends a demonstration: something was not as it must be."""


class NotSo(Exception):
    """Something that the field day must show was not so; `what` says it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def must(condition: object, what: str) -> None:
    """Raise `NotSo` unless it is so."""
    if not condition:
        raise NotSo(what)
