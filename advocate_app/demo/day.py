"""The field day itself: offline work on overlapping cases, a server killed in mid-push, review and return."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from advocate_app.demo import joining
from advocate_app.demo.account import Account, word_of
from advocate_app.demo.central import Central
from advocate_app.demo.errors import must
from advocate_app.demo.people import Person, Reply, at_once
from advocate_app.demo.proof import check_search, search
from advocate_app.demo.road import Road

MARKERS: Final = {
    "client name": "Quillabrasa",
    "alias": "Lichii Zwetschge",
    "note": "the blue truck at Kilometerstein forty-one",
    "phone": "505-555-0199",
    "code word": "roadrunner-obsidian",
    "comment": "Please add who was Zimmernachbar that night",
}
"""Words that stand nowhere else, planted in records to be looked for on the server."""

_ONLINE: Final = ("c01", "c02", "c03")
_OFFLINE: Final = ("c04", "c05", "c06", "c07", "c08")
_OTHERS: Final = ("c09", "c10", "c11", "c12")
_COUNTED: Final = ("client", "safe-contact", "case", "contact", "service", "task", "note")


@dataclass(slots=True)
class FieldDay:
    """Everybody and everything of one day."""

    home: Path
    account: Account
    central: Central
    road: Road
    founder: Person
    supervisor: Person
    ruth: Person
    tomas: Person

    @property
    def everyone(self) -> list[Person]:
        """All members."""
        return [self.founder, self.supervisor, self.ruth, self.tomas]

    def run(self) -> None:
        """The whole day; raises `NotSo` where something is not as it must be."""
        self._morning()
        clients = self._first_cases()
        made = self._offline(clients)
        self._killed_in_push()
        self._together(made)
        self._review(made)
        self._need_to_know(made)
        self._proof()

    def _morning(self) -> None:
        tell = self.account
        tell.chapter("Monday, the office: an agency comes to be")
        stranger = Person(name="Nobody", vault=self.home / "nobody")
        at_once([partial(joining.make_vault, one) for one in (*self.everyone, stranger)])
        joining.found(tell, central=self.central, road=self.road, founder=self.founder, home=self.home)
        invitation = self.home / "tomas.advinvite"
        for newcomer, role, file in (
            (self.supervisor, "supervisor", None),
            (self.ruth, "advocate", None),
            (self.tomas, "advocate", invitation),
        ):
            joining.join(tell, road=self.road, founder=self.founder, newcomer=newcomer, role=role, file=file)
        joining.refuse_wrong_words(tell, road=self.road, founder=self.founder, stranger=stranger)
        self.founder.sync()

    def _first_cases(self) -> dict[str, str]:
        tell = self.account
        tell.chapter("Tuesday: first cases, and who works which")
        loads = at_once(
            [
                partial(self.ruth.module, "advocate_app.demo.loading", *_ONLINE),
                partial(self.tomas.module, "advocate_app.demo.loading", *_OTHERS),
            ]
        )
        clients: dict[str, str] = loads[0]["clients"] | loads[1]["clients"]
        shared = self._safe_contact(clients["c01"])
        self.ruth.says("safe-contact", "edit", shared, given={"leave_message": "unsure"})
        at_once([self.ruth.sync, self.tomas.sync])
        self.supervisor.sync()
        for handle in ("c01", "c02"):
            self.supervisor.says("assign", clients[handle], self.tomas.name)
        self.supervisor.says("assign", clients["c09"], self.ruth.name)
        self.supervisor.sync()
        at_once([self.tomas.sync, self.ruth.sync])
        must(len(self._list(self.tomas, "client")) == 6, "an assigned client's file did not open for a colleague")
        tell.line(
            f"Ruth took in {len(_ONLINE)} invented clients and Tomás {len(_OTHERS)}; Marisol assigned two of hers"
        )
        tell.line("to him and one of his to her: each now opens those files, also what was written before.")
        tell.sync_words("tuesday", self.everyone)
        return clients

    def _safe_contact(self, client: str) -> str:
        found = self.ruth.says("safe-contact", "list", "--client", client)["records"]
        return str(found[0]["id"])

    def _list(self, person: Person, kind: str) -> list[Reply]:
        found: list[Reply] = person.says(kind, "list", "--limit", "1000")["records"]
        return found

    def _offline(self, clients: dict[str, str]) -> dict[str, str]:
        """Both advocates work where there is no network. Returns ids of what they made."""
        tell = self.account
        tell.chapter("Wednesday: on the road, no network")
        self.road.close_road()
        reach = self._safe_contact(clients["c01"])
        made, _ = at_once([partial(self._ruths_day, clients, reach), partial(self._tomas_day, clients, reach)])
        at_once([partial(one.sync, expect=5) for one in (self.ruth, self.tomas)])
        tell.line("Ruth wrote up five clients and took in a sixth; Tomás worked on two of hers. Both changed how the")
        tell.line("same client may be reached: she says no message, he says messages are fine. Neither knows.")
        words = tell.sync_words("offline", [self.ruth, self.tomas])
        for one in (self.ruth, self.tomas):
            status = words[one.name]
            must(
                status["word"] == "offline" and status["waiting"] > 0, f"{one.name} should be offline with work waiting"
            )
        return {**made, "reach": reach}

    def _ruths_day(self, clients: dict[str, str], reach: str) -> dict[str, str]:
        self.ruth.module("advocate_app.demo.loading", *_OFFLINE)
        named = {"name_kind": "partial", "first_name": MARKERS["client name"], "aliases": [MARKERS["alias"]]}
        client = self._made(self.ruth, "client", "--anyway", given={**named, "language": "es"})
        safely = {"phone": MARKERS["phone"], "code_word": MARKERS["code word"], "leave_message": "no"}
        self.ruth.says("safe-contact", "add", "--client", client, given=safely)
        case = self._made(self.ruth, "case", "--client", client, given={"opened_on": "2026-11-18"})
        told = {"text": f"Told me of {MARKERS['note']}.", "title": "Visit"}
        note = self._made(self.ruth, "note", "--client", client, given=told)
        called = {"channel": "call", "direction": "outgoing", "minutes": 20}
        self._made(self.ruth, "contact", "--client", clients["c01"], given=called)
        helped = {"date": "2026-11-18", "code": "B9", "minutes": 60}
        self._made(self.ruth, "service", "--client", clients["c02"], given=helped)
        self.ruth.says("review", "submit", case, "--message", "First visit")
        self.ruth.says("review", "submit", note)
        self.ruth.says("safe-contact", "edit", reach, given={"leave_message": "no"})
        return {"client": client, "case": case, "note": note}

    def _tomas_day(self, clients: dict[str, str], reach: str) -> dict[str, str]:
        made = self._made(self.tomas, "client", "--anyway", given={"name_kind": "alias_only", "preferred_name": "Sol"})
        self._made(self.tomas, "note", "--client", clients["c01"], given={"text": "Came to the clinic.", "title": "C"})
        texted = {"channel": "text", "direction": "incoming"}
        self._made(self.tomas, "contact", "--client", clients["c02"], given=texted)
        self.tomas.says("safe-contact", "edit", reach, given={"leave_message": "yes"})
        return {"client": made}

    def _made(self, person: Person, kind: str, *words: str, given: Mapping[str, object]) -> str:
        return str(person.says(kind, "add", *words, given=given)["record"]["id"])

    def _killed_in_push(self) -> None:
        tell = self.account
        tell.chapter("Thursday: the server dies in the middle of a push")
        before, stored = self.ruth.status()["waiting"], self.central.envelopes()
        pid = self.central.pid
        self.road.open_road()
        self.road.break_in_push(2, then=self.central.kill)
        self.ruth.sync(expect=5)
        left, saved = self.ruth.status(), self.central.envelopes() - stored
        must(self.central.kills == 1, "the server was not killed in the middle of the push")
        must(saved > 0 and left["waiting"] > 0, "some envelopes should be on the server and some not")
        tell.line(f"{before} events waited on Ruth's laptop. While they went up, the server (process {pid}) was killed")
        tell.line(f"with kill -9: {saved} envelopes had arrived, the rest not. Her laptop: {word_of(left)}.")
        self.central.start()
        pid = self.central.pid
        self.road.lose_answer_to_push(then=self.central.kill)
        self.ruth.sync(expect=5)
        unanswered = self.central.envelopes() - stored - saved
        must(self.central.kills == 2 and unanswered > 0, "the server was not killed between storing and answering")
        tell.line(f"Started again (process {pid}) and killed again, once it had stored {unanswered} more and before")
        tell.line(f"it could say so. Her laptop: {word_of(self.ruth.status())}. Then it was started for good.")
        self.central.start()
        at_once([self.ruth.sync, self.tomas.sync])
        at_once([self.ruth.sync, self.tomas.sync, self.supervisor.sync, self.founder.sync])
        words = tell.sync_words("after the restart", self.everyone)
        arrived = self.central.envelopes() - stored
        must(arrived > saved, "nothing more arrived after the restart")
        must(self.central.different_envelopes() == self.central.envelopes(), "an envelope is on the server twice")
        tell.facts["killed"] = {
            "waiting": before,
            "envelopes_before_the_kill": saved,
            "envelopes_stored_unanswered": unanswered,
            "envelopes_after": arrived,
        }
        must(words["Ruth"]["waiting"] == 0 and words["Tomás"]["waiting"] == 0, "something still waits after the sync")

    def _together(self, made: dict[str, str]) -> None:
        tell = self.account
        tell.chapter("Friday: the supervisor sees everything")
        watched = (self.supervisor, self.ruth, self.tomas)
        lists = at_once([partial(self._list, person, kind) for kind in _COUNTED for person in watched])
        counts: dict[str, int] = {}
        for at, kind in enumerate(_COUNTED):
            seen, ruths, tomas = ([one["id"] for one in lists[3 * at + who]] for who in range(3))
            must(set(seen) == {*ruths, *tomas}, f"{kind}: the supervisor's records are not what the advocates made")
            must(len(seen) == len(set(seen)), f"{kind}: a record is there twice")
            counts[kind] = len(seen)
        expected = {"client": 14, "safe-contact": 13, "case": 13}
        for kind, number in expected.items():
            must(counts[kind] == number, f"{kind}: {counts[kind]} records where {number} were made")
        tell.facts["records"] = counts
        tell.line(
            f"Marisol's laptop holds {counts['client']} clients, {counts['service']} services, {counts['note']} notes:"
        )
        tell.line("what the two made, nothing lost, nothing twice.")
        self._settle_conflict(made)

    def _settle_conflict(self, made: dict[str, str]) -> None:
        tell = self.account
        found = self.supervisor.says("conflicts", "list")["conflicts"]
        must(
            len(found) == 1 and found[0]["record"] == made["reach"], "there should be one conflict, on the safe contact"
        )
        shown = self.supervisor.says("safe-contact", "show", made["reach"])["record"]["fields"]
        must(shown["leave_message"] == "no", "the most protective value is not in force")
        cautious = next(side for side in found[0]["sides"] if side["value"]["leave_message"] == "no")
        tell.line(
            "One conflict: may a message be left? Until it is settled the most protective answer, no, is in force."
        )
        self.supervisor.says(
            "conflicts", "resolve", made["reach"], found[0]["field"], "--choose", str(cautious["choose"])
        )
        must(cautious["name"] == self.ruth.name, "the cautious answer is not the one that Ruth gave")
        tell.line(f"Marisol kept {cautious['name']}'s answer: no message.")

    def _review(self, made: dict[str, str]) -> None:
        tell = self.account
        pending = self.supervisor.says("review", "list")["records"]
        must(len(pending) == 2, "two reviews should wait for the supervisor")
        by_subject = {one["fields"]["subject"]: one["id"] for one in pending}
        self.supervisor.says("review", "approve", by_subject[made["case"]])
        comment = ("review", "return", by_subject[made["note"]], "--comment", MARKERS["comment"])
        self.supervisor.says(*comment)
        self.supervisor.sync()
        self.ruth.sync()
        mine = self.ruth.says("review", "list", "--all", "--mine")["records"]
        decided = {one["fields"]["subject"]: one["fields"] for one in mine}
        must(decided[made["case"]]["decision"] == "approved", "the approval did not reach the advocate")
        returned = decided[made["note"]]
        must(returned["decision"] == "returned", "the return did not reach the advocate")
        must(MARKERS["comment"] in str(returned["comments"]), "the comment did not reach the advocate")
        must(
            not self.ruth.says("conflicts", "list")["conflicts"], "the settled conflict is still open for the advocate"
        )
        tell.line("She approved Ruth's case and returned her note with a comment. Ruth's laptop shows both:")
        tell.line(f"“{MARKERS['comment']}.”")
        at_once([one.sync for one in self.everyone])
        words = tell.sync_words("evening", self.everyone)
        must(all(status["word"] == "up_to_date" for status in words.values()), "somebody is not up to date")

    def _need_to_know(self, made: dict[str, str]) -> None:
        tell = self.account
        self.tomas.says("client", "show", made["client"], expect=1)
        found = self.tomas.says("search", MARKERS["client name"])["records"]
        must(not found, "a client who is not his opened for Tomás")
        must(self.supervisor.says("search", MARKERS["client name"])["records"], "the supervisor cannot find the client")
        tell.line(
            "Tomás is not assigned to Ruth's newest client: his laptop holds that file only sealed, and shows nothing."
        )

    def _proof(self) -> None:
        tell = self.account
        tell.chapter("The proof")
        check_search(self.home / "control", markers=MARKERS)
        proof = search(self.central.folder, markers=MARKERS)
        must(proof.files >= 2 and proof.bytes > 50_000, "there was nothing to search")
        must(proof.found == 0, "PLAINTEXT ON THE SERVER")
        names = {one.name: one.name for one in self.everyone if len(one.name) > 4}
        must(search(self.central.folder, markers=names).found == 0, "a member's name in clear on the server")
        sent, received = self.road.bytes_up, self.road.bytes_down
        tell.facts["wire"] = {"bytes_up": sent, "bytes_down": received}
        tell.facts["proof"] = {"files": proof.files, "bytes": proof.bytes, "markers": proof.markers, "found": 0}
        self.central.stop()
        tell.line(f"On the wire: {sent / 1000:,.0f} kB up and {received / 1000:,.0f} kB down, all told.")
        tell.line(f"{proof.markers} planted names, numbers and phrases were looked for in the server's database, its")
        tell.line(f"journal and its logs ({proof.files} files, {proof.bytes / 1000:,.0f} kB): found 0 times.")
