"""Field values out of a command's arguments: flags, `--set`, `--from`, and `--add` and `--remove` for sets."""

import argparse
import json
from collections.abc import Mapping
from typing import Any, Final

from advocate_app.commands.acting import Acting
from advocate_app.console.desk import Desk
from advocate_app.console.ending import Usage
from advocate_app.console.lookup import resolver
from advocate_app.console.values import field_of, parse, parse_pairs
from advocate_app.domain.fields import Kind, Merge, Record
from advocate_app.store.connection import Reader

FLAGS: Final[Mapping[str, tuple[str, ...]]] = {
    "client": ("first_name", "last_name", "preferred_name", "birth_date", "language", "name_kind"),
    "safe_contact": ("methods", "phone", "do_not_contact", "days_times", "leave_message", "confirmed_on"),
    "case": ("programmes", "opened_on", "risk_level", "stage", "next_step", "next_due"),
    "contact": ("direction", "channel", "started_at", "minutes", "caller_role", "identity", "reasons", "outcomes"),
    "service": ("date", "code", "mode", "minutes", "quantity", "case", "grants"),
    "task": ("title", "kind", "due", "owner", "priority"),
    "note": ("format", "occurred_at", "title", "text"),
}
"""Fields with a flag of their own; every field goes with --set."""


def fields(parser: argparse.ArgumentParser, record: Record, *, new: bool) -> None:
    """Declare the ways to give fields of a record."""
    if new and "client" in record.by_name:
        parser.add_argument("--client", metavar="CLIENT", help="whose: code or id")
    if new and record.freezes:
        parser.add_argument("--file", action="store_true", help="also file it; refused while something is missing")
    for name in FLAGS[record.name]:
        parser.add_argument(
            f"--{name.replace('_', '-')}", dest=f"field_{name}", metavar="VALUE", help=argparse.SUPPRESS
        )
    parser.add_argument(
        "--set",
        dest="pairs",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"a field's value (advocate fields {record.name}); empty empties it; "
        f"short for some: {', '.join('--' + name.replace('_', '-') for name in FLAGS[record.name])}",
    )
    parser.add_argument("--from", dest="source", metavar="FILE", help="fields from a JSON object; - is standard input")
    if not new:
        for mark, about in (("add", "add a member to a set"), ("remove", "take a member out of a set")):
            parser.add_argument(f"--{mark}", action="append", default=[], metavar="NAME=VALUE", help=about)


def wanted_of(desk: Desk, db: Reader, *, by: Acting, now: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Field values out of --from, the flags and --set, in this order; and of --add and --remove for sets."""
    record: Record = desk.asked.record
    resolve = resolver(db, names=desk.names(db), me=by.member)
    pairs = [
        f"{name}={text}"
        for name in FLAGS[record.name]
        if (text := getattr(desk.asked, f"field_{name}", None)) is not None
    ]
    client = getattr(desk.asked, "client", None)
    if client is not None:
        pairs.append(f"client={client}")
    wanted = _from_json(desk, record, db, by=by) if desk.asked.source else {}
    wanted |= parse_pairs(record, [*pairs, *desk.asked.pairs], resolve=resolve)
    for mark in ("add", "remove"):
        for name, members in parse_pairs(record, getattr(desk.asked, mark, []), resolve=resolve).items():
            if record.by_name[name].merge is not Merge.SET:
                raise Usage(f"{name} is no set; give it with --set.")
            had = wanted.get(name, (now or {}).get(name)) or []
            kept = [one for one in had if one not in members]
            wanted[name] = kept + members if mark == "add" else kept
    return wanted


def _from_json(desk: Desk, record: Record, db: Reader, *, by: Acting) -> dict[str, Any]:
    try:
        told = json.loads(desk.text_of(desk.asked.source))
    except ValueError:
        raise Usage("--from wants a JSON object of field names and values.") from None
    if not isinstance(told, dict):
        raise Usage("--from wants a JSON object of field names and values.")
    resolve = resolver(db, names=desk.names(db), me=by.member)
    wanted: dict[str, Any] = {}
    for name, value in told.items():
        one = field_of(record, name)
        if isinstance(value, bool) or value is None:
            wanted[one.name] = value
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            wanted[one.name] = parse(one, value, resolve=resolve)
        elif isinstance(value, dict):
            wanted[one.name] = value
        elif isinstance(value, str):
            # As it is: text from a file may have lines and blanks that mean something.
            typed = value if one.kind is Kind.LONG_TEXT else parse(one, [value], resolve=resolve)
            wanted[one.name] = typed
        else:
            wanted[one.name] = value
    return wanted
