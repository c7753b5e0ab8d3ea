"""Who may do what, as a matrix: every role, record type and verb."""

from itertools import product

import pytest

from advocate_app.domain.powers import COMMANDS, POWERS, ROLES, may, may_do
from advocate_app.domain.records import RECORDS, by_name
from advocate_app.domain.verbs import Verb

#        WRITE FILE AMEND STRIKE RESTORE SUBMIT APPROVE RETURN ADMIT READERS, as one letter each
LETTERS = dict(zip("WFASROPBDG", Verb, strict=True))

MATRIX = {
    "advocate": {
        "client": "WFASR",
        "safe_contact": "WFASR",
        "contact": "WFASR",
        "case": "WFASR",
        "service": "WFASR",
        "note": "WFASR",
        "task": "WFASR",
        "review": "WO",
        "readers": "W",
        "draft": "W",
    },
    "hotline": {
        "client": "WSR",
        "safe_contact": "WSR",
        "contact": "WFASR",
        "task": "WFASR",
        "review": "WO",
        "readers": "W",
        "draft": "W",
    },
    "supervisor": {
        "client": "WFASR",
        "safe_contact": "WFASR",
        "contact": "WFASR",
        "case": "WFASR",
        "service": "WFASR",
        "note": "WFASR",
        "task": "WFASR",
        "review": "WOPBSR",
        "readers": "WG",
        "admit": "D",
        "draft": "W",
    },
    "finance": {"task": "WFASR", "review": "WO", "readers": "W", "draft": "W"},
    "directory_editor": {"task": "WFASR", "review": "WO", "readers": "W", "draft": "W"},
    "reporter": {},
    "it": {},
    "auditor": {},
    "authority": {},
}


def test_the_matrix_names_every_role() -> None:
    assert set(MATRIX) == set(ROLES) == set(POWERS)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gives_exactly_the_powers_of_the_matrix(role: str) -> None:
    for record, verb in product(RECORDS, Verb):
        expected = verb in {LETTERS[letter] for letter in MATRIX[role].get(record.name, "")}
        assert may([role], record_type=record.number, verb=verb) is expected, (record.name, verb.name)


def test_several_roles_add_up() -> None:
    review = by_name["review"].number
    assert may(["authority", "supervisor"], record_type=review, verb=Verb.APPROVE)
    assert not may(["authority", "advocate"], record_type=review, verb=Verb.APPROVE)
    assert not may([], record_type=review, verb=Verb.WRITE)


def test_what_this_program_does_not_know_gives_no_power() -> None:
    assert not may(["supervisor"], record_type=99, verb=Verb.WRITE)
    assert not may(["supervisor"], record_type=1, verb=99)
    assert not may(["founder"], record_type=1, verb=Verb.WRITE)


@pytest.mark.parametrize(
    ("command", "record", "verb"),
    [
        ("client.add", "client", Verb.WRITE),
        ("client.edit", "client", Verb.WRITE),
        ("safe_contact.edit", "safe_contact", Verb.WRITE),
        ("contact.log", "contact", Verb.FILE),
        ("case.open", "case", Verb.WRITE),
        ("case.edit", "case", Verb.WRITE),
        ("case.close", "case", Verb.WRITE),
        ("service.log", "service", Verb.FILE),
        ("note.write", "note", Verb.FILE),
        ("task.add", "task", Verb.WRITE),
        ("task.edit", "task", Verb.WRITE),
        ("review.submit", "review", Verb.SUBMIT),
        ("review.approve", "review", Verb.APPROVE),
        ("review.return", "review", Verb.RETURN),
        ("assign", "readers", Verb.READERS),
        ("admit", "admit", Verb.ADMIT),
    ],
)
def test_a_command_is_given_by_those_whose_events_will_be_taken(command: str, record: str, verb: Verb) -> None:
    for role in ROLES:
        assert may_do([role], command) is may([role], record_type=by_name[record].number, verb=verb), role


def test_only_an_authority_changes_who_belongs() -> None:
    for command in ("member.invite", "member.approve", "member.remove", "member.role"):
        assert [role for role in ROLES if may_do([role], command)] == ["authority"]


def test_it_auditors_and_authorities_as_such_write_no_record() -> None:
    for role in ("it", "auditor", "authority", "reporter"):
        assert POWERS[role] == frozenset()


def test_commands_name_known_roles_and_an_unknown_command_is_a_bug() -> None:
    assert all(roles <= set(ROLES) for roles in COMMANDS.values())
    with pytest.raises(KeyError):
        may_do(["supervisor"], "everything")
