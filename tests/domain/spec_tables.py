"""Writes the tables of docs/spec/records.md from the declared record types: `python -m tests.domain.spec_tables`."""

from pathlib import Path
from typing import Final

from advocate_app.domain.fields import Field, Record
from advocate_app.domain.records import RECORDS
from advocate_app.domain.verbs import Verb

RECORDS_MD: Final = Path(__file__).resolve().parents[2] / "docs" / "spec" / "records.md"
BEGIN: Final = "<!-- tables begin -->\n"
END: Final = "<!-- tables end -->\n"


def tables() -> str:
    """The tables of every released type, as they should stand in the document."""
    return "\n".join(_table(record) for record in RECORDS)


def document(text: str) -> str:
    """The document with its tables made anew; ValueError if it lacks their marks."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


def verbs() -> list[str]:
    """The rows of the table of verbs, up to their meaning."""
    return [f"| {verb.value} | {verb.name} |" for verb in Verb]


def _table(record: Record) -> str:
    lines = [f"### {record.number} {record.name}", "", _facts(record), ""]
    if record.groups:
        lines += ["| group | name | merge | may differ and be judged |", "|---|---|---|---|"]
        for group in record.groups:
            lines.append(f"| {group.number} | {group.name} | {group.merge} | {', '.join(group.order)} |")
        lines.append("")
    lines += [
        "| no | field | kind | codes | merge | group | marks | safest first |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(one) for one in record.fields]
    return "\n".join(lines) + "\n"


def _facts(record: Record) -> str:
    facts = [f"Compartment: {record.compartment}"]
    facts += [f"{kind} where {name} = {value}" for (name, value), kind in record.apart.items()]
    if record.register is not None:
        facts.append(f"without client: register {record.register}{'YYYY-MM' if record.register.endswith('/') else ''}")
    if record.freezes:
        facts.append("freezes when filed")
    if record.ends:
        facts.append(f"ended by {', '.join(record.ends)}")
    if record.machinery:
        facts.append("machinery")
    return "; ".join(facts) + "."


def _row(one: Field) -> str:
    marks = [
        name
        for name, held in (
            ("to file", one.required),
            ("searched", one.searched),
            ("listed", one.listed),
            ("not exported", not one.exported),
        )
        if held
    ]
    if one.verbs is not None:
        marks.append("by " + ", ".join(sorted(verb.name for verb in one.verbs)))
    order = " < ".join("empty" if value is None else str(value).lower() for value in one.order)
    cells = [one.number, one.name, one.kind, one.choices or "", one.merge, one.group or "", ", ".join(marks), order]
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    RECORDS_MD.write_text(document(RECORDS_MD.read_text(encoding="utf-8")), encoding="utf-8")
