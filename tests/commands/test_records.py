"""Any record: begun, saved by what the form showed, filed, amended, struck, restored."""

import copy

from advocate_app.commands import contacts, notes, records, services
from advocate_app.domain.codes import code_list
from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.merge import Status
from advocate_app.domain.records import by_name
from advocate_app.store.queries.standing import find_record, ref_of, state_of
from tests.agency import Colleague, code_of, done
from tests.commands.conftest import Team
from tests.commands.giving import give, has, new_client, seen

NOTE, CONTACT, SERVICE, CLIENT = (by_name[name] for name in ("note", "contact", "service", "client"))
WHOLE_CONTACT = {
    "direction": "incoming",
    "channel": "call",
    "caller_role": "self",
    "identity": "anonymous",
    "reasons": ["information"],
    "outcomes": ["information_given"],
    "safety_check_done": True,
}


def place_of(who: Colleague, kind: str, record_id: bytes) -> tuple[CompartmentKind, bytes | str]:
    with who.vault.read() as db:
        standing = find_record(db, record_id=record_id, kind=by_name[kind].number)
        assert standing is not None
        ref = ref_of(db, compartment=standing.compartment)
    assert ref is not None
    return ref.kind, ref.owner


def written_note(team: Team, **wanted: object) -> bytes:
    client, note = new_client(team.bea), team.bea.new_id()
    done(give(team.bea, notes.write, note=note, wanted={"client": client, "text": "She called at nine.", **wanted}))
    return note


def test_a_contact_without_a_client_goes_to_the_hotline_of_its_month(team: Team) -> None:
    contact = team.bea.new_id()
    done(give(team.bea, contacts.log, contact=contact, wanted={"channel": "call", "started_at": "2026-03-05T10:00"}))
    assert place_of(team.bea, "contact", contact) == (CompartmentKind.REGISTER, "hotline/2026-03")


def test_a_new_contact_knows_its_number_its_time_and_who_had_it(team: Team) -> None:
    contact = team.bea.new_id()
    done(give(team.bea, contacts.log, contact=contact, wanted={"channel": "call"}))
    values = seen(team.bea, "contact", contact).values
    assert values["advocate"] == team.bea.id
    assert values["number"].startswith("H")
    assert values["started_at"][:10] == team.bea.acting().today().isoformat()


def test_a_note_lies_in_the_narrative_which_the_readers_of_the_file_read(team: Team) -> None:
    client, note = new_client(team.bea), team.bea.new_id()
    done(give(team.bea, notes.write, note=note, wanted={"client": client, "text": "She called at nine."}))
    assert place_of(team.bea, "note", note) == (CompartmentKind.NARRATIVE, client)


def test_a_supervision_note_lies_apart(team: Team) -> None:
    client, note = new_client(team.supervisor), team.supervisor.new_id()
    done(give(team.supervisor, notes.write, note=note, wanted={"client": client, "format": "supervision", "text": "x"}))
    assert place_of(team.supervisor, "note", note) == (CompartmentKind.RESTRICTED, client)


def test_a_record_for_a_client_who_is_not_here_is_refused(team: Team) -> None:
    outcome = give(team.bea, notes.write, note=team.bea.new_id(), wanted={"client": team.bea.new_id(), "text": "x"})
    assert code_of(outcome) == "record.begin.no_client"


def test_a_record_cannot_be_moved_to_another_client(team: Team) -> None:
    note, other = written_note(team), new_client(team.bea)
    outcome = give(team.bea, records.save, record=NOTE, record_id=note, wanted={"client": other})
    assert code_of(outcome) == "record.other_client"


def test_a_whole_contact_is_logged_and_filed_in_one_go(team: Team) -> None:
    contact = team.bea.new_id()
    done(give(team.bea, contacts.log, contact=contact, wanted=WHOLE_CONTACT, file=True))
    assert seen(team.bea, "contact", contact).status is Status.FILED


def test_an_unfinished_contact_is_not_filed_and_nothing_is_written(team: Team) -> None:
    contact = team.bea.new_id()
    outcome = give(team.bea, contacts.log, contact=contact, wanted={"channel": "call"}, file=True)
    assert code_of(outcome) == "record.file.missing"
    assert not has(team.bea, "contact", contact)


def test_what_was_missing_can_come_with_the_filing(team: Team) -> None:
    service = team.bea.new_id()
    client = new_client(team.bea)
    done(give(team.bea, services.log, service=service, wanted={"client": client, "mode": "phone"}))
    assert code_of(give(team.bea, records.file, record=SERVICE, record_id=service)) == "record.file.missing"
    last = {"code": next(iter(code_list("pmt_service").codes)), "grants": {"VOCA-26": 10_000}}
    done(give(team.bea, records.file, record=SERVICE, record_id=service, wanted=last))
    assert seen(team.bea, "service", service).values["grants"] == {"VOCA-26": 10_000}


def test_a_filed_note_is_amended_with_a_reason_and_not_edited(team: Team) -> None:
    note = written_note(team)
    done(give(team.bea, records.file, record=NOTE, record_id=note))
    edited = give(team.bea, records.save, record=NOTE, record_id=note, wanted={"text": "At ten."})
    assert code_of(edited) == "record.write.filed"
    silent = give(team.bea, notes.amend, note=note, wanted={"text": "At ten."}, reason=" ")
    assert code_of(silent) == "record.amend.needs_reason"
    done(give(team.bea, notes.amend, note=note, wanted={"text": "At ten."}, reason="misheard"))
    assert seen(team.bea, "note", note).values["text"] == "At ten."


def test_a_strike_has_a_reason_and_can_be_taken_back(team: Team) -> None:
    note = written_note(team)
    assert (
        code_of(give(team.bea, records.strike, record=NOTE, record_id=note, reason="")) == "record.strike.needs_reason"
    )
    done(give(team.bea, records.strike, record=NOTE, record_id=note, reason="wrong client"))
    assert seen(team.bea, "note", note).status is Status.STRUCK
    done(give(team.bea, records.restore, record=NOTE, record_id=note, reason="right after all"))
    assert seen(team.bea, "note", note).status is Status.OPEN


def test_what_arrived_after_the_form_was_opened_stays_beside_what_it_saves(team: Team) -> None:
    client = new_client(team.bea)
    with team.bea.vault.read() as db:
        standing = find_record(db, record_id=client, kind=CLIENT.number)
        assert standing is not None
        form = copy.deepcopy(state_of(db, standing))
    done(give(team.bea, records.save, record=CLIENT, record_id=client, wanted={"community": "Shiprock"}))
    done(give(team.bea, records.save, record=CLIENT, record_id=client, wanted={"community": "Zuni"}, seen=form))
    conflicts = seen(team.bea, "client", client).conflicts
    assert [[side.value for side in conflict.values] for conflict in conflicts] == [["Shiprock", "Zuni"]]


def test_an_odd_telephone_number_is_kept_and_remarked_upon(team: Team) -> None:
    safe = by_name["safe_contact"]
    odd = records.remarks(safe, {"phone": "12"}, today=team.bea.acting().today())
    assert [(one.field, one.code) for one in odd] == [("phone", "check.phone.invalid")]


def test_a_record_that_is_not_here_is_refused(team: Team) -> None:
    outcome = give(team.bea, records.save, record=NOTE, record_id=team.bea.new_id(), wanted={"title": "x"})
    assert code_of(outcome) == "record.not_found"


def test_a_record_id_is_used_once(team: Team) -> None:
    note = written_note(team)
    client = seen(team.bea, "note", note).values["client"]
    outcome = give(team.bea, notes.write, note=note, wanted={"client": client, "text": "again"})
    assert code_of(outcome) == "record.begin.exists"
