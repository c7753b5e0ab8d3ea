"""`advocate search`, `history`, `fields`: finding records, what became of one, and what can be said of each type."""

from typing import Any, Final

from advocate_app.base.ids import id_text
from advocate_app.console.arguments import Commands, command
from advocate_app.console.desk import Desk
from advocate_app.console.ending import Exit, Usage
from advocate_app.console.lookup import find_any
from advocate_app.console.printing import list_lines, record_json, time_words, view_of, worded
from advocate_app.console.texts import status_words, verb_words
from advocate_app.console.values import plain, short
from advocate_app.domain.codes import code_list
from advocate_app.domain.fields import Field, Record
from advocate_app.domain.history import history
from advocate_app.domain.records import RECORDS, by_name
from advocate_app.store.queries.standing import events_in, find_record
from advocate_app.store.search import index_pending, search

_AT_ONCE: Final = 500


def add(commands: Commands) -> None:
    """Declare these commands."""
    searching = command(commands, "search", "Find records by names, aliases, numbers and words of notes.", run=_search)
    searching.add_argument(
        "text", nargs="+", metavar="WORD", help="words or their beginnings, in any spelling of marks"
    )
    searching.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many (20)")
    telling = command(commands, "history", "Tell who changed what in a record.", run=_history)
    telling.add_argument("which", metavar="RECORD", help="id, digits of its beginning or end, or client code")
    listing = command(commands, "fields", "List a record type's fields and their codes.", run=_fields)
    listing.add_argument("type", nargs="?", metavar="TYPE", help="record type; without it, the types are listed")
    listing.add_argument("field", nargs="?", metavar="FIELD", help="only this field, with every code")


def _search(desk: Desk) -> int:
    vault = desk.vault
    while True:
        with vault.write() as tx:
            if not index_pending(tx, _AT_ONCE):
                break
    with desk.reading() as db:
        hits = search(db, " ".join(desk.asked.text), limit=desk.asked.limit)
        found = [find_record(db, record_id=hit.record_id, kind=hit.type) for hit in hits]
        rows = [(one, *view_of(db, one)) for one in found if one is not None]
    lines = [f"{record.name:<13} {line}" for (_, record, _), line in zip(rows, list_lines(rows), strict=True)] or [
        "Nothing found."
    ]
    desk.answer({"records": [record_json(*row) for row in rows]}, *lines)
    return Exit.DONE


def _history(desk: Desk) -> int:
    with desk.reading() as db:
        standing, record = find_any(db, desk.asked.which)
        events = events_in(db, standing.row)
        names = desk.names(db)
    steps = history(record, events)
    told: list[dict[str, Any]] = []
    lines: list[str] = []
    for step in steps:
        event = step.event
        told.append(
            {
                "verb": verb_words(event.verb),
                "member": id_text(event.author) if len(event.author) == 16 else None,
                "name": names.get(event.author),
                "recorded_at": event.recorded_at,
                "zone": event.zone,
                "synced": event.position[0] == 0,
                "taken": step.taken,
                "status": status_words(step.status),
                "reason": event.reason,
                "changes": [
                    {"field": change.name, "before": plain(change.before), "after": plain(change.after)}
                    for change in step.changes
                ],
            }
        )
        when = time_words(event.recorded_at, zone=event.zone)
        who = names.get(event.author, "somebody")
        mark = "" if event.position[0] == 0 else "  (not yet synced)"
        lines.append(f"{when}  {who} {verb_words(event.verb)}{f': {event.reason}' if event.reason else ''}{mark}")
        if not step.taken:
            lines.append("    came too late for a filed record; it is kept and does not count")
        for change in step.changes:
            one = record.by_name[change.name]
            before, after = (
                "(empty)" if value is None else worded(one, value, names=names)
                for value in (change.before, change.after)
            )
            lines.append(f"    {change.name}: {before} -> {after}" if change.before else f"    {change.name}: {after}")
    reply = {"id": id_text(standing.record_id), "type": record.name, "steps": told}
    desk.answer(reply, f"{record.name} {short(standing.record_id)}", *lines)
    return Exit.DONE


def _fields(desk: Desk) -> int:
    people = [record for record in RECORDS if not record.machinery]
    if desk.asked.type is None:
        names = [record.name for record in people]
        desk.answer({"types": names}, *names)
        return Exit.DONE
    record = by_name.get(desk.asked.type.replace("-", "_"))
    if record is None or record.machinery:
        raise Usage(f"No such type. The types: {', '.join(one.name for one in people)}.")
    chosen = [one for one in record.fields if desk.asked.field in (None, one.name)]
    if not chosen:
        raise Usage(f"{record.name} has no such field.")
    lines = [_line(one, whole=desk.asked.field is not None) for one in chosen]
    desk.answer({"type": record.name, "fields": [_field_json(record, one) for one in chosen]}, *lines)
    return Exit.DONE


def _field_json(record: Record, one: Field) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind.value,
        "required": one.required,
        "merge": record.register_of(one).merge.value,
        "codes": {code.code: code.labels["en"] for code in code_list(one.choices).codes.values()}
        if one.choices
        else {},
    }


def _line(one: Field, *, whole: bool) -> str:
    told = f"{one.name:<24} {one.kind.value}{', to file' if one.required else ''}"
    if one.why:
        told += f"  ({one.why})"
    if one.choices:
        codes = list(code_list(one.choices).codes.values())
        if whole:
            return told + "".join(f"\n    {code.code:<28} {code.labels['en']}" for code in codes)
        some = ", ".join(code.code for code in codes[:12])
        told += f"\n    {some}{' ...' if len(codes) > 12 else ''}"
    return told
