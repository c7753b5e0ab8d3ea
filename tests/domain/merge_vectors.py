"""Frozen examples of merging; `python -m tests.domain.merge_vectors` writes them anew, while nothing is released."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from advocate_app.domain.events import Event
from advocate_app.domain.fields import Record
from advocate_app.domain.merge import fold, view
from advocate_app.domain.verbs import Verb
from tests.domain.making import FREEZING, SAMPLE, X, Y, event

FILE: Final = Path(__file__).resolve().parents[1] / "vectors" / "merge.json"

STORIES: Final[Mapping[str, tuple[Record, tuple[Event, ...]]]] = {
    "a write replaces what its author saw": (
        SAMPLE,
        (event(1, {"plain": "old"}), event(2, {"plain": "new"}, over={"plain": [1]})),
    ),
    "two that did not see each other": (
        SAMPLE,
        (
            event(1, {"plain": "old", "safe": "unsure", "name": "Ana"}),
            event(2, {"plain": "hers", "safe": "no", "name": "Anna"}, over={"plain": [1], "safe": [1], "name": [1]}),
            event(3, {"plain": "his", "safe": "yes", "name": "Hannah"}, over={"plain": [1], "safe": [1], "name": [1]}),
        ),
    ),
    "over names what does not stand earlier": (
        SAMPLE,
        (event(1, {"plain": "a"}, over={"plain": [1, 2, 9]}), event(2, {"plain": "b"})),
    ),
    "a group with safer marks, and one with another number": (
        SAMPLE,
        (
            event(1, {"number": "555-0100", "message": "no", "shared": "yes"}),
            event(2, {"number": "555-0100", "message": "yes", "shared": "yes"}),
        ),
    ),
    "two numbers block each other": (
        SAMPLE,
        (event(1, {"number": "555-0100", "message": "no"}), event(2, {"number": "555-0199", "message": "yes"})),
    ),
    "true is not one, and null is a value": (
        SAMPLE,
        (event(1, {"plain": True}), event(2, {"plain": 1}), event(3, {"plain": None})),
    ),
    "a set": (
        SAMPLE,
        (
            event(1, {"tags": ["a", "b"]}),
            event(2, {"tags": {"remove": ["a"]}}, over={"tags": [1]}),
            event(3, {"tags": ["a"]}),
            event(4, {"tags": {"add": ["c"], "remove": ["b"]}}, over={"tags": [1]}),
        ),
    ),
    "a reader removed and added at once": (
        SAMPLE,
        (
            event(1, {"readers": [X, Y]}),
            event(2, {"readers": {"remove": [X]}}, over={"readers": [1]}),
            event(3, {"readers": [X]}),
        ),
    ),
    "a supervisor decides that a removed reader reads": (
        SAMPLE,
        (
            event(1, {"readers": [X, Y]}),
            event(2, {"readers": {"remove": [X]}}, over={"readers": [1]}),
            event(3, {"readers": [X]}, over={"readers": [2]}, verb=Verb.READERS),
        ),
    ),
    "consent is never replaced": (
        SAMPLE,
        (
            event(1, {"terms": "address"}),
            event(2, {"terms": "all"}, over={"terms": [1]}),
            event(3, {"revoked": "2026"}),
        ),
    ),
    "a filing signs what it states": (
        FREEZING,
        (
            event(1, {"plain": "draft", "tags": ["a"]}),
            event(2, {"plain": "beside", "tags": ["b"]}, over={"plain": [1]}),
            event(3, {"plain": "signed", "tags": ["a"]}, over={"plain": [1], "tags": [1]}, verb=Verb.FILE),
            event(4, {"plain": "late"}, over={"plain": [3]}),
            event(5, {"plain": "put right"}, over={"plain": [3]}, verb=Verb.AMEND, reason="wrong day"),
        ),
    ),
    "struck, restored, struck": (
        SAMPLE,
        (
            event(1, {"plain": "a", "code": "NM-1"}),
            event(2, {"code": "NM-2"}, verb=Verb.STRIKE, reason="wrong client"),
            event(3, over={"record": [2]}, verb=Verb.RESTORE, reason="right after all"),
            event(4, verb=Verb.STRIKE, reason="no, wrong"),
        ),
    ),
}
"""What happened, told in a line, to the record type and the events in position order."""


def vectors() -> dict[str, Any]:
    """All stories with what they come to, as JSON: bytes as {"hex": ...}, maps with number keys as arrays of pairs."""
    return {
        "about": "docs/spec/merge.md: a type with a register of every class, events in position order, their sum",
        "types": [_type(record) for record in (SAMPLE, FREEZING)],
        "vectors": [_vector(title, record, events) for title, (record, events) in STORIES.items()],
    }


def _type(record: Record) -> dict[str, Any]:
    return {
        "type": record.number,
        "freezes": record.freezes,
        "ends": [record.field(name).number for name in record.ends],
        "groups": [
            {"number": group.number, "merge": group.merge, "order": [record.field(name).number for name in group.order]}
            for group in record.groups
        ],
        "fields": [
            {
                "number": one.number,
                "name": one.name,
                "merge": one.merge,
                "register": record.register_numbers[one.number],
                "order": list(one.order),
                "verbs": None if one.verbs is None else sorted(one.verbs),
            }
            for one in record.fields
        ],
    }


def _vector(title: str, record: Record, events: Iterable[Event]) -> dict[str, Any]:
    events = list(events)
    state = fold(record, events)
    seen = view(record, state)
    return {
        "title": title,
        "type": record.number,
        "events": [
            {
                "id": each.id,
                "position": list(each.position),
                "verb": each.verb,
                "fields": plain(each.fields),
                "over": plain(each.over),
                "recorded_at": each.recorded_at,
                "reason": each.reason,
            }
            for each in events
        ],
        "state": plain(dict(sorted(state.items()))),
        "shown": {name: plain(value) for name, value in sorted(seen.values.items())},
        "conflicts": [
            [conflict.register, [list(value.events) for value in conflict.values]] for conflict in seen.conflicts
        ],
        "blocked": sorted(seen.blocked),
        "exports_blocked": sorted(seen.exports_blocked),
        "status": int(seen.status),
    }


def plain(value: Any) -> Any:
    """A value as JSON can say it."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, dict):
        if all(isinstance(name, str) for name in value):
            return {name: plain(held) for name, held in value.items()}
        return [[name, plain(held)] for name, held in value.items()]
    if isinstance(value, (list, tuple)):
        return [plain(held) for held in value]
    return value


def text() -> str:
    """The file's content."""
    return json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
