"""Events come back from a parcel as they went in, and nothing else ever comes out of one."""

import random
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from advocate_app.base.clock import FixedClock
from advocate_app.base.errors import Bug
from advocate_app.base.ids import SeededIds
from advocate_app.wire import column_kinds
from advocate_app.wire.column_kinds import Columns, Shape
from advocate_app.wire.columns import decode, encode
from advocate_app.wire.compression import MOST, RATIO, compress, expand
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.events import MAX_EVENTS, SealedEvent

ids = st.binary(min_size=16, max_size=16)
whole = st.integers(min_value=-(1 << 63), max_value=(1 << 63) - 1)
text = st.text(max_size=20)
flat = (
    st.none() | st.booleans() | whole | text | st.sampled_from(["yes", "no", "unknown"]) | st.binary(max_size=20) | ids
)
values = st.recursive(
    flat, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3), max_leaves=6
)
number = st.integers(min_value=0, max_value=300)
no = st.integers(min_value=1, max_value=1 << 40)
few_ids = st.sampled_from([bytes([n]) * 16 for n in range(4)])
event = st.builds(
    SealedEvent,
    record_type=st.integers(min_value=1, max_value=4),
    record_id=ids | few_ids,
    verb=st.integers(min_value=1, max_value=3),
    fields=st.dictionaries(st.integers(min_value=1, max_value=5), values, max_size=4),
    over=st.dictionaries(number, st.lists(st.tuples(st.integers(0, 9), no), max_size=3), max_size=3),
    recorded_at=st.integers(min_value=0, max_value=(1 << 48) - 1),
    zone=st.integers(min_value=-1440, max_value=1440) | st.just(-420),
    reason=st.none() | text,
    txn=st.none() | ids | few_ids,
)


def alike(count: int, *, seed: int = 1) -> list[SealedEvent]:
    """Events as a plain day brings them: new records and edits, texts that repeat, some free text."""
    source, clock = random.Random(seed), FixedClock(1_764_000_000_000)
    made = SeededIds(clock, seed=seed)
    client = made.next()
    events = []
    for place in range(count):
        clock.advance(source.randint(1, 90_000))
        fields: dict[int, Any] = {
            1: client,
            2: source.choice(["shelter", "transport", "food"]),
            3: source.choice([15, 30, 60]),
            4: clock.now() - source.randint(0, 100_000),
            5: " ".join(source.choice(["met", "called", "advised", "client", "again"]) for _ in range(8)),
            6: source.choice([True, None]),
            7: ["en", "es"],
        }
        over = {2: [(0, place)]} if place % 3 == 1 else {}
        record = client if over else made.next()
        events.append(SealedEvent(5 if not over else 1, record, 1, fields, over, clock.now(), -420))
    return events


@given(st.lists(event, min_size=1, max_size=12))
def test_events_come_back_in_their_order_and_kind(events: list[SealedEvent]) -> None:
    back = decode(encode(events))
    assert back == events
    assert repr(back) == repr(events)


@pytest.mark.parametrize("count", [1, 2, 30, 256, 3000])
def test_days_of_any_size_come_back(count: int) -> None:
    events = alike(count)
    assert decode(encode(events)) == events


def test_columns_are_smaller_than_lines_of_json() -> None:
    events = alike(256)
    lines = b"\n".join(msgspec.json.encode(each) for each in events)
    assert len(encode(events)) < 0.8 * len(zstandard.ZstdCompressor(level=3).compress(lines))


def test_a_dictionary_makes_a_small_day_smaller() -> None:
    packed = encode(alike(3))
    assert packed[0] == 1
    assert len(packed) < len(zstandard.ZstdCompressor(level=19).compress(expand(packed)))


def test_true_and_one_stay_what_they_are() -> None:
    events = [SealedEvent(1, bytes(16), 1, {1: value}, {}, 0, 0) for value in (True, 1, False, 0, None, 1, True, 0)]
    assert [type(each.fields[1]) for each in decode(encode(events))] == [type(each.fields[1]) for each in events]


def test_what_would_expand_too_far_is_not_compressed() -> None:
    events = [SealedEvent(1, bytes(16), 1, {1: 0}, {}, 0, 0)] * 20_000
    packed = encode(events)
    assert packed[0] == 0
    assert decode(packed) == events


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": {1: 1.5}},
        {"fields": {1: [{"a": object()}]}},
        {"record_id": bytes(15)},
        {"txn": bytes(17)},
        {"zone": 1441},
        {"recorded_at": -1},
        {"recorded_at": 1 << 48},
    ],
    ids=lambda wrong: str(next(iter(wrong))),
)
def test_what_no_parcel_may_hold_is_not_written(wrong: dict[str, Any]) -> None:
    with pytest.raises(Bug):
        encode([msgspec.structs.replace(alike(1)[0], **wrong)])


def test_no_events_and_too_many_are_not_written() -> None:
    with pytest.raises(Bug):
        encode([])
    with pytest.raises(Bug):
        encode(alike(1) * (MAX_EVENTS + 1))


def choosing(*, fields: int) -> list[SealedEvent]:
    """As many events as a parcel may hold, that repeat one long text in each of some fields."""
    texts = dict.fromkeys(range(fields), "x" * column_kinds.CHOICE_SIZE)
    return [SealedEvent(1, bytes(16), 1, dict(texts), {}, 0, 0)] * MAX_EVENTS


def test_texts_that_repeat_come_back_however_many_they_are() -> None:
    events = choosing(fields=7)
    assert decode(encode(events)) == events


def test_a_few_bytes_do_not_become_many_texts() -> None:
    rows = [0] * MAX_EVENTS
    column = column_kinds.Chosen(["x" * column_kinds.CHOICE_SIZE], rows)
    for fields, refused in ((6, False), (7, True)):
        packed = packed_columns(
            tails=bytes(10),
            lead_times=[0],
            shapes=[Shape(1, 1, list(range(fields)), [])],
            order=rows,
            times=rows,
            records=[0] + [1] * (MAX_EVENTS - 1),
            over_counts=[],
            over_devices=[],
            over_numbers=[],
            columns=[column] * fields,
        )
        if not refused:
            assert len(decode(packed)) == MAX_EVENTS
            continue
        with pytest.raises(WireBroken, match="too far"):
            decode(packed)


# --- bad bytes


def packed_columns(**changes: Any) -> bytes:
    """Two events of one field each, with some parts exchanged."""
    right: dict[str, Any] = {
        "tails": bytes(20),
        "lead_times": [0, 0],
        "shapes": [Shape(1, 1, [1], [2])],
        "order": [0, 0],
        "times": [5, 1],
        "zones": 0,
        "records": [0, 0],
        "txns": None,
        "reasons": None,
        "over_counts": [1, 1],
        "over_devices": [0, 0],
        "over_numbers": [1, 1],
        "columns": [column_kinds.Plain(["a", "b"])],
    }
    return b"\0" + msgspec.msgpack.encode(Columns(**(right | changes)))


def test_the_columns_that_the_bad_ones_are_made_of_are_good() -> None:
    assert [each.fields for each in decode(packed_columns())] == [{1: "a"}, {1: "b"}]


BAD: dict[str, dict[str, Any]] = {
    "no events": {"order": [], "times": [], "records": []},
    "a shape that is not there": {"order": [0, 1]},
    "a shape before the first": {"order": [0, -1]},
    "a shape that nothing uses": {"shapes": [Shape(1, 1, [1], [2]), Shape(1, 2, [1], [])]},
    "a field twice": {"shapes": [Shape(1, 1, [1, 1], [2])], "columns": [column_kinds.Plain(["a", "b", "c", "d"])]},
    "a register twice": {"shapes": [Shape(1, 1, [1], [2, 2])], "over_counts": [1, 1, 0, 0]},
    "a negative type": {"shapes": [Shape(-1, 1, [1], [2])]},
    "a huge field number": {"shapes": [Shape(1, 1, [1 << 40], [2])]},
    "too few times": {"times": [5]},
    "a time before 1970": {"times": [5, -6]},
    "a time after 48 bits": {"times": [5, 1 << 48]},
    "too few zones": {"zones": [0]},
    "a zone of more than a day": {"zones": 1441},
    "too few records": {"records": [0]},
    "a record before the first": {"records": [1, 0]},
    "a record that is none": {"records": [0, -1]},
    "more ids than are named": {"records": [0, 1]},
    "fewer ids than are named": {"tails": bytes(10), "lead_times": [0]},
    "ids cut short": {"tails": bytes(19)},
    "an id before 1970": {"lead_times": [-6, 0]},
    "an id after 48 bits": {"lead_times": [1 << 48, 0]},
    "too few txns": {"txns": [-1]},
    "a txn below none": {"txns": [-2, -1]},
    "too few reasons": {"reasons": [None]},
    "too few counts in over": {"over_counts": [2]},
    "a negative count in over": {"over_counts": [3, -1]},
    "too few names in over": {"over_counts": [1, 2]},
    "too many names in over": {"over_devices": [0, 0, 0], "over_numbers": [1, 1, 1]},
    "a device before the first": {"over_devices": [0, -1]},
    "a number in over below one": {"over_numbers": [1, -1]},
    "a column too many": {"columns": [column_kinds.Plain(["a", "b"])] * 2},
    "no column": {"columns": []},
    "a column too short": {"columns": [column_kinds.Plain(["a"])]},
    "a column too long": {"columns": [column_kinds.Plain(["a", "b", "c"])]},
    "a float": {"columns": [column_kinds.Plain(["a", 1.5])]},
    "an extension": {"columns": [column_kinds.Plain(["a", msgspec.msgpack.Ext(5, b"x")])]},
    "a map with odd keys": {"columns": [column_kinds.Plain(["a", {True: 1}])]},
    "a pick outside its table": {"columns": [column_kinds.Chosen(["a"], [0, 1])]},
    "a pick before its table": {"columns": [column_kinds.Chosen(["a"], [0, -1])]},
    "a choice too long": {"columns": [column_kinds.Chosen(["a" * 65], [0, 0])]},
    "an id in a field that was not named": {"columns": [column_kinds.Named([1, 3])]},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD.keys())
def test_columns_that_do_not_fit_together_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(WireBroken):
        decode(packed_columns(**changes))


def test_nests_without_end_are_refused() -> None:
    for depth in (18, 20_000):
        nested = packed_columns().replace(b"\xa1a", b"\x91" * depth + b"\xa1a")
        with pytest.raises(WireBroken):
            decode(nested)


@dataclass(frozen=True)
class Bomb:
    """Bytes that would expand beyond what they may."""

    name: str
    packed: bytes


def frame(content: bytes, **options: Any) -> bytes:
    return b"\1" + zstandard.ZstdCompressor(level=3, **options).compress(content)


BOMBS = [
    Bomb("too far for its size", frame(bytes(1_000_000))),
    Bomb("beyond every limit", frame(bytes(MOST + 1))),
    Bomb("beyond every limit, if not for its size", frame(random.Random(1).randbytes(300_000) + bytes(MOST))),
    Bomb("of a size it does not say", frame(b"abc" * 9, write_content_size=False)),
    Bomb("with something behind it", frame(b"abc" * 9) + b"\0"),
    Bomb("twice", frame(b"abc" * 9) + frame(b"abc" * 9)[1:]),
    Bomb("skippable", b"\1\x50\x2a\x4d\x18\4\0\0\0abcd"),
    Bomb("empty", b""),
    Bomb("without a frame", b"\1"),
    Bomb("of a newer dictionary", b"\2" + frame(b"abc")[1:]),
    Bomb("cut", frame(b"abc" * 99)[:-3]),
]


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.name)
def test_frames_that_are_not_as_we_make_them_are_refused(bomb: Bomb) -> None:
    with pytest.raises(WireBroken):
        expand(bomb.packed)


def test_the_size_a_frame_claims_is_checked_before_memory_is_taken() -> None:
    claims = bytearray(frame(bytes(300)))
    assert claims[5] & 0xC0 == 0x40
    claims[6:8] = b"\xff\xff"
    with pytest.raises(WireBroken, match="too far"):
        expand(bytes(claims))


@given(st.binary(min_size=1, max_size=4000), st.integers(0, 4000))
def test_what_is_compressed_comes_back_within_the_bounds(content: bytes, noise: int) -> None:
    packed = compress(content, noise=min(noise, len(content)))
    assert expand(packed) == content
    assert len(content) <= RATIO * len(packed)


@pytest.mark.parametrize("raw", [True, False], ids=["raw columns", "sealed columns"])
def test_a_thousand_damaged_parcels_are_refused_or_hold_only_events(raw: bool) -> None:
    source = random.Random(20_261_124)
    whole_parcel = encode(alike(40))
    if raw:
        whole_parcel = b"\0" + expand(whole_parcel)
    refused = 0
    for _ in range(1000):
        damaged = bytearray(whole_parcel)
        for _ in range(source.choice([1, 1, 2, 8])):
            place = source.randrange(len(damaged))
            match source.randrange(4):
                case 0:
                    damaged[place] = source.randrange(256)
                case 1:
                    del damaged[place : place + source.randint(1, 9)]
                case 2:
                    damaged[place:place] = source.randbytes(source.randint(1, 9))
                case _:
                    damaged[place] ^= 1 << source.randrange(8)
        try:
            back = decode(bytes(damaged))
        except WireBroken:
            refused += 1
        else:
            assert decode(encode(back)) == back
    assert refused > 300
