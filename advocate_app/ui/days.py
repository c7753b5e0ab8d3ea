"""Days and times as people say them: today, yesterday, Fri 27 Nov."""

from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, QLocale

from advocate_app.domain.dates import span_of_time
from advocate_app.ui.words import language, tr

_NEAR = timedelta(days=6)


def day_words(day: date, *, today: date) -> str:
    """A day, by its nearness."""
    if day == today:
        return tr("day.today")
    if day == today + timedelta(days=1):
        return tr("day.tomorrow")
    if day == today - timedelta(days=1):
        return tr("day.yesterday")
    locale = QLocale(language())
    form = "ddd d MMM" if abs(day - today) <= _NEAR * 30 else "d MMM yyyy"
    return locale.toString(QDate(day.year, day.month, day.day), form)


def moment_words(text: str, *, today: date) -> str:
    """A local time or partial date ("2026-11-24T09:30", "2026-11") as people say it; itself if it is neither."""
    span = span_of_time(text)
    if span is None:
        return text or "—"
    if span.first != span.last:
        return text
    time = text[11:16]
    day = day_words(span.first, today=today)
    return f"{day} {time}" if time else day


def is_overdue(text: str | None, *, today: date) -> bool:
    """Whether a due day is past."""
    span = None if text is None else span_of_time(text)
    return span is not None and span.last < today


def clock_words(at: datetime) -> str:
    """The time of day."""
    return f"{at:%H:%M}"
