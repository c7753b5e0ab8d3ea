"""Cases open, close and open again; tasks end; a safe contact is one record, whoever makes it first."""

from datetime import date

from advocate_app.commands import cases, safe_contacts, tasks
from tests.agency import code_of, done
from tests.commands.conftest import Team
from tests.commands.giving import give, new_client, seen


def open_case(team: Team) -> bytes:
    case = team.bea.new_id()
    wanted = {"opened_on": "2026-01-10"}
    done(give(team.bea, cases.open_case, case=case, client=new_client(team.bea), wanted=wanted))
    return case


def test_a_new_case_has_a_number_a_day_and_an_advocate(team: Team) -> None:
    values = seen(team.bea, "case", open_case(team)).values
    assert values["number"].startswith("C")
    assert (values["stage"], values["primary_advocate"]) == ("new", team.bea.id)


def test_a_case_closes_with_a_reason_and_not_twice(team: Team) -> None:
    case, on = open_case(team), date(2026, 3, 1)
    assert code_of(give(team.bea, cases.close_case, case=case, on=on, reason=None)) == "case.close.needs_reason"
    done(give(team.bea, cases.close_case, case=case, on=on, reason="completed"))
    again = give(team.bea, cases.close_case, case=case, on=on, reason="completed")
    assert code_of(again) == "case.close.already_closed"
    values = seen(team.bea, "case", case).values
    assert (values["stage"], values["closed_on"], values["closure_reason"]) == ("closed", "2026-03-01", "completed")


def test_a_case_does_not_close_before_it_was_opened(team: Team) -> None:
    outcome = give(team.bea, cases.close_case, case=open_case(team), on=date(2025, 12, 31), reason="completed")
    assert code_of(outcome) == "case.close.before_opened"


def test_a_closed_case_opens_again_without_its_closing(team: Team) -> None:
    case = open_case(team)
    assert code_of(give(team.bea, cases.reopen_case, case=case)) == "case.reopen.not_closed"
    done(give(team.bea, cases.close_case, case=case, on=date(2026, 3, 1), reason="moved"))
    done(give(team.bea, cases.reopen_case, case=case))
    values = seen(team.bea, "case", case).values
    assert values["stage"] == "reopened"
    assert values.get("closure_reason") is None


def test_a_task_without_a_client_is_one_of_the_house(team: Team) -> None:
    task = team.bea.new_id()
    done(give(team.bea, tasks.add, task=task, wanted={"title": "Fuel", "kind": "other", "due": "2026-12-01"}))
    values = seen(team.bea, "task", task).values
    assert (values["status"], values["owner"]) == ("open", team.bea.id)


def test_a_task_ends_once(team: Team) -> None:
    task = team.bea.new_id()
    done(give(team.bea, tasks.add, task=task, wanted={"title": "Call back", "kind": "call_back"}))
    assert code_of(give(team.bea, tasks.end, task=task, status="open")) == "task.end.unknown_status"
    done(give(team.bea, tasks.end, task=task, status="done", result="reached"))
    assert seen(team.bea, "task", task).values["done_on"] == team.bea.acting().today().isoformat()
    assert code_of(give(team.bea, tasks.end, task=task, status="cancelled")) == "task.end.already_ended"


def test_a_safe_contact_is_made_once_and_then_edited(team: Team) -> None:
    client = new_client(team.bea)
    done(give(team.bea, safe_contacts.put, client=client, wanted={"methods": ["text"], "phone": "505 555 0100"}))
    done(give(team.bea, safe_contacts.put, client=client, wanted={"methods": ["in_person"]}))
    values = seen(team.bea, "safe_contact", safe_contacts.safe_contact_id(client)).values
    assert (values["methods"], values["phone"]) == (["in_person"], "505 555 0100")
