"""Decisions at the console: reviews and conflicts."""

import json

from tests.console.asking import ask, refused, told
from tests.console.conftest import House


def shared_client(house: House) -> str:
    """A client of Bea's that Dee and the supervisor have too; the code."""
    made = told(house.bea, "client", "add", "--anyway", "--from", "-", typed='{"first_name": "Marisol"}')["record"]
    code: str = made["fields"]["code"]
    house.sync(house.bea, house.supervisor)
    told(house.supervisor, "assign", code, "Dee")
    house.sync(house.supervisor, house.dee)
    return code


def test_a_review_travels_to_the_supervisor_and_its_return_travels_back(house: House) -> None:
    code = shared_client(house)
    note = told(house.bea, "note", "add", "--client", code, "--from", "-", typed='{"text": "She called."}')["record"]
    review = told(house.bea, "review", "submit", note["id"], "--message", "please look", "--to", "Sol")["record"]["id"]
    house.sync(house.bea, house.supervisor)
    pending = told(house.supervisor, "review", "list")["records"]
    asked = next(one for one in pending if one["id"] == review)
    assert asked["subject"].startswith("note")
    assert asked["fields"]["message"] == "please look"
    assert refused(house.supervisor, "review", "return", review) == (1, "review.return.needs_comment")
    told(house.supervisor, "review", "return", review, "--comment", "Which county?", "--field", "text")
    house.sync(house.supervisor, house.bea)
    mine = told(house.bea, "review", "list", "--mine")["records"]
    assert next(one for one in mine if one["id"] == review)["fields"]["decision"] == "returned"
    assert "Sol: Which county?" in ask(house.bea, "review", "list", "--mine").out


def test_a_review_is_approved_by_another_than_its_author(house: House) -> None:
    code = shared_client(house)
    review = told(house.bea, "review", "submit", code)["record"]["id"]
    house.sync(house.bea, house.supervisor)
    assert refused(house.bea, "review", "approve", review) == (1, "command.not_allowed")
    assert told(house.supervisor, "review", "approve", review)["record"]["fields"]["decision"] == "approved"
    told(house.supervisor, "sync")


def test_a_conflict_shows_both_sides_with_who_and_is_settled_for_all(house: House) -> None:
    code = shared_client(house)
    told(house.bea, "safe-contact", "add", "--client", code, "--leave-message", "yes", "--phone", "505 555 0100")
    told(house.dee, "safe-contact", "add", "--client", code, "--leave-message", "no", "--phone", "505 555 0100")
    house.sync(house.bea, house.dee, house.supervisor)
    client = told(house.supervisor, "client", "show", code)["record"]["id"]
    safe = told(house.supervisor, "safe-contact", "list", "--client", code)["records"][0]
    assert safe["client"] == client
    conflict = next(
        one for one in told(house.supervisor, "conflicts", "list")["conflicts"] if one["record"] == safe["id"]
    )
    assert {side["name"] for side in conflict["sides"]} == {"Bea", "Dee"}
    assert conflict["field"] == "calling"
    text = ask(house.supervisor, "conflicts", "list").out
    assert "most protective value is in force" in text
    careful = next(side["choose"] for side in conflict["sides"] if side["value"]["leave_message"] == "no")
    about = ("conflicts", "resolve", safe["id"], "calling")
    assert refused(house.supervisor, *about) == (2, "usage")
    assert refused(house.supervisor, *about, "--choose", "3") == (1, "conflict.resolve.no_such_side")
    told(house.supervisor, *about, "--choose", str(careful))
    house.sync(house.supervisor, house.bea)
    shown = told(house.bea, "safe-contact", "show", safe["id"])["record"]
    assert (shown["conflicts"], shown["fields"]["leave_message"]) == ([], "no")


def test_a_conflict_is_settled_by_a_new_value(house: House) -> None:
    code = shared_client(house)
    for vault, name in ((house.bea, "Zuni"), (house.dee, "Taos")):
        told(vault, "client", "edit", code, "--set", f"community={name}")
    house.sync(house.bea, house.dee, house.bea)
    assert "two values stand" in ask(house.bea, "client", "show", code).out
    told(house.bea, "conflicts", "resolve", code, "community", "--set", "community=Zuni Pueblo")
    assert told(house.bea, "client", "show", code)["record"]["fields"]["community"] == "Zuni Pueblo"
    house.sync(house.bea, house.dee)
    assert told(house.dee, "client", "show", code)["record"]["conflicts"] == []


def test_history_tells_who_changed_what_to_what(house: House) -> None:
    code = shared_client(house)
    told(house.dee, "client", "edit", code, "--from", "-", typed=json.dumps({"language": "nv"}))
    house.sync(house.dee, house.bea)
    steps = told(house.bea, "history", code)["steps"]
    assert [(step["name"], step["changes"][-1]["field"]) for step in steps][-1] == ("Dee", "language")
    assert "Dee wrote" in ask(house.bea, "history", code).out
