"""Records at the console: added, listed, shown, changed, filed, assigned, searched, told."""

import json

import pytest

from tests.console.asking import ask, refused, told
from tests.console.conftest import House


def client_of(house: House, **fields: object) -> str:
    """A client of Bea's, by a JSON object on standard input; the code."""
    typed = json.dumps({"first_name": "Marisol", **fields})
    code: str = told(house.bea, "client", "add", "--anyway", "--from", "-", typed=typed)["record"]["fields"]["code"]
    return code


def test_a_client_is_added_from_standard_input_and_shown_by_code(house: House) -> None:
    code = client_of(house, preferred_name="Łichííʼ", language="nv")
    shown = told(house.bea, "client", "show", code.lower())
    assert shown["record"]["fields"]["preferred_name"] == "Łichííʼ"
    assert shown["record"]["unsynced"] == 1
    assert "interpreter_needed" in shown["missing"]


def test_a_record_is_found_by_the_end_of_its_id(house: House) -> None:
    code = client_of(house)
    record_id = told(house.bea, "client", "show", code)["record"]["id"]
    assert told(house.bea, "client", "show", record_id[-8:])["record"]["id"] == record_id


def test_a_mistyped_code_is_told_from_an_unknown_one(house: House) -> None:
    code = client_of(house)
    other = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert refused(house.bea, "client", "show", other)[1] == "client.code.mistyped"
    assert refused(house.bea, "client", "show", "NM-TF-12")[1] == "client.code.malformed"
    assert refused(house.bea, "client", "show", "zz")[1] == "console.id_malformed"
    assert refused(house.bea, "client", "show", "00000000")[1] == "console.record_unknown"


def test_a_client_who_may_be_here_already_is_added_only_on_purpose(house: House) -> None:
    client_of(house, first_name="Nizhóní", last_name="Tso")
    typed = json.dumps({"first_name": "nizhoni", "last_name": "TSO"})
    assert refused(house.bea, "client", "add", "--from", "-", typed=typed) == (1, "client.add.alike")
    told(house.bea, "client", "add", "--anyway", "--from", "-", typed=typed)


def test_flags_sets_and_repeats_give_fields(house: House) -> None:
    code = client_of(house)
    told(
        house.bea, "client", "edit", code, "--language", "es", "--set", "aliases=Luz", "--set", "aliases=Sol, de Abril"
    )
    fields = told(house.bea, "client", "edit", code, "--add", "race=white", "--remove", "aliases=Luz")["record"][
        "fields"
    ]
    assert (fields["language"], fields["aliases"], fields["race"]) == ("es", ["Sol, de Abril"], ["white"])


def test_a_field_is_emptied_by_empty_text(house: House) -> None:
    code = client_of(house, community="Zuni")
    assert "community" not in told(house.bea, "client", "edit", code, "--set", "community=")["record"]["fields"]


@pytest.mark.parametrize(
    "given", ["community", "no_such_field=1", "foster_year=many", "interpreter_needed=yes=no", "code_list=x"]
)
def test_what_cannot_be_meant_is_wrong_use(house: House, given: str) -> None:
    code = client_of(house)
    exit_code, _ = refused(house.bea, "client", "edit", code, "--set", given)
    assert exit_code in (1, 2)


def test_a_wrong_code_names_the_field_and_the_remedy(house: House) -> None:
    code = client_of(house)
    answer = ask(house.bea, "client", "edit", code, "--language", "klingon")
    assert answer.code == 1
    assert "language" in answer.err
    assert "advocate fields" in answer.err
    assert "Nothing was changed." in answer.err


def test_an_odd_value_is_kept_and_remarked_upon(house: House) -> None:
    code = client_of(house)
    reply = told(house.bea, "safe-contact", "add", "--client", code, "--phone", "12", "--methods", "call,text")
    assert [one["code"] for one in reply["remarks"]] == ["check.phone.invalid"]
    assert reply["record"]["fields"]["methods"] == ["call", "text"]


def test_how_a_client_may_be_reached_stands_above_all_else(house: House) -> None:
    code = client_of(house)
    told(house.bea, "safe-contact", "add", "--client", code, "--methods", "never", "--do-not-contact", "yes")
    shown = ask(house.bea, "client", "show", code).out.splitlines()
    first = "\n".join(shown[1:4])
    assert "do_not_contact" in first
    assert told(house.bea, "client", "show", code)["safe_contact"]["fields"]["do_not_contact"] is True


def test_a_contact_is_added_filed_amended_struck_and_restored(house: House) -> None:
    whole = {
        "direction": "incoming",
        "channel": "call",
        "caller_role": "self",
        "identity": "anonymous",
        "reasons": ["information"],
        "outcomes": ["information_given"],
        "safety_check_done": True,
        "notes": "Two lines\n  of notes.",
    }
    made = told(house.bea, "contact", "add", "--file", "--from", "-", typed=json.dumps(whole))["record"]
    assert (made["status"], made["fields"]["notes"]) == ("filed", "Two lines\n  of notes.")
    which = made["id"]
    assert refused(house.bea, "contact", "edit", which, "--minutes", "5") == (1, "record.write.filed")
    amended = told(house.bea, "contact", "amend", which, "--minutes", "5", "--reason", "forgotten")["record"]
    assert amended["fields"]["minutes"] == 5
    assert refused(house.bea, "contact", "strike", which) == (1, "record.strike.needs_reason")
    assert told(house.bea, "contact", "strike", which, "--reason", "twice")["record"]["status"] == "struck"
    assert told(house.bea, "contact", "restore", which, "--reason", "once")["record"]["status"] == "filed"
    steps = told(house.bea, "history", which)["steps"]
    assert [step["verb"] for step in steps] == ["filed", "amended", "struck", "restored"]
    assert {step["name"] for step in steps} == {"Bea"}


def test_a_contact_is_filed_only_when_nothing_is_missing(house: House) -> None:
    made = told(house.bea, "contact", "add", "--channel", "call")
    assert "outcomes" in made["missing"]
    assert refused(house.bea, "contact", "file", made["record"]["id"]) == (1, "record.file.missing")


def test_services_tasks_cases_and_notes_belong_to_their_client(house: House) -> None:
    code = client_of(house)
    case = told(house.bea, "case", "add", "--client", code, "--next-step", "call")["record"]
    service = told(house.bea, "service", "add", "--client", code, "--grants", "VOCA-26:60,STATE:40", "--minutes", "30")
    task = told(house.bea, "task", "add", "--client", code, "--title", "Court", "--due", "2026-12-01T09:00")["record"]
    note = told(house.bea, "note", "add", "--client", code, "--from", "-", typed='{"text": "She called."}')["record"]
    assert service["record"]["fields"]["grants"] == {"VOCA-26": 6000, "STATE": 4000}
    for kind, record in (("case", case), ("service", service["record"]), ("task", task), ("note", note)):
        listed = told(house.bea, kind, "list", "--client", code)["records"]
        assert [one["id"] for one in listed] == [record["id"]]
    assert told(house.bea, "task", "done", task["id"], "--result", "kept")["record"]["fields"]["status"] == "done"
    closed = told(house.bea, "case", "close", case["id"], "--reason", "completed")["record"]["fields"]
    assert (closed["stage"], closed["closure_reason"]) == ("closed", "completed")
    assert told(house.bea, "case", "reopen", case["id"])["record"]["fields"]["stage"] == "reopened"


def test_a_record_without_its_client_is_wrong_use(house: House) -> None:
    assert refused(house.bea, "case", "add") == (2, "usage")


def test_search_finds_names_and_notes_in_plain_spelling(house: House) -> None:
    code = client_of(house, last_name="Tsosie-Łigai")
    told(house.bea, "note", "add", "--client", code, "--from", "-", typed='{"text": "La niña está en Española."}')
    names = [one["fields"].get("code") for one in told(house.bea, "search", "ligai")["records"]]
    assert code in names
    assert [one["type"] for one in told(house.bea, "search", "espanola")["records"]] == ["note"]


def test_a_colleague_reads_a_file_once_assigned(house: House) -> None:
    code = client_of(house)
    house.sync(house.bea, house.supervisor, house.dee)
    assert refused(house.dee, "client", "show", code) == (1, "console.record_unknown")
    assert refused(house.bea, "assign", code, "Dee") == (1, "command.not_allowed")
    told(house.supervisor, "assign", code, "dee")
    house.sync(house.supervisor, house.dee)
    shown = told(house.dee, "client", "show", code)
    assert shown["record"]["fields"]["first_name"] == "Marisol"
    assert len(shown["readers"]) == 3
    told(house.supervisor, "client", "unassign", code, "Dee")


def test_fields_lists_types_fields_and_codes(house: House) -> None:
    assert "safe_contact" in told(house.bea, "fields")["types"]
    language = told(house.bea, "fields", "client", "language")["fields"][0]
    assert language["codes"]["nv"] == "Diné bizaad (Navajo)"
    assert refused(house.bea, "fields", "draft") == (2, "usage")


def test_a_person_reads_labels_and_names_at_a_glance(house: House) -> None:
    code = client_of(house, language="nv")
    shown = ask(house.bea, "client", "show", code).out
    assert "Diné bizaad (Navajo)" in shown
    assert "read by: Bea, everyone in supervision" in shown
    listed = ask(house.bea, "client", "list", "--limit", "1").out
    assert code in listed
