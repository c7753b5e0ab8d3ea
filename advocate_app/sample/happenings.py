"""What happens in invented case work: contacts, cases, services, tasks and notes; fields by name."""

from datetime import timedelta
from typing import Any, Final

from advocate_app.sample.chance import Chance, words
from advocate_app.sample.pen import Pen
from advocate_app.sample.people import Fields, Person
from advocate_app.sample.writing import Writing

_CHANNELS: Final = {
    "call": 40.0,
    "text": 25.0,
    "walk_in": 12.0,
    "field_visit": 12.0,
    "telehealth": 6.0,
    "email": 3.0,
    "chat": 2.0,
}
_MODES: Final = {"office": 30.0, "field": 25.0, "phone": 25.0, "text": 10.0, "telehealth": 8.0, "group": 2.0}
_SERVICES: Final = {
    "B4": 16.0,
    "B9": 14.0,
    "C1": 10.0,
    "C4": 8.0,
    "A3": 8.0,
    "A4": 8.0,
    "C7": 7.0,
    "B10": 6.0,
    "D1": 5.0,
    "A1": 4.0,
    "A2": 4.0,
    "E1": 4.0,
    "B6": 3.0,
    "D3": 3.0,
    "E4": 3.0,
    "E8": 2.0,
    "E10": 2.0,
    "B7": 2.0,
    "B8": 2.0,
    "C5": 2.0,
    "D2": 2.0,
    "B2": 1.0,
    "E11": 1.0,
}
_STAGES: Final = ("intake", "assessment", "plan", "active", "stabilizing", "aftercare")
_OUTCOMES: Final = ("information_given", "referral_made", "none", "safety_plan_reviewed", "advocate_dispatched")
_FORMATS: Final = {"contact": 45.0, "dap": 30.0, "soap": 20.0, "birp": 5.0}


class Happenings:
    """Invents what one advocate records about one client, as of the desk's time."""

    def __init__(self, chance: Chance, *, person: Person, pen: Pen, desk: Writing) -> None:
        self.chance = chance
        self.person = person
        self.pen = pen
        self.desk = desk

    def contact(self, *, number: int, case: bytes | None) -> Fields:
        """One call, text or visit of the client."""
        chance = self.chance
        channel = chance.weighted(_CHANNELS)
        made: Fields = {
            "number": f"H-{self.desk.day.year}-{number:05}",
            "direction": chance.weighted({"incoming": 65.0, "outgoing": 35.0}),
            "channel": channel,
            "line": chance.early(("office", "hotline", "partner")),
            "started_at": self.desk.wall(minutes_ago=chance.number(5, 90)),
            "minutes": chance.small(2, 75),
            "caller_role": "self",
            "identity": "identified",
            "reasons": chance.codes("contact_reason", chance.small(1, 2)),
            "outcomes": sorted({chance.early(_OUTCOMES) for _ in range(2)}),
            "safety_check_done": chance.often(0.9),
            "advocate": self.me,
            "county": self.person.county["code"],
            "case": case,
        }
        if self.person.language != "en":
            made["language"] = self.person.language
            made["interpreter_used"] = chance.yes(0.5)
        if channel == "telehealth":
            made["private_setting"] = chance.code("yes_no_unsure")
        if chance.often(0.5):
            made["notes"] = self.pen.facts("contact", count=chance.small(1, 2))
        if chance.often(0.5):
            made["safe_contact_confirmed"] = True
        return made

    def call(self, *, number: int) -> Fields:
        """A hotline contact of somebody who is no client."""
        chance = self.chance
        made: Fields = {
            "number": f"H-{self.desk.day.year}-{number:05}",
            "direction": "incoming",
            "channel": chance.weighted({"call": 70.0, "text": 30.0}),
            "line": "hotline",
            "started_at": self.desk.wall(minutes_ago=chance.number(3, 40)),
            "minutes": chance.small(1, 40),
            "caller_role": chance.code("caller_role"),
            "identity": chance.weighted({"anonymous": 75.0, "returning": 25.0}),
            "reasons": chance.codes("contact_reason", chance.small(1, 2)),
            "trafficking_suspected": chance.code("yes_no_unsure"),
            "outcomes": sorted({chance.early(_OUTCOMES) for _ in range(2)}),
            "safety_check_done": chance.often(0.8),
            "advocate": self.me,
            "county": self.person.county["code"],
            "state": "nm",
        }
        if made["identity"] == "returning":
            made["caller_key"] = f"R{chance.number(100000, 999999)}"
        if chance.often(0.6):
            made["notes"] = self.pen.facts(self.pen.topic(), count=chance.small(1, 3))
        return made

    def case(self, *, number: int) -> Fields:
        """The case as it is opened."""
        chance = self.chance
        made: Fields = {
            "number": f"C-{self.desk.day.year % 100}-{number:04}",
            "programmes": chance.codes("programme", chance.small(1, 2)),
            "opened_on": self.desk.day.isoformat(),
            "intake_kind": chance.weighted({"new": 90.0, "reopened": 10.0}),
            "primary_advocate": self.me,
            "ht_type": chance.weighted({"sex": 45.0, "labor": 35.0, "both": 10.0, "uncertain": 10.0}),
            "ht_status": chance.code("ht_status"),
            "eligibility": chance.code("eligibility"),
            "grants": self.grants(),
            "stage": "intake",
            "county": self.person.county["code"],
            "risk_level": chance.code("risk_level"),
            "risk_reviewed_on": self.desk.day.isoformat(),
            "next_step": self.pen.one("next_steps"),
            "next_due": self.in_days(2, 21),
            "privilege_basis": "victim_counselor",
        }
        if chance.often(0.5):
            made["goal"] = self.pen.one("goals")
        if chance.often(0.3):
            made["eligibility_note"] = self.pen.one("eligibility_notes")
        return made

    def case_change(self, *, visit: int) -> Fields:
        """What changes in the case after a visit."""
        chance = self.chance
        made: Fields = {"next_step": self.pen.one("next_steps"), "next_due": self.in_days(2, 30)}
        if chance.often(0.35):
            made["stage"] = _STAGES[min(len(_STAGES) - 1, (visit + 1) // 2)]
        if chance.often(0.3):
            made |= {"risk_level": chance.code("risk_level"), "risk_reviewed_on": self.desk.day.isoformat()}
        if chance.often(0.15):
            made["goal"] = self.pen.one("goals")
        return made

    def closing(self) -> Fields:
        """The case as it is closed."""
        reason = self.chance.code("closure_reason")
        made: Fields = {
            "stage": "closed",
            "closed_on": self.desk.day.isoformat(),
            "closure_reason": reason,
            "destination": self.chance.code("hmis_living"),
            "exit_survey": self.chance.yes(0.4),
        }
        if reason == "lost_contact":
            made["contact_attempts"] = self.chance.number(3, 8)
        return made

    def service(self, *, case: bytes | None) -> Fields:
        """Help given once."""
        chance = self.chance
        code = chance.weighted(_SERVICES)
        made: Fields = {
            "date": self.desk.day.isoformat(),
            "case": case,
            "code": code,
            "domain": chance.code("need_domain"),
            "mode": chance.weighted(_MODES),
            "county": self.person.county["code"],
            "staff": self.me,
            "minutes": 5 * chance.small(1, 30),
            "grants": self.grants(),
            "quantity": 1,
            "unit": "occurrence",
        }
        self._particulars(code, made)
        if self.person.language != "en" and chance.often(0.5):
            made["interpreter_used"] = chance.yes(0.6)
        if made["mode"] == "telehealth":
            made["private_setting"] = chance.code("yes_no_unsure")
        for name, share, what in (
            ("otip_service", 0.5, "otip_service"),
            ("nm_benefit", 0.3, "nm_benefit"),
        ):
            if chance.often(share):
                made[name] = chance.code(what)
        if chance.often(0.3):
            made["result"] = self.pen.one("service_results")
        if chance.often(0.1):
            made["late_entry"] = True
        return made

    def _particulars(self, code: str, made: Fields) -> None:
        chance = self.chance
        if code == "B9":
            made |= {
                "from_county": self.person.county["code"],
                "to_county": chance.pick(words("places")["counties"])["code"],
                "miles": chance.small(4, 320),
                "vehicle": chance.code("vehicle"),
            }
        elif code in ("D1", "D2"):
            nights = chance.small(1, 30)
            made |= {
                "stay_kind": "emergency" if code == "D1" else "transitional",
                "stay_from": (self.desk.day - timedelta(days=nights)).isoformat(),
                "stay_to": self.desk.day.isoformat(),
                "bed_nights": nights,
                "adults": 1,
                "children": chance.small(0, 3),
                "site_code": chance.pick(words("work")["sites"]),
                "quantity": nights,
                "unit": "night",
            }
        elif code == "C7":
            made |= {"quantity": 100 * chance.small(8, 600) + chance.number(0, 99), "unit": "cent"}

    def task(self, *, case: bytes | None) -> Fields:
        """Something to be done."""
        chance = self.chance
        kind = chance.pick(tuple(words("work")["task_titles"]))
        hour = f"{chance.number(8, 16):02}:{15 * chance.number(0, 3):02}"
        made: Fields = {
            "title": self.pen.one("task_titles", kind),
            "kind": kind,
            "due": f"{self.in_days(1, 45)}T{hour}",
            "owner": self.me,
            "case": case,
            "status": "open",
            "priority": chance.weighted({"normal": 60.0, "high": 25.0, "low": 10.0, "urgent": 5.0}),
        }
        if chance.often(0.4):
            made["discreet_title"] = self.pen.one("discreet_titles")
        if chance.often(0.3):
            made["location"] = self.pen.line("{place}, {town}")
        return made

    def task_end(self) -> Fields:
        """A task that is over."""
        status = self.chance.weighted({"done": 75.0, "cancelled": 10.0, "no_show": 8.0, "rescheduled": 7.0})
        made: Fields = {"status": status}
        if status == "done":
            made["done_on"] = self.desk.day.isoformat()
        if self.chance.often(0.6):
            made["result"] = self.pen.one("results")
        return made

    def note(self, *, case: bytes | None, first: bool = False) -> Fields:
        """A note: facts, and what comes next."""
        chance, pen = self.chance, self.pen
        topic = "intake" if first else pen.topic()
        form = chance.weighted(_FORMATS)
        made: Fields = {
            "format": form,
            "occurred_at": self.desk.wall(minutes_ago=chance.number(10, 240)),
            "present": sorted({"advocate", chance.early(("client_only", "interpreter", "support_person", "child"))}),
            "title": pen.title(),
            "facts_only": True,
            "language": pen.language,
            "case": case,
            "written_by": self.me,
            "privilege_basis": "victim_counselor",
            **self._parts(form, topic),
        }
        if chance.often(0.15):
            made["late_entry"] = True
        return made

    def _parts(self, form: str, topic: str) -> dict[str, Any]:
        chance, pen = self.chance, self.pen
        plan = pen.plan(topic, count=chance.small(1, 3))
        if form == "soap":
            return {
                "subjective": pen.facts(topic, count=chance.small(1, 3)),
                "objective": pen.facts(topic, count=chance.small(2, 4)),
                "assessment": pen.assessment(count=chance.small(1, 2)),
                "plan": plan,
            }
        if form == "dap":
            return {
                "data": pen.facts(topic, count=chance.small(2, 6)),
                "assessment": pen.assessment(count=chance.small(1, 2)),
                "plan": plan,
            }
        if form == "birp":
            return {
                "behavior": pen.facts(topic, count=chance.small(1, 2)),
                "intervention": pen.facts(topic, count=chance.small(1, 3)),
                "response": pen.assessment(count=1),
                "plan": plan,
            }
        return {"text": f"{pen.facts(topic, count=chance.small(2, 7))} {plan}"}

    def in_days(self, least: int, most: int) -> str:
        """A day to come."""
        return (self.desk.day + timedelta(days=self.chance.small(least, most))).isoformat()

    def grants(self) -> dict[str, int]:
        """Which awards pay, in hundredths of a percent."""
        first, second = self.chance.some(words("work")["funds"], 2)
        share = 100 * self.chance.pick((100, 100, 100, 50, 60, 75))
        return {first: share} if share == 10_000 else {first: share, second: 10_000 - share}

    @property
    def me(self) -> bytes:
        """The member who writes."""
        return self.desk.members[self.desk.author]
