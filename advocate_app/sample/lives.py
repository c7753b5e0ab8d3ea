"""How long an invented client stays with us, and what is written each time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from advocate_app.domain.folding import FILED
from advocate_app.domain.verbs import Verb
from advocate_app.sample.chance import Chance
from advocate_app.sample.happenings import Happenings
from advocate_app.sample.pen import Pen
from advocate_app.sample.people import Fields, client_fields, invent_person, safe_contact_fields
from advocate_app.sample.writing import Sheet, Writing

DAY: Final = 86_400_000
"""Milliseconds."""


@dataclass(slots=True)
class Counters:
    """The next numbers that the program gives."""

    contact: int = 0
    case: int = 0

    def next_contact(self) -> int:
        """For a contact."""
        self.contact += 1
        return self.contact

    def next_case(self) -> int:
        """For a case."""
        self.case += 1
        return self.case


@dataclass(slots=True)
class File:
    """A client's records, as far as they are still being written to."""

    client: Sheet
    safe: Sheet
    case: Sheet
    tasks: list[Sheet] = field(default_factory=list)
    unfiled: list[Sheet] = field(default_factory=list)
    filed: list[Sheet] = field(default_factory=list)


class Life:
    """One client from intake to the end; `lived` yields the milliseconds until something is written again."""

    def __init__(self, chance: Chance, *, desk: Writing, counters: Counters) -> None:
        self.chance = chance
        self.desk = desk
        self.counters = counters
        self.author = chance.number(0, len(desk.members) - 1)
        self.supervisor = (self.author + 1) % len(desk.members)
        person = invent_person(chance, day=desk.day)
        spanish = person.is_spanish and chance.often(0.7)
        towns = person.county["towns"]
        self.pen = Pen(chance, spanish=spanish, pronouns=person.pronouns, towns=towns, day=desk.day)
        self.person = person
        self.happen = Happenings(chance, person=person, pen=self.pen, desk=desk)

    def lived(self) -> Iterator[int]:
        """Write, wait, write again."""
        self._begin()
        file = self._intake()
        yield self._wait(1, 10)
        for visit in range(self.chance.small(3, 16)):
            self._begin()
            self._visit(file, visit=visit)
            yield self._wait(2, 24)
        if self.chance.often(0.6):
            self._begin()
            self._end_tasks(file, share=1.0)
            self._add_note(file)
            self.desk.change(file.case, self.happen.closing())

    def _begin(self) -> None:
        self.desk.author = self.author
        if self.chance.often(0.08):
            self.desk.author = self.chance.number(0, len(self.desk.members) - 1)
        self.pen.day = self.desk.day
        self._pause()

    def _wait(self, least: int, most: int) -> int:
        return self.chance.number(least, most) * DAY + self.chance.number(-60, 60) * 60_000

    def _pause(self) -> None:
        self.desk.clock.advance(self.chance.number(15_000, 150_000))

    def _intake(self) -> File:
        desk, happen = self.desk, self.happen
        client_id, txn = desk.ids.next(), desk.ids.next()
        client = desk.make(
            "client",
            {"code": self._code(), **client_fields(self.chance, self.person, day=desk.day)},
            client=client_id,
            txn=txn,
        )
        safe_fields = safe_contact_fields(self.chance, self.person, self.pen, day=desk.day)
        safe = desk.make("safe_contact", safe_fields, client=client_id, txn=txn)
        case = desk.make("case", happen.case(number=self.counters.next_case()), client=client_id, txn=txn)
        file = File(client=client, safe=safe, case=case)
        self._pause()
        self._add_contact(file)
        self._add_service(file)
        self._add_note(file, first=True)
        self._add_task(file)
        return file

    def _visit(self, file: File, *, visit: int) -> None:
        chance, desk = self.chance, self.desk
        if chance.often(0.6):
            self._add_contact(file)
        for _ in range(chance.small(1, 3)):
            self._add_service(file)
        if chance.often(0.65):
            self._add_note(file)
        self._end_tasks(file, share=0.5)
        if chance.often(0.4):
            self._add_task(file)
        if chance.often(0.45):
            self._pause()
            desk.change(file.case, self.happen.case_change(visit=visit))
        if chance.often(0.3):
            self._pause()
            desk.change(file.safe, self._safe_change())
        if chance.often(0.12):
            self._pause()
            desk.change(file.client, self._client_change())
        self._file_some(file)

    def _add_contact(self, file: File) -> None:
        self._pause()
        fields = self.happen.contact(number=self.counters.next_contact(), case=file.case.id)
        self._add(file, "contact", fields, at_once=0.35)

    def _add_service(self, file: File) -> None:
        self._pause()
        self._add(file, "service", self.happen.service(case=file.case.id), at_once=0.35)

    def _add_note(self, file: File, *, first: bool = False) -> None:
        self._pause()
        self._add(file, "note", self.happen.note(case=file.case.id, first=first), at_once=0.3)

    def _add(self, file: File, kind: str, fields: Fields, *, at_once: float) -> None:
        verb = Verb.FILE if self.chance.often(at_once) else Verb.WRITE
        sheet = self.desk.make(kind, fields, client=file.client.id, verb=verb)
        (file.filed if verb is Verb.FILE else file.unfiled).append(sheet)

    def _add_task(self, file: File) -> None:
        self._pause()
        file.tasks.append(self.desk.make("task", self.happen.task(case=file.case.id), client=file.client.id))

    def _end_tasks(self, file: File, *, share: float) -> None:
        left = []
        for task in file.tasks:
            if self.chance.often(share):
                self._pause()
                self.desk.change(task, self.happen.task_end())
            else:
                left.append(task)
        file.tasks = left

    def _file_some(self, file: File) -> None:
        """At the end of a visit some of what was written is filed, and now and then something filed is put right."""
        for sheet in file.unfiled:
            if self.chance.often(0.35) and FILED not in sheet.state:
                self._pause()
                self.desk.file(sheet)
                file.filed.append(sheet)
        file.unfiled = []
        if file.filed and self.chance.often(0.06):
            sheet = self.chance.pick(file.filed)
            fields: dict[str, Fields] = {
                "service": {"minutes": 5 * self.chance.small(1, 30)},
                "note": {"title": self.pen.title()},
            }
            wanted = fields.get(sheet.record.name, {"minutes": self.chance.small(2, 75)})
            self._pause()
            self.desk.change(sheet, wanted, verb=Verb.AMEND, reason=self.pen.one("amend_reasons"))
        if file.filed and self.chance.often(0.08):
            self._review(file, self.chance.pick(file.filed))
        file.filed = file.filed[-4:]

    def _review(self, file: File, subject: Sheet) -> None:
        desk, chance = self.desk, self.chance
        self._pause()
        review = desk.make(
            "review",
            {
                "subject": subject.id,
                "subject_type": subject.record.number,
                "kind": "note_sample" if subject.record.name == "note" else "record",
                "requested_by": desk.members[desk.author],
                "requested_at": desk.clock.now(),
                "due": self.happen.in_days(3, 14),
            },
            client=file.client.id,
            verb=Verb.SUBMIT,
        )
        asked_by, desk.author = desk.author, self.supervisor
        self._pause()
        approved = chance.often(0.8)
        fields: Fields = {
            "decision": "approved" if approved else "returned",
            "decided_by": desk.members[desk.author],
            "decided_at": desk.clock.now(),
        }
        if not approved:
            fields["comments"] = [self.pen.one("review_comments")]
        desk.change(review, fields, verb=Verb.APPROVE if approved else Verb.RETURN)
        desk.author = asked_by

    def _safe_change(self) -> Fields:
        made: Fields = {"confirmed_on": self.desk.day.isoformat()}
        if self.chance.often(0.25):
            made["days_times"] = safe_contact_fields(self.chance, self.person, self.pen, day=self.desk.day).get(
                "days_times"
            )
        if self.chance.often(0.15):
            made["phone"] = f"505-555-{self.chance.number(100, 199):04}"
        return made

    def _client_change(self) -> Fields:
        name = self.chance.pick(("education", "employment", "income_band"))
        return {name: self.chance.code(name)}

    def _code(self) -> str:
        return "NM-SAM-" + "".join(self.chance.pick("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(9))


def hotline(chance: Chance, *, desk: Writing, counters: Counters) -> Iterator[int]:
    """Callers who are no clients, for ever."""
    while True:
        desk.author = chance.number(0, len(desk.members) - 1)
        person = invent_person(chance, day=desk.day)
        pen = Pen(
            chance, spanish=person.is_spanish, pronouns=person.pronouns, towns=person.county["towns"], day=desk.day
        )
        happen = Happenings(chance, person=person, pen=pen, desk=desk)
        desk.clock.advance(chance.number(15_000, 150_000))
        verb = Verb.FILE if chance.often(0.5) else Verb.WRITE
        desk.make("contact", happen.call(number=counters.next_contact()), client=None, verb=verb)
        yield chance.number(40, 400) * 60_000
