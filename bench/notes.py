"""Invented notes in numbers, for what is measured on text."""

from datetime import date, timedelta
from typing import Final

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.domain.compartments import CompartmentKind, CompartmentRef
from advocate_app.domain.records import by_name
from advocate_app.domain.records.note import FORMS
from advocate_app.domain.verbs import Verb
from advocate_app.sample.chance import Chance
from advocate_app.sample.corpus import START
from advocate_app.sample.happenings import Happenings
from advocate_app.sample.pen import Pen
from advocate_app.sample.people import Fields, invent_person
from advocate_app.sample.writing import Writing
from advocate_app.store.event_log import NewEvent

_FIRST: Final = date(2024, 1, 2)
_A_CLIENT: Final = 8
"""Notes about one client."""


def note_fields(count: int, *, seed: int) -> list[Fields]:
    """So many notes, fields by name, eight about each invented client."""
    chance = Chance(seed)
    desk = Writing(seed=seed, start=START, members=1)
    made: list[Fields] = []
    while len(made) < count:
        day = _FIRST + timedelta(days=len(made) // 40)
        person = invent_person(chance, day=day)
        spanish = person.is_spanish and chance.often(0.7)
        pen = Pen(chance, spanish=spanish, pronouns=person.pronouns, towns=person.county["towns"], day=day)
        happen = Happenings(chance, person=person, pen=pen, desk=desk)
        for _ in range(_A_CLIENT):
            desk.clock.advance(600_000)
            made.append(happen.note(case=None))
    return made[:count]


def note_texts(count: int, *, seed: int) -> list[str]:
    """The texts of so many notes, each in one piece."""
    parts = dict.fromkeys(part for names in FORMS.values() for part in names)
    return [
        "\n".join([fields["title"], *(fields[part] for part in parts if part in fields)])
        for fields in note_fields(count, seed=seed)
    ]


def new_notes(count: int, *, seed: int) -> list[NewEvent]:
    """So many notes as they are typed, eight in each client's compartment."""
    record = by_name["note"]
    ids = SeededIds(FixedClock(START), seed=seed)
    events: list[NewEvent] = []
    client = ids.next()
    for at, fields in enumerate(note_fields(count, seed=seed)):
        if at % _A_CLIENT == 0:
            client = ids.next()
        said = {record.field(name).number: value for name, value in fields.items() if value is not None}
        events.append(
            NewEvent(
                record_type=record.number,
                record_id=ids.next(),
                verb=Verb.WRITE,
                fields={record.field("client").number: client, **said},
                compartment=CompartmentRef(kind=CompartmentKind.NARRATIVE, owner=client),
            )
        )
    return events
