"""Writes `resources/sample/field_day.json`: a dozen clients out of the invented corpus, without ids.

python -m scripts.make_field_day
"""

import json
import sys
from typing import Any, Final

from advocate_app.base.paths import resource
from advocate_app.domain.fields import Kind
from advocate_app.sample.corpus import Corpus
from advocate_app.sample.writing import SampleEvent

SEED: Final = 81
CLIENTS: Final = 12
WATERMARK: Final = (
    "SAMPLE. Every person, call, place of work and event in this file is invented by a program from word lists. "
    "Likeness to anyone who lives or has lived is chance."
)
_MOST: Final = {"contact": 2, "service": 4, "task": 2, "note": 3}
_GIVEN_BY_THE_PROGRAM: Final = frozenset({"code", "number"})


def main() -> None:
    """Invent, choose and write."""
    corpus = Corpus(seed=SEED, clients=CLIENTS, members=3)
    found: dict[bytes, dict[str, Any]] = {}
    seen: set[bytes] = set()
    for event in corpus.events():
        if event.client is None or event.record_id in seen:
            continue
        seen.add(event.record_id)
        entry = found.setdefault(event.client, {})
        kind = event.record.name
        if kind in ("client", "safe_contact", "case"):
            entry[kind] = _fields(event)
        elif kind in _MOST and len(entry.setdefault(f"{kind}s", [])) < _MOST[kind]:
            entry[f"{kind}s"].append(_fields(event))
    clients = []
    for at, entry in enumerate(found.values(), start=1):
        entry["client"]["tags"] = sorted({"SAMPLE", *entry["client"].get("tags", ())})
        clients.append({"handle": f"c{at:02}", **{name: entry.get(name, []) for name in _ORDER}})
    path = resource("sample", "field_day.json")
    text = json.dumps({"watermark": WATERMARK, "clients": clients}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(clients)} clients, {sum(len(one['notes']) for one in clients)} notes\n")


_ORDER: Final = ("client", "safe_contact", "case", "contacts", "services", "tasks", "notes")


def _fields(event: SampleEvent) -> dict[str, Any]:
    by_number = event.record.by_number
    return {
        one.name: value
        for one, value in ((by_number[number], value) for number, value in event.fields.items())
        if one.kind not in (Kind.ID, Kind.IDS) and one.name not in _GIVEN_BY_THE_PROGRAM
    }


if __name__ == "__main__":
    main()
