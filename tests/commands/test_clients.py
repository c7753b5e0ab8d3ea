"""Clients: taken in with a code and a file of their own, and found again before they are taken in twice."""

from advocate_app.commands import clients, records
from advocate_app.domain.client_code import read_code
from advocate_app.domain.compartments import CompartmentKind, CompartmentRef
from advocate_app.domain.records import by_name
from advocate_app.store.queries.standing import find_record, ref_of
from tests.agency import code_of, done
from tests.commands.conftest import Team
from tests.commands.giving import give, has, new_client, seen

CLIENT = by_name["client"]


def test_a_client_gets_a_code_that_can_be_read_again(team: Team) -> None:
    client = new_client(team.bea)
    code = seen(team.bea, "client", client).values["code"]
    assert read_code(code.lower()) == code


def test_a_client_lies_in_a_file_of_their_own(team: Team) -> None:
    client = new_client(team.bea)
    with team.bea.vault.read() as db:
        standing = find_record(db, record_id=client, kind=CLIENT.number)
        assert standing is not None
        assert ref_of(db, compartment=standing.compartment) == CompartmentRef(CompartmentKind.FILE, client)


def test_what_was_edited_shows_and_what_was_not_stays(team: Team) -> None:
    client = new_client(team.bea, {"language": "nv"})
    done(give(team.bea, records.save, record=CLIENT, record_id=client, wanted={"preferred_name": "Łichííʼ"}))
    values = seen(team.bea, "client", client).values
    assert (values["preferred_name"], values["language"]) == ("Łichííʼ", "nv")


def test_a_code_that_no_list_knows_is_refused_and_nothing_is_written(team: Team) -> None:
    client = team.bea.new_id()
    outcome = give(team.bea, clients.add, client=client, wanted={"language": "klingon"})
    assert code_of(outcome) == "record.values"
    assert not has(team.bea, "client", client)


def test_an_edit_that_changes_nothing_writes_nothing(team: Team) -> None:
    client = new_client(team.bea, {"language": "es"})
    assert not done(give(team.bea, records.save, record=CLIENT, record_id=client, wanted={"language": "es"}))


def test_the_same_name_with_other_marks_is_found_as_a_possible_duplicate(team: Team) -> None:
    client = new_client(team.dee, {"first_name": "Nizhóní", "last_name": "Begay"})
    with team.dee.vault.read() as db:
        alike = clients.possible_duplicates(db, wanted={"first_name": "nizhoni", "last_name": "BEGAY"})
    assert [(one.client, one.reasons[0]) for one in alike] == [(client, "name")]


def test_a_misspelt_name_counts_only_with_a_fitting_birth_date(team: Team) -> None:
    client = new_client(team.dee, {"first_name": "Katherine", "last_name": "Yazzie", "birth_date": "1999-04"})
    near = {"first_name": "Katharine", "last_name": "Yazzie"}
    with team.dee.vault.read() as db:
        without = clients.possible_duplicates(db, wanted=near)
        fitting = clients.possible_duplicates(db, wanted={**near, "birth_date": "1999-04-11"})
        other = clients.possible_duplicates(db, wanted={**near, "birth_date": "1980"})
    assert (without, other) == ([], [])
    assert [one.client for one in fitting] == [client]


def test_a_role_without_case_work_takes_nobody_in(team: Team) -> None:
    reporter = team.agency.enrol("Rea", role="reporter")
    outcome = give(reporter, clients.add, client=reporter.new_id(), wanted={})
    assert code_of(outcome) == "command.not_allowed"
