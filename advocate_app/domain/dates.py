"""Dates of which only a part may be known: "2026", "2026-11", "2026-11-24"."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

_PARTIAL: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_TIMED: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a partial date may mean, both included."""

    first: date
    last: date


def span_of(text: str) -> Span | None:
    """The days that a partial date may mean; None if it is not a date."""
    found = _PARTIAL.fullmatch(text)
    if found is None:
        return None
    year, month, day = (None if part is None else int(part) for part in found.groups())
    assert year is not None
    try:
        if day is not None and month is not None:
            return Span(first=date(year, month, day), last=date(year, month, day))
        first_month, last_month = (1, 12) if month is None else (month, month)
        first = date(year, first_month, 1)
        return Span(first=first, last=date(year, last_month, monthrange(year, last_month)[1]))
    except ValueError:
        return None


def span_of_time(text: str) -> Span | None:
    """The day of a local time ("2026-11-24T09:30"), or the days of a date that stands for one."""
    if _TIMED.fullmatch(text) is None:
        return span_of(text)
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        return None
    return Span(first=day, last=day)


def age_on(birth: str, *, on: date) -> tuple[int, int] | None:
    """The least and the greatest age in whole years on a day; None if the birth date is no date or lies after it."""
    span = span_of(birth)
    if span is None or span.first > on:
        return None
    return _years(min(span.last, on), on), _years(span.first, on)


def _years(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
