"""How records are shown: as JSON of a stable shape, and as lines a person reads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from advocate_app.base.ids import id_text
from advocate_app.console.texts import status_words
from advocate_app.console.values import MEMBERS, plain, short, shown
from advocate_app.domain.codes import code_list
from advocate_app.domain.fields import Field, Kind, Record
from advocate_app.domain.merge import RecordView, view
from advocate_app.domain.records import by_number
from advocate_app.store.connection import Reader
from advocate_app.store.queries.standing import Standing, state_of


def record_json(standing: Standing, record: Record, seen: RecordView) -> dict[str, Any]:
    """A record as every command gives it: ids as UUID text, fields by name, only those that have a value."""
    return {
        "id": id_text(standing.record_id),
        "type": record.name,
        "client": None if standing.client is None else id_text(standing.client),
        "status": status_words(standing.status),
        "conflicts": [conflict.name for conflict in seen.conflicts],
        "unsynced": standing.unlogged,
        "updated_at": standing.updated_at,
        "fields": {name: plain(value) for name, value in seen.values.items() if value not in (None, [], {})},
    }


def view_of(db: Reader, standing: Standing) -> tuple[Record, RecordView]:
    """A record's type and what it shows."""
    record = by_number[standing.type]
    return record, view(record, state_of(db, standing))


def record_lines(standing: Standing, record: Record, seen: RecordView, *, names: Mapping[bytes, str]) -> list[str]:
    """A record as lines, with what stands in the way of using it."""
    marks = [status_words(standing.status)]
    if standing.unlogged:
        marks.append("not yet synced")
    lines = [f"{record.name} {id_text(standing.record_id)}  ({', '.join(marks)})"]
    conflicting = {one.name: one for conflict in seen.conflicts for one in record.registers[conflict.register].fields}
    for one in record.fields:
        value = seen.values.get(one.name)
        if value in (None, [], {}) and one.name not in conflicting:
            continue
        mark = "  << two values stand; see: advocate conflicts" if one.name in conflicting else ""
        lines.append(f"  {one.name:<22} {worded(one, value, names=names)}{mark}")
    lines += [f"  {name}: until somebody decides, the most protective value is in force." for name in seen.in_force]
    return lines


def worded(one: Field, value: Any, *, names: Mapping[bytes, str]) -> str:
    """A field's value, codes by their English labels."""
    if one.choices and value is not None:
        known = code_list(one.choices)
        codes = value if isinstance(value, list) else [value]
        return ", ".join(known.label(code, language="en") for code in codes)
    if isinstance(value, str) and "\n" in value:
        return value.replace("\n", "\n" + " " * 25)
    if isinstance(value, int) and one.kind is Kind.INSTANT:
        return time_words(value)
    return shown(one, value, names=names if one.name in MEMBERS else {})


def title_of(record: Record, values: Mapping[str, Any]) -> str:
    """One line that tells a record from its like."""
    if record.name == "client":
        given = " ".join(str(values[name]) for name in ("first_name", "last_name") if values.get(name))
        name = values.get("preferred_name") or given or ", ".join(values.get("aliases") or ()) or "(no name)"
        return f"{values.get('code', '?'):<18} {name}"
    told = [
        worded(one, values[one.name], names={})
        for one in record.fields
        if one.listed and one.kind not in (Kind.ID, Kind.IDS, Kind.BYTES, Kind.INT) and values.get(one.name)
    ]
    return " · ".join(told[:5]) or "(empty)"


def table(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows with their columns under each other."""
    held = [list(row) for row in rows]
    if not held:
        return []
    widths = [max(len(row[place]) for row in held) for place in range(len(held[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in held]


def list_lines(rows: Iterable[tuple[Standing, Record, RecordView]]) -> list[str]:
    """One line a record: the end of its id, how it stands, what it is."""
    return table(
        (short(standing.record_id), status_words(standing.status), _marks(standing), title_of(record, seen.values))
        for standing, record, seen in rows
    )


def _marks(standing: Standing) -> str:
    return ("!" if standing.conflicts else " ") + ("*" if standing.unlogged else " ")


def time_words(ms: int, *, zone: int | None = None) -> str:
    """A moment as people read it; in UTC where the zone (minutes east) is not known."""
    if zone is None or not -1440 < zone < 1440:
        return datetime.fromtimestamp(ms / 1000, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
    return datetime.fromtimestamp(ms / 1000, tz=timezone(timedelta(minutes=zone))).strftime("%Y-%m-%d %H:%M")
