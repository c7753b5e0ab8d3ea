"""Invented events in the forms that are compared: as they are sealed, and as lines of JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import zstandard

from advocate_app.base.ids import id_text
from advocate_app.sample.writing import SampleEvent
from advocate_app.wire.events import SealedEvent


def sealed_event(event: SampleEvent) -> SealedEvent:
    """The event as a parcel holds it, numbered as if one device had written them all."""
    return SealedEvent(
        record_type=event.record.number,
        record_id=event.record_id,
        verb=event.verb,
        fields=dict(event.fields),
        over={register: [(0, number) for number in numbers] for register, numbers in event.over.items()},
        recorded_at=event.recorded_at,
        zone=event.zone,
        reason=event.reason,
        txn=event.txn,
    )


def json_line(event: SampleEvent) -> str:
    """The event as compact JSON, as a plain sync of today would send it: names of fields, ids as UUID text."""
    by_number = event.record.by_number
    line: dict[str, Any] = {
        "type": event.record.name,
        "id": id_text(event.record_id),
        "verb": event.verb,
        "fields": {by_number[number].name: _plain(value) for number, value in event.fields.items()},
        "at": event.recorded_at,
        "zone": event.zone,
        "author": event.author,
    }
    if event.over:
        line["over"] = {str(register): list(numbers) for register, numbers in event.over.items()}
    if event.reason is not None:
        line["reason"] = event.reason
    if event.txn is not None:
        line["txn"] = id_text(event.txn)
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def zstd_lines(events: Sequence[SampleEvent]) -> int:
    """Bytes of these events as lines of JSON in one frame of zstd at level 3."""
    return len(zstandard.ZstdCompressor(level=3).compress("\n".join(map(json_line, events)).encode()))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return id_text(value) if len(value) == 16 else value.hex()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value
