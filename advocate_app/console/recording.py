"""`advocate client`, `case`, `contact` and their like: one family a record type, out of its declaration."""

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from advocate_app.base.errors import Refusal
from advocate_app.base.ids import id_text
from advocate_app.commands import assignment, cases, clients, contacts, notes, records, safe_contacts, services, tasks
from advocate_app.commands.acting import Acting
from advocate_app.console.arguments import Commands, command, family
from advocate_app.console.desk import Desk
from advocate_app.console.ending import Exit, Usage
from advocate_app.console.fields_given import fields, wanted_of
from advocate_app.console.lookup import find_member, find_one
from advocate_app.console.printing import list_lines, record_json, record_lines, title_of, view_of
from advocate_app.console.texts import missing_words, problem_words
from advocate_app.console.values import short
from advocate_app.domain.fields import Record
from advocate_app.domain.filing import missing_to_file
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.queries.standing import find_record, list_records, not_understood, state_of, values_of

ABOUT: Final[Mapping[str, str]] = {
    "client": "Clients: who is served.",
    "safe_contact": "How a client may be reached without danger, and how not.",
    "case": "Cases: one client's time with the agency.",
    "contact": "Contacts: calls, texts, visits.",
    "service": "Services: help that was given, as funders count it.",
    "task": "Tasks and appointments.",
    "note": "Notes.",
}


def add(commands: Commands) -> None:
    """Declare a family for each record type."""
    for name, about in ABOUT.items():
        record = by_name[name]
        spoken = name.replace("_", "-")
        part = family(commands, spoken, about)
        fields(command(part, "add", f"Make a new {spoken}.", run=_add), record, new=True)
        listing = command(part, "list", f"List every {spoken} in this vault, the latest changed first.", run=_list)
        listing.add_argument("--struck", action="store_true", help="also those that were struck")
        listing.add_argument("--limit", type=int, default=-1, metavar="N", help="at most so many")
        if name != "client":
            listing.add_argument("--client", metavar="CLIENT", help="of this client only")
        _record(command(part, "show", f"Show a {spoken}.", run=_show))
        editing = command(part, "edit", f"Change a {spoken}.", run=_edit)
        _record(editing)
        fields(editing, record, new=False)
        _standing(part, record)
        for parser in part.choices.values():
            parser.set_defaults(record=record)
    _clients(commands)
    _cases(commands)
    _tasks(commands)


def _standing(part: Commands, record: Record) -> None:
    spoken = record.name.replace("_", "-")
    filing = command(part, "file", f"Declare a {spoken} finished; from then on it is amended.", run=_file)
    _record(filing)
    fields(filing, record, new=False)
    amending = command(part, "amend", f"Change a filed {spoken}, with a reason.", run=_amend)
    _record(amending)
    fields(amending, record, new=False)
    _reason(amending)
    for name, about in (("strike", "Say that a {} should not have been made."), ("restore", "Take back a strike.")):
        parser = command(part, name, about.format(spoken), run=_strike if name == "strike" else _restore)
        _record(parser)
        _reason(parser)


def _clients(commands: Commands) -> None:
    part = _part(commands, "client")
    part.choices["add"].add_argument("--anyway", action="store_true", help="also if somebody like them is here already")
    for name, about, run in (
        ("assign", "Let a member read a client's file and narrative.", assign),
        ("unassign", "Let a member read it no longer, from here on.", unassign),
    ):
        assigning(command(part, name, about, run=run))


def assigning(parser: argparse.ArgumentParser) -> None:
    """The arguments of an assignment."""
    parser.add_argument("client", metavar="CLIENT", help="code or id")
    parser.add_argument("member", metavar="MEMBER", help="name or id")


def _cases(commands: Commands) -> None:
    part = _part(commands, "case")
    closing = command(part, "close", "Close a case.", run=_close_case)
    _record(closing)
    closing.add_argument("--on", type=_day, metavar="DATE", help="the day; today if left out")
    _reason(closing, about="why: a code of closure_reason (advocate fields case)")
    fields(closing, by_name["case"], new=False)
    _record(command(part, "reopen", "Open a closed case again.", run=_reopen_case))
    for name in ("close", "reopen"):
        part.choices[name].set_defaults(record=by_name["case"])


def _tasks(commands: Commands) -> None:
    part = _part(commands, "task")
    for name, status in (("done", "done"), ("cancel", "cancelled"), ("no-show", "no_show")):
        parser = command(part, name, f"End a task as {status.replace('_', ' ')}.", run=_end_task)
        _record(parser)
        parser.add_argument("--result", metavar="TEXT", help="what came of it")
        parser.set_defaults(status=status, record=by_name["task"])


def _part(commands: Commands, name: str) -> Commands:
    """The subcommands of a family that was declared before."""
    actions = commands.choices[name]._subparsers._group_actions
    return actions[0]


def _record(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("which", metavar="ID", help="id, four or more digits of its beginning or end, or client code")


def _reason(parser: argparse.ArgumentParser, *, about: str = "why") -> None:
    parser.add_argument("--reason", metavar="TEXT", default="", help=about)


def _add(desk: Desk) -> int:
    record: Record = desk.asked.record
    made = b""
    wanted: dict[str, Any] = {}

    def begin(tx: Writer, by: Acting) -> Changes | Refusal:
        nonlocal made
        wanted.update(wanted_of(desk, tx, by=by))
        made = by.new_id()
        if record.name == "safe_contact":
            client = wanted.pop("client", None)
            if client is None:
                raise Usage("Name the client with --client.")
            made = safe_contacts.safe_contact_id(client)
            return safe_contacts.put(tx, client=client, wanted=wanted, by=by)
        file = bool(getattr(desk.asked, "file", False))
        match record.name:
            case "client":
                return _add_client(desk, tx, client=made, wanted=wanted, by=by)
            case "case":
                client = wanted.pop("client", None)
                if client is None:
                    raise Usage("Name the client with --client.")
                return cases.open_case(tx, case=made, client=client, wanted=wanted, by=by)
            case "contact":
                return contacts.log(tx, contact=made, wanted=wanted, by=by, file=file)
            case "service":
                return services.log(tx, service=made, wanted=wanted, by=by, file=file)
            case "note":
                return notes.write(tx, note=made, wanted=wanted, by=by, file=file)
            case _:
                return tasks.add(tx, task=made, wanted=wanted, by=by)

    desk.do(begin)
    return _told(desk, record, made, wanted=wanted)


def _add_client(desk: Desk, tx: Writer, *, client: bytes, wanted: dict[str, Any], by: Acting) -> Changes | Refusal:
    alike = [] if desk.asked.anyway else clients.possible_duplicates(tx, wanted=wanted)
    if alike:
        which = ", ".join(short(one.client) for one in alike)
        return Refusal("client.add.alike", {"count": len(alike), "clients": which})
    return clients.add(tx, client=client, wanted=wanted, by=by)


def _list(desk: Desk) -> int:
    record: Record = desk.asked.record
    with desk.reading() as db:
        client = getattr(desk.asked, "client", None)
        whose = None if client is None else find_one(db, by_name["client"], client).record_id
        found = list_records(db, kind=record.number, client=whose, struck=desk.asked.struck, limit=desk.asked.limit)
        rows = [(standing, *view_of(db, standing)) for standing in found]
    listed = [record_json(*row) for row in rows]
    desk.answer({"records": listed}, *(list_lines(rows) or [f"No {record.name.replace('_', ' ')} here."]))
    return Exit.DONE


def _show(desk: Desk) -> int:
    record: Record = desk.asked.record
    with desk.reading() as db:
        standing = find_one(db, record, desk.asked.which)
        by = desk.acting(db)
        _, seen = view_of(db, standing)
        lines = record_lines(standing, record, seen, names=desk.names(db))
        reply: dict[str, Any] = {"record": record_json(standing, record, seen)}
        missing = missing_to_file(record, state_of(db, standing), today=by.today())
        reply["missing"] = [one.field for one in missing]
        reply["newer"] = sum(count for which, _, count in not_understood(db) if which == standing.record_id)
        if reply["newer"]:
            lines.append(f"  {reply['newer']} changes to it need a newer version of this program; they are kept.")
        if record.name == "client":
            _tell_client(desk, db, client=standing.record_id, by=by, reply=reply, lines=lines)
        if missing and standing.status == 0:
            needed = ", ".join(f"{one.field} ({missing_words(one.code)})" for one in missing)
            lines.append(f"  to be filed it still needs: {needed}")
    desk.answer(reply, *lines)
    return Exit.DONE


def _tell_client(desk: Desk, db: Reader, *, client: bytes, by: Acting, reply: dict[str, Any], lines: list[str]) -> None:
    """How a client may be reached, above all else; and who reads the file."""
    readers = assignment.readers_of_client(db, client=client, by=by)
    names = desk.names(db) | {circle.id: f"everyone in {name}" for name, circle in by.groups.items()}
    safe = find_record(db, record_id=safe_contacts.safe_contact_id(client), kind=safe_contacts.SAFE_CONTACT.number)
    reply["safe_contact"] = None if safe is None else record_json(safe, *view_of(db, safe))
    reply["readers"] = sorted(id_text(one) for one in readers)
    if safe is not None:
        lines[1:1] = [f"  {line}" for line in record_lines(safe, *view_of(db, safe), names=names)[1:]]
    lines.append(f"  read by: {', '.join(sorted(names.get(one, short(one)) for one in readers))}")


def _edit(desk: Desk) -> int:
    return _change(
        desk,
        lambda tx, by, which, wanted: records.save(tx, record=desk.asked.record, record_id=which, wanted=wanted, by=by),
    )


def _file(desk: Desk) -> int:
    return _change(
        desk,
        lambda tx, by, which, wanted: records.file(tx, record=desk.asked.record, record_id=which, wanted=wanted, by=by),
    )


def _amend(desk: Desk) -> int:
    return _change(
        desk,
        lambda tx, by, which, wanted: records.amend(
            tx, record=desk.asked.record, record_id=which, wanted=wanted, reason=desk.asked.reason, by=by
        ),
    )


def _strike(desk: Desk) -> int:
    return _change(
        desk,
        lambda tx, by, which, _: records.strike(
            tx, record=desk.asked.record, record_id=which, reason=desk.asked.reason, by=by
        ),
    )


def _restore(desk: Desk) -> int:
    return _change(
        desk,
        lambda tx, by, which, _: records.restore(
            tx, record=desk.asked.record, record_id=which, reason=desk.asked.reason, by=by
        ),
    )


def _close_case(desk: Desk) -> int:
    return _change(
        desk,
        lambda tx, by, which, wanted: cases.close_case(
            tx, case=which, on=desk.asked.on or by.today(), reason=desk.asked.reason or None, by=by, wanted=wanted
        ),
    )


def _reopen_case(desk: Desk) -> int:
    return _change(desk, lambda tx, by, which, _: cases.reopen_case(tx, case=which, by=by))


def _end_task(desk: Desk) -> int:
    return _change(
        desk,
        lambda tx, by, which, _: tasks.end(tx, task=which, status=desk.asked.status, by=by, result=desk.asked.result),
    )


Change = Callable[[Writer, Acting, bytes, dict[str, Any]], Changes | Refusal]


def _change(desk: Desk, change: Change) -> int:
    """Give a command about one record, and show what became of it."""
    record: Record = desk.asked.record
    which = b""
    wanted: dict[str, Any] = {}

    def run(tx: Writer, by: Acting) -> Changes | Refusal:
        nonlocal which
        standing = find_one(tx, record, desk.asked.which)
        which = standing.record_id
        if hasattr(desk.asked, "pairs"):
            wanted.update(wanted_of(desk, tx, by=by, now=values_of(tx, standing)))
        return change(tx, by, which, wanted)

    desk.do(run)
    return _told(desk, record, which, wanted=wanted)


def _told(desk: Desk, record: Record, which: bytes, *, wanted: Mapping[str, Any]) -> int:
    """The record as it stands now, with what is odd about the values that were given."""
    with desk.reading() as db:
        standing = find_record(db, record_id=which, kind=record.number)
        assert standing is not None
        _, seen = view_of(db, standing)
        today = desk.acting(db).today()
        state = state_of(db, standing)
    odd = records.remarks(record, wanted, today=today)
    missing = [one.field for one in missing_to_file(record, state, today=today)]
    remarks = [{"field": one.field, "code": one.code, "facts": dict(one.facts)} for one in odd]
    lines = [f"Saved on this laptop: {short(which)}  {title_of(record, seen.values)}"]
    lines += [f"  {one.field}: {problem_words(one.code, one.facts)}" for one in odd]
    desk.answer({"record": record_json(standing, record, seen), "remarks": remarks, "missing": missing}, *lines)
    return Exit.DONE


def assign(desk: Desk) -> int:
    """`advocate assign` and `advocate client assign`."""
    return _readers(desk, assignment.assign, said="reads this file from the next sync on")


def unassign(desk: Desk) -> int:
    """`advocate client unassign`."""
    return _readers(desk, assignment.unassign, said="reads no longer what is written from here on")


def _readers(desk: Desk, change: Callable[..., Changes | Refusal], *, said: str) -> int:
    client = member = b""
    name = ""

    def run(tx: Writer, by: Acting) -> Changes | Refusal:
        nonlocal client, member, name
        names = desk.names(tx)
        client = find_one(tx, by_name["client"], desk.asked.client).record_id
        member = find_member(names, desk.asked.member, me=by.member)
        name = names[member]
        return change(tx, client=client, member=member, by=by)

    desk.do(run)
    desk.answer({"client": id_text(client), "member": id_text(member)}, f"{name} {said}.")
    return Exit.DONE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write the day as 2026-11-24") from None
