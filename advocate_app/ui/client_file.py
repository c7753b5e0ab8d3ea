"""What the window shows of one client, gathered in one question: who, how to reach them, what is due, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from advocate_app.domain.records import by_name, by_number
from advocate_app.domain.view import view
from advocate_app.store.queries.clients import ClientRow, find_client
from advocate_app.store.queries.listed import Listed, count_of_client, list_of_client, list_timeline
from advocate_app.store.queries.standing import find_record, list_records, state_of, values_of
from advocate_app.ui.days import moment_words
from advocate_app.ui.opened import Db
from advocate_app.ui.words import label, tr, worded

_CLIENT: Final = by_name["client"]
_SAFE: Final = by_name["safe_contact"]
_TASK: Final = by_name["task"]
_CASE: Final = by_name["case"]
FIRST: Final = 60
"""Entries of the timeline that are asked for at once."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Safety:
    """How a client may be reached, as sentences."""

    words: str
    danger: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClientFile:
    """One client as they stand. It names a person and has no `repr`."""

    row: ClientRow
    client: Mapping[str, Any]
    case: Mapping[str, Any]
    safety: Safety
    tasks: Sequence[Listed]
    timeline: Sequence[Listed]
    counts: Mapping[int, int]
    names: Mapping[bytes, str]


def gather(db: Db, *, client: bytes, names: Mapping[bytes, str], first: int = FIRST) -> ClientFile | None:
    """All of it; None where this client cannot be read here. On the read lane."""
    row = find_client(db, client=client)
    if row is None:
        return None
    standing = find_record(db, record_id=client, kind=_CLIENT.number)
    case = None if row.case is None else find_record(db, record_id=row.case, kind=_CASE.number)
    tasks = list_of_client(db, client=client, kind=_TASK.number, limit=20)
    return ClientFile(
        row=row,
        client={} if standing is None else values_of(db, standing),
        case={} if case is None else values_of(db, case),
        safety=_safety(db, client),
        tasks=[one for one in reversed(tasks) if one.values.get("status", "open") == "open"],
        timeline=list_timeline(db, client=client, limit=first),
        counts=count_of_client(db, client=client),
        names=names,
    )


def _safety(db: Db, client: bytes) -> Safety:
    found = list_records(db, kind=_SAFE.number, client=client, limit=1)
    if not found:
        return Safety(words=tr("safety.unknown"), danger=True)
    seen = view(_SAFE, state_of(db, found[0]))
    return safety_words(seen.values, conflicting=bool(seen.conflicts))


def safety_words(values: Mapping[str, Any], *, conflicting: bool) -> Safety:
    """The sentences of the strip, the most important first."""
    methods = values.get("methods") or []
    said: list[str] = []
    if values.get("do_not_contact") or "never" in methods:
        said.append(tr("safety.never"))
    elif methods and "call" not in methods:
        said.append(tr("safety.no_call"))
    if values.get("leave_message") == "no":
        said.append(tr("safety.no_message"))
    if values.get("shared_phone") == "yes" or values.get("abuser_may_answer") == "yes":
        said.append(tr("safety.shared"))
    danger = bool(said) or conflicting
    ways = [label("safe_method", one) for one in methods if one != "never"]
    if ways and not values.get("do_not_contact"):
        said.append(tr("safety.by", ways=", ".join(ways)))
    if values.get("days_times"):
        said.append(tr("safety.when", when=values["days_times"]))
    if conflicting:
        said.insert(0, tr("safety.conflict"))
    if not said:
        return Safety(words=tr("safety.unknown"), danger=True)
    return Safety(words=" ".join(said), danger=danger)


def entry_words(one: Listed, *, today: date) -> tuple[str, str]:
    """What an entry of the timeline is called, and when it was."""
    record = by_number[one.type]
    values = one.values
    match record.name:
        case "contact":
            what = tr("entry.contact", how=label("channel", values.get("channel")))
        case "service":
            what = _service_words(values)
        case "task":
            what = values.get("title") or label("task_kind", values.get("kind"))
        case "note":
            what = values.get("title") or label("note_format", values.get("format"))
        case "case":
            what = tr("entry.case", number=values.get("number") or "—")
        case _:
            what = worded("record", record.name)
    return what, moment_words(one.at, today=today)


def _service_words(values: Mapping[str, Any]) -> str:
    for codes, name in (("pmt_service", "code"), ("need_domain", "domain"), ("service_mode", "mode")):
        if values.get(name):
            return tr("entry.service", what=short_label(label(codes, values[name])))
    return worded("record", "service")


def short_label(text: str) -> str:
    """A funder's wording up to its first bracket."""
    return text.partition(" (")[0]
