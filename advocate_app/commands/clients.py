"""Clients: taking one in, with a code of their own, and finding who may be here already."""

from dataclasses import dataclass
from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.commands import records
from advocate_app.commands.acting import Acting
from advocate_app.commands.records import Values
from advocate_app.domain.client_code import make_code
from advocate_app.domain.dates import span_of
from advocate_app.domain.folding_text import fold_text
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.queries.standing import client_of_code, list_records, values_of

CLIENT: Final = by_name["client"]
_LIKE: Final = 85
"""How alike two names are, out of 100, from which on they may be the same one misspelt."""


def add(tx: Writer, *, client: bytes, wanted: Values, by: Acting) -> Changes | Refusal:
    """Take in a client under a new id (16 bytes); file and code are made with it.

    The maker and supervision read the file; others by assignment.
    """
    if not by.may("client.add"):
        return Refusal("command.not_allowed", {"command": "client.add"})
    code = make_code(by.short_name, ids=by.author.ids)
    while client_of_code(tx, code=code) is not None:
        code = make_code(by.short_name, ids=by.author.ids)
    return records.begin(tx, record=CLIENT, record_id=client, wanted={**wanted, "code": code}, by=by)


@dataclass(frozen=True, slots=True)
class Alike:
    """A client who may be the same person: id (16 bytes), and why (codes `name`, `near_name`, `birth_date`)."""

    client: bytes
    reasons: tuple[str, ...]


def possible_duplicates(db: Reader, *, wanted: Values, besides: bytes | None = None) -> list[Alike]:
    """Clients readable here who may be the one described; a name alone, or two near ones with a fitting birth date."""
    names = _names(wanted)
    if not names:
        return []
    found = []
    for standing in list_records(db, kind=CLIENT.number):
        if standing.record_id == besides:
            continue
        values = values_of(db, standing)
        reasons = [reason for reason in (_name_reason(names, _names(values)), _birth_reason(wanted, values)) if reason]
        if reasons and (reasons[0] == "name" or len(reasons) > 1):
            found.append(Alike(client=standing.record_id, reasons=tuple(reasons)))
    return found


def _names(values: Values) -> set[str]:
    full = " ".join(str(values[name]) for name in ("first_name", "last_name") if values.get(name))
    told = [full, values.get("preferred_name") or "", *(values.get("aliases") or ())]
    return {fold_text(name) for name in told if name}


def _name_reason(names: set[str], others: set[str]) -> str | None:
    from rapidfuzz.fuzz import token_sort_ratio  # wanted only where somebody is taken in

    if names & others:
        return "name"
    if any(token_sort_ratio(one, other) >= _LIKE for one in names for other in others):
        return "near_name"
    return None


def _birth_reason(wanted: Values, values: Values) -> str | None:
    one, other = (span_of(each.get("birth_date") or "") for each in (wanted, values))
    if one is None or other is None or one.last < other.first or other.last < one.first:
        return None
    return "birth_date"
