"""B4 and B5: bytes on the wire, every overhead and all padding counted, beside zstd over lines of JSON."""

from collections.abc import Callable, Sequence
from statistics import mean
from typing import Final

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.crypto.symmetric import sealed_size
from advocate_app.sample.corpus import stream
from advocate_app.sample.writing import SampleEvent
from advocate_app.wire import columns, envelope
from advocate_app.wire.delta import Delta, Parcel, Seen, encode_content
from advocate_app.wire.padding import padded_size
from bench.events import sealed_event, zstd_lines
from bench.measure import Figure, Setting, Target

_EVENTS: Final = 24_000
_BATCH: Final = 256
_DAYS: Final = 60

Batch = Sequence[SampleEvent]
Grouping = Callable[[Batch], list[Batch]]


def measure(setting: Setting) -> list[Figure]:
    """Sizes depend on the seed alone, so a round is another seed."""
    seeds = [setting.seed + number for number in range(setting.rounds)]
    whole = [stream(setting.size(_EVENTS) if not setting.quick else 4000, seed=seed) for seed in seeds]
    return [
        _figure(
            "B4",
            what="256 events of all advocates in one delta, one compartment, padded",
            rounds=[_batches(events) for events in whole],
            grouping=lambda batch: [batch],
            target=Target(at_most=0.95),
        ),
        _figure(
            "B4.files",
            what="the same 256 events, each in the compartment of its client: some 75 parcels in one delta",
            rounds=[_batches(events) for events in whole],
            grouping=_by_compartment,
            target=None,
        ),
        _figure(
            "B5.10",
            what="a day of 10 events on one client, in the client's own compartments; key boxes apart",
            rounds=[_days(events, clients=1, each=10) for events in whole],
            grouping=_by_compartment,
            target=Target(at_most=1.0),
        ),
        _figure(
            "B5.30",
            what="a day of 30 events over 6 clients, each in the client's own compartments; key boxes apart",
            rounds=[_days(events, clients=6, each=5) for events in whole],
            grouping=_by_compartment,
            target=Target(at_most=1.4),
        ),
    ]


def _figure(name: str, *, what: str, rounds: list[list[Batch]], grouping: Grouping, target: Target | None) -> Figure:
    return Figure(
        id=name,
        what=what,
        unit="B/event",
        product=[mean(envelope_size(grouping(batch)) / len(batch) for batch in batches) for batches in rounds],
        beside_what="zstd-3 of the same events as NDJSON: compact, ids as UUID text; neither sealed, signed nor padded",
        beside=[mean(zstd_lines(batch) / len(batch) for batch in batches) for batches in rounds],
        target=target,
    )


def envelope_size(parcels: list[Batch]) -> int:
    """Bytes of the envelope that holds these parcels in one delta: header, seals, padding, signature."""
    ids = SeededIds(FixedClock(0), seed=1)
    content = Delta(
        roster_head=ids.secret(32),
        seen=Seen(life=1, index=1000, head=ids.secret(32)),
        first_no=5000,
        devices=[ids.secret(16)],
        parcels=[
            Parcel(
                key_id=ids.secret(16),
                count=len(events),
                sealed=ids.secret(sealed_size(len(columns.encode([sealed_event(event) for event in events])))),
            )
            for events in parcels
        ],
    )
    padded = padded_size(len(encode_content(content)))
    return envelope.HEADER_SIZE + sealed_size(padded) + envelope.SIGNATURE_SIZE


def _batches(events: Batch) -> list[Batch]:
    starts = range(0, len(events) - _BATCH, max(_BATCH, len(events) // _DAYS))
    return [events[start : start + _BATCH] for start in starts]


def _days(events: Batch, *, clients: int, each: int) -> list[Batch]:
    """Days on which so many events were recorded about each of so many clients, some way into their stay."""
    files: dict[bytes, list[SampleEvent]] = {}
    for event in events:
        if event.client is not None:
            files.setdefault(event.client, []).append(event)
    slices = [file[12 : 12 + each] for file in files.values() if len(file) >= 12 + each]
    starts = range(0, len(slices) - clients + 1, clients)
    days = [[event for one in slices[start : start + clients] for event in one] for start in starts]
    return [*days[:_DAYS]]


def _by_compartment(events: Batch) -> list[Batch]:
    found: dict[object, list[SampleEvent]] = {}
    for event in events:
        found.setdefault(event.compartment, []).append(event)
    return [*found.values()]
