"""Writes the texts of invented work: sentences put together by chance from templates and word lists."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from advocate_app.sample.chance import Chance, words

_SLOT: Final = re.compile(r"\{(\w+)\}")
_MONTHS: Final = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "es": (
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
}
_WEEKDAYS: Final = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes"),
}
PRONOUNS: Final = (
    {"they": "she", "their": "her", "themself": "herself"},
    {"they": "he", "their": "his", "themself": "himself"},
    {"they": "they", "their": "their", "themself": "themself"},
)


class Pen:
    """Writes about one person, in one language, as of a day that moves on."""

    def __init__(self, chance: Chance, *, spanish: bool, pronouns: int, towns: Sequence[str], day: date) -> None:
        self.chance = chance
        self.language = "es" if spanish else "en"
        self.day = day
        self._towns = towns
        self._slots: dict[str, Any] = words(f"slots_{self.language}")
        self._english: dict[str, Any] = words("slots_en")
        self._notes: dict[str, Any] = words(f"notes_{self.language}")
        self._pronouns = PRONOUNS[pronouns]

    def topic(self) -> str:
        """What a note is about."""
        topics: dict[str, Any] = self._notes["topics"]
        return self.chance.pick(tuple(topics))

    def facts(self, topic: str, *, count: int) -> str:
        """What was seen, said and done: so many sentences."""
        return self._sentences(self._topic(topic)["facts"], count)

    def plan(self, topic: str, *, count: int) -> str:
        """What comes next."""
        return self._sentences(self._topic(topic)["plan"], count)

    def assessment(self, *, count: int) -> str:
        """Where things stand."""
        return self._sentences(self._notes["assessment"], count)

    def title(self) -> str:
        """A short heading."""
        return self.line(self.chance.pick(self._notes["titles"]))

    def line(self, template: str) -> str:
        """The template with every slot filled, its first letter large."""
        filled = _SLOT.sub(lambda slot: self._fill(slot[1]), template)
        return filled[:1].upper() + filled[1:]

    def one(self, name: str, part: str | None = None) -> str:
        """One line of a list in `work.json` (or of a part of it), filled."""
        listed: Any = words("work")[name]
        template: str = self.chance.pick(listed if part is None else listed[part])
        return self.line(template)

    def _topic(self, topic: str) -> dict[str, Any]:
        topics: dict[str, dict[str, Any]] = self._notes["topics"]
        return topics.get(topic) or topics["contact"]

    def _sentences(self, templates: Sequence[str], count: int) -> str:
        return " ".join(self.line(template) for template in self.chance.some(templates, count))

    def _fill(self, name: str) -> str:
        made = _MADE.get(name)
        if made is not None:
            return made(self)
        if name in self._pronouns:
            return self._pronouns[name]
        listed = self._slots.get(name) or self._english[name]
        return str(self.chance.pick(listed))

    def _date(self) -> str:
        other = self.day + timedelta(days=self.chance.number(-40, 60))
        month = _MONTHS[self.language][other.month - 1]
        return f"{other.day} de {month}" if self.language == "es" else f"{month} {other.day}"

    def _clock(self) -> str:
        hour, minute = self.chance.number(7, 18), 5 * self.chance.number(0, 11)
        if self.language == "es":
            return f"{hour}:{minute:02}"
        return f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"

    def _money(self) -> str:
        cents = f".{self.chance.number(0, 99):02}" if self.chance.often(0.3) else ""
        return f"${self.chance.small(8, 2400):,}{cents}"


_MADE: Final[dict[str, Callable[[Pen], str]]] = {
    "date": Pen._date,
    "clock": Pen._clock,
    "money": Pen._money,
    "month": lambda pen: pen.chance.pick(_MONTHS[pen.language]),
    "weekday": lambda pen: pen.chance.pick(_WEEKDAYS[pen.language]),
    "count": lambda pen: str(pen.chance.small(2, 9)),
    "count_teen": lambda pen: str(pen.chance.number(14, 20)),
    "minutes": lambda pen: str(5 * pen.chance.small(2, 24)),
    "miles": lambda pen: str(pen.chance.small(4, 210)),
    "town": lambda pen: pen.chance.pick(pen._towns),
}
