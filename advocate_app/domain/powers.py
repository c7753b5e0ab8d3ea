"""Who may do what: role by record type and verb, and role by command, as tables."""

from collections.abc import Collection, Mapping
from typing import Final

from advocate_app.domain.records import by_name
from advocate_app.domain.verbs import Verb

ROLES: Final = (
    "advocate",
    "hotline",
    "supervisor",
    "finance",
    "reporter",
    "directory_editor",
    "it",
    "auditor",
    "authority",
)
"""Every role there is; a member may have several."""

_Powers = Mapping[str, frozenset[Verb]]

_WRITE: Final = frozenset({Verb.WRITE})
_KEEP: Final = frozenset({Verb.WRITE, Verb.STRIKE, Verb.RESTORE})
_RECORD: Final = frozenset({Verb.WRITE, Verb.FILE, Verb.AMEND, Verb.STRIKE, Verb.RESTORE})
_ASK: Final = frozenset({Verb.WRITE, Verb.SUBMIT})
_DECIDE: Final = frozenset({Verb.WRITE, Verb.SUBMIT, Verb.APPROVE, Verb.RETURN, Verb.STRIKE, Verb.RESTORE})

_OWN_DESK: Final[_Powers] = {"task": _RECORD, "review": _ASK, "draft": _WRITE, "readers": _WRITE}
"""What everyone who writes at all may write. WRITE on readers makes a compartment's first set, adds and removes;
only READERS, a supervisor's, sets a removal aside that stands against an addition."""

_CASE_WORK: Final[_Powers] = {
    **_OWN_DESK,
    "client": _RECORD,
    "safe_contact": _RECORD,
    "contact": _RECORD,
    "case": _RECORD,
    "service": _RECORD,
    "note": _RECORD,
}

_BY_ROLE: Final[Mapping[str, _Powers]] = {
    "advocate": _CASE_WORK,
    "hotline": {**_OWN_DESK, "client": _KEEP, "safe_contact": _KEEP, "contact": _RECORD},
    "supervisor": {
        **_CASE_WORK,
        "review": _DECIDE,
        "readers": frozenset({Verb.WRITE, Verb.READERS}),
        "admit": frozenset({Verb.ADMIT}),
    },
    "finance": _OWN_DESK,
    "reporter": {},
    "directory_editor": _OWN_DESK,
    "it": {},
    "auditor": {},
    "authority": {},
}

POWERS: Final[Mapping[str, frozenset[tuple[int, int]]]] = {
    role: frozenset((by_name[name].number, int(verb)) for name, verbs in powers.items() for verb in verbs)
    for role, powers in _BY_ROLE.items()
}
"""Role to the (record type, verb) pairs that it gives. An authority signs the roster: no power over records."""

COMMANDS: Final[Mapping[str, frozenset[str]]] = {
    "client.add": frozenset({"advocate", "hotline", "supervisor"}),
    "client.edit": frozenset({"advocate", "hotline", "supervisor"}),
    "safe_contact.edit": frozenset({"advocate", "hotline", "supervisor"}),
    "contact.log": frozenset({"advocate", "hotline", "supervisor"}),
    "case.open": frozenset({"advocate", "supervisor"}),
    "case.edit": frozenset({"advocate", "supervisor"}),
    "case.close": frozenset({"advocate", "supervisor"}),
    "service.log": frozenset({"advocate", "supervisor"}),
    "note.write": frozenset({"advocate", "supervisor"}),
    "task.add": frozenset({"advocate", "hotline", "supervisor", "finance", "directory_editor"}),
    "task.edit": frozenset({"advocate", "hotline", "supervisor", "finance", "directory_editor"}),
    "review.submit": frozenset({"advocate", "hotline", "supervisor", "finance", "directory_editor"}),
    "review.approve": frozenset({"supervisor"}),
    "review.return": frozenset({"supervisor"}),
    "conflict.resolve": frozenset({"advocate", "hotline", "supervisor"}),
    "assign": frozenset({"supervisor"}),
    "admit": frozenset({"supervisor"}),
    "member.invite": frozenset({"authority"}),
    "member.approve": frozenset({"authority"}),
    "member.remove": frozenset({"authority"}),
    "member.role": frozenset({"authority"}),
    "export": frozenset({"supervisor", "reporter"}),
    "report.run": frozenset({"supervisor", "reporter", "finance"}),
}
"""Command name to the roles that may give it."""


def may(roles: Collection[str], *, record_type: int, verb: int) -> bool:
    """True if one of the roles gives this verb on this type of record; False for what this program does not know."""
    return any((record_type, verb) in POWERS.get(role, ()) for role in roles)


def may_do(roles: Collection[str], command: str) -> bool:
    """True if one of the roles may give this command; KeyError for a command that the table lacks."""
    return not COMMANDS[command].isdisjoint(roles)
