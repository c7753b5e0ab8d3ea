"""Damaged bytes in every parser: a well-formed message or `WireBroken`, and numbers that fit what keeps them."""

import random
from collections.abc import Callable
from typing import Any, Final

import msgspec
import pytest

from advocate_app.sync.letters import InvitationFile, read_invitation_file
from advocate_app.wire import api, columns, delta, envelope, invitation, keybox
from advocate_app.wire import roster as r
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.events import SealedEvent
from advocate_app.wire.padding import pad, unpad

MUTATIONS: Final = 1_000
ID, HASH, SIGNATURE = bytes(range(16)), bytes(range(32)), bytes(range(64))
SEEN = delta.Seen(life=1, index=3, head=HASH)
PARCEL = delta.Parcel(key_id=ID, count=2, sealed=b"sealed")
DELTA = delta.Delta(roster_head=HASH, seen=SEEN, first_no=1, devices=[ID], parcels=[PARCEL])
KEYS = delta.Keys(roster_head=HASH, seen=SEEN, compartment=ID, key_id=ID, boxes=[b"box"], links=[(ID, b"link")])
ENTRY = r.Entry(
    agency=ID,
    index=4,
    previous=HASH,
    at=1_700_000_000_000,
    body=r.MemberRemove(member=ID, cutoffs=[(ID, 12)]),
)
BOX = keybox.BoxHeader(
    kind=keybox.OWN,
    scope_kind="C",
    scope=ID,
    key_id=ID,
    generation=0,
    recipient=ID,
    recipient_generation=1,
    sender=ID,
)
DEVICE = r.DeviceKeys(signing=HASH, kem=b"kem")
WELCOME = invitation.Welcome(
    agency=ID,
    fingerprint=HASH,
    roster_size=4,
    roster_head=HASH,
    places=[invitation.StreamPlace(stream=ID, life=1, index=3, head=HASH)],
    role="advocate",
    inviter=ID,
    inviter_device=ID,
    inviter_keys=DEVICE,
    member=ID,
    expires_at=1,
)
APPLICATION = invitation.Application(
    name="x", device=DEVICE, member_public=b"public", member_key_id=ID, signature=SIGNATURE
)
SIGNED = api.SignedEntry(entry=b"entry", signatures=[(ID, SIGNATURE)])
ITEM = api.LogItem(index=1, received_at=2, roster_size=3, envelope=b"envelope")
RESULT = api.PushResult(status="stored", life=1, index=2, leaf=HASH, head=HASH, received_at=3, roster_size=4)
HEAD = api.DeviceHead(device=ID, seq=1, leaf=HASH, header=b"header", sealed_hash=HASH, signature=SIGNATURE)
MESSAGES: Final[list[msgspec.Struct]] = [
    api.Meta(program="x", version="1", api=1, suites=[1], time=5),
    api.Challenge(agency=ID, device=ID),
    api.Nonce(nonce=HASH, time=1),
    api.Proof(agency=ID, device=ID, nonce=HASH, host="h", signature=SIGNATURE),
    api.Session(token="t", expires_in=900, time=1),
    api.Found(agency=ID, secret=ID, genesis=SIGNED, boxes=[b"b"]),
    api.RosterAppend(size=1, head=HASH, entries=[SIGNED], boxes=[]),
    api.RosterPlace(size=1, head=HASH),
    api.RosterPage(size=1, head=HASH, entries=[SIGNED]),
    api.LogPage(life=1, size=1, head=HASH, items=[ITEM], receipt=SIGNATURE),
    api.Push(envelopes=[b"e"]),
    api.PushResults(results=[RESULT]),
    api.Heads(life=1, size=2, head=HASH, devices=[HEAD]),
    api.Boxes(boxes=[api.StoredBox(number=1, box=b"b")], more=False),
    api.BoxesPost(boxes=[b"b"]),
    api.Letter(sealed=b"s", expires_at=4),
    api.LetterPost(sealed=b"s", lifetime=5),
    api.Done(time=1),
]


def _message(kind: type[Any]) -> Callable[[bytes], Any]:
    return lambda data: api.decode(data, kind)


PARSERS: Final[dict[str, tuple[bytes, Callable[[bytes], Any]]]] = {
    "envelope": (
        envelope.Header(
            kind=1,
            stream=ID,
            device=ID,
            seq=2,
            previous=HASH,
            roster_size=1,
            sealed_size=100,
            key_id=ID,
        ).pack()
        + bytes(164),
        envelope.parse_envelope,
    ),
    "delta": (delta.encode_content(DELTA), delta.decode_delta),
    "keys": (delta.encode_content(KEYS), delta.decode_keys),
    "roster entry": (r.encode_entry(ENTRY), r.decode_entry),
    "key box": (BOX.pack() + bytes(200), keybox.parse_box_header),
    "welcome": (invitation.encode_letter(WELCOME), invitation.decode_welcome),
    "application": (invitation.encode_letter(APPLICATION), invitation.decode_application),
    "answer": (
        invitation.encode_letter(invitation.Answer(approved=True, roster_size=3, reason="")),
        invitation.decode_answer,
    ),
    "founding token": (
        invitation.FoundingToken(agency=ID, secret=ID, log_public=HASH).text().encode(),
        lambda data: invitation.read_founding_token(data.decode("latin-1")),
    ),
    "invitation file": (
        InvitationFile(server="https://example.org", fingerprint=HASH, secret=ID).text().encode(),
        lambda data: read_invitation_file(data.decode("latin-1")),
    ),
    "padding": (pad(b"content"), unpad),
    "columns": (columns.encode([SealedEvent(7, ID, 1, {2: "text"}, {}, 1_700_000_000_000, -420)]), columns.decode),
    **{type(one).__name__: (api.encode(one), _message(type(one))) for one in MESSAGES},
}


def _damaged(good: bytes, chance: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(chance.choice([1, 1, 2, 5])):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(data):
                data[at] = chance.choice([0, 0x7F, 0x80, 0xC0, 0xC1, 0xCF, 0xD9, 0xDC, 0xDF, 0xFF])
            case 2:
                del data[at : at + chance.choice([1, 2, 8, len(data)])]
            case 3:
                data[at:at] = chance.randbytes(chance.choice([1, 4, 9]))
            case _:
                start = chance.randrange(len(good))
                data[at:at] = good[start : start + chance.choice([1, 16, 64])]
    return bytes(data)


@pytest.mark.parametrize("which", PARSERS)
def test_damaged_bytes_are_a_message_or_broken_and_nothing_else(which: str) -> None:
    good, parse = PARSERS[which]
    parse(good)
    chance = random.Random(which)  # repeatable
    broken = 0
    for _ in range(MUTATIONS):
        try:
            parse(_damaged(good, chance))
        except WireBroken:
            broken += 1
    assert broken


@pytest.mark.parametrize("which", PARSERS)
def test_a_message_cut_anywhere_or_followed_by_more_is_broken(which: str) -> None:
    good, parse = PARSERS[which]
    fits_inside = which == "key box"  # its header alone is parsed
    for length in range(0 if not fits_inside else keybox.HEADER_SIZE, len(good) if not fits_inside else 180):
        with pytest.raises(WireBroken):
            parse(good[:length])
    if not fits_inside:
        with pytest.raises(WireBroken):
            parse(good + b"\0")


@pytest.mark.parametrize("number", [-1, 2**63, 2**64 - 1])
@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_numbers_that_nothing_can_keep_are_broken(message: msgspec.Struct, number: int) -> None:
    for name in ("index", "received_at", "roster_size", "life", "size", "seq", "number", "time", "expires_at"):
        if isinstance(getattr(message, name, None), int):
            with pytest.raises(WireBroken):
                api.decode(api.encode(msgspec.structs.replace(message, **{name: number})), type(message))


@pytest.mark.parametrize("number", [-1, 2**63, 2**64 - 1])
def test_log_places_and_receipts_with_impossible_numbers_are_broken(number: int) -> None:
    for name in ("index", "received_at", "roster_size"):
        page = api.LogPage(
            life=1,
            size=1,
            head=HASH,
            items=[msgspec.structs.replace(ITEM, **{name: number})],
            receipt=SIGNATURE,
        )
        with pytest.raises(WireBroken):
            api.decode(api.encode(page), api.LogPage)
        results = api.PushResults(results=[msgspec.structs.replace(RESULT, **{name: number})])
        with pytest.raises(WireBroken):
            api.decode(api.encode(results), api.PushResults)


@pytest.mark.parametrize(
    "wrong",
    [
        msgspec.structs.replace(DELTA, first_no=0),
        msgspec.structs.replace(DELTA, first_no=2**63),
        msgspec.structs.replace(DELTA, first_no=2**48 + 1),
        msgspec.structs.replace(DELTA, devices=[ID, ID[:15]]),
        msgspec.structs.replace(DELTA, roster_head=HASH[:31]),
        msgspec.structs.replace(DELTA, seen=msgspec.structs.replace(SEEN, head=b"")),
        msgspec.structs.replace(DELTA, seen=msgspec.structs.replace(SEEN, index=-1)),
        msgspec.structs.replace(DELTA, seen=msgspec.structs.replace(SEEN, life=2**32)),
        msgspec.structs.replace(DELTA, parcels=[msgspec.structs.replace(PARCEL, count=0)]),
        msgspec.structs.replace(DELTA, parcels=[msgspec.structs.replace(PARCEL, count=65_537)]),
        msgspec.structs.replace(DELTA, parcels=[msgspec.structs.replace(PARCEL, count=2**63)]),
        msgspec.structs.replace(DELTA, parcels=[msgspec.structs.replace(PARCEL, key_id=b"")]),
    ],
)
def test_a_delta_whose_numbers_or_ids_cannot_be_is_broken(wrong: delta.Delta) -> None:
    with pytest.raises(WireBroken):
        delta.decode_delta(delta.encode_content(wrong))


@pytest.mark.parametrize("name", ["compartment", "key_id", "roster_head"])
@pytest.mark.parametrize("size", [0, 15, 17, 31, 33])
def test_keys_with_ids_of_a_wrong_length_are_broken(name: str, size: int) -> None:
    with pytest.raises(WireBroken):
        delta.decode_keys(delta.encode_content(msgspec.structs.replace(KEYS, **{name: bytes(size)})))


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_a_box_of_another_kind_suite_scope_or_flag_is_broken(at: int) -> None:
    box = bytearray(BOX.pack() + bytes(200))
    box[at] = 9
    with pytest.raises(WireBroken):
        keybox.parse_box_header(bytes(box))


@pytest.mark.parametrize("size", [0, 75, 76, 140, 187, 4097, 10_000])
def test_a_box_of_an_impossible_length_is_broken(size: int) -> None:
    with pytest.raises(WireBroken):
        keybox.parse_box_header((BOX.pack() + bytes(10_000))[:size])


def test_a_roster_entry_beyond_its_limit_is_broken_before_it_is_read() -> None:
    large = msgspec.structs.replace(ENTRY, body=r.MemberRemove(member=ID, cutoffs=[(ID, 1)] * 5_000))
    with pytest.raises(WireBroken, match="too large"):
        r.decode_entry(r.encode_entry(large))


def test_a_roster_entry_of_a_newer_kind_is_told_as_such() -> None:
    raw = msgspec.msgpack.encode([ID, 4, HASH, 1, ["partner_add", ID]])
    with pytest.raises(WireBroken, match="newer version"):
        r.decode_entry(raw)


def test_unknown_fields_in_a_message_are_broken_for_decoding_is_strict() -> None:
    for one in MESSAGES:
        more = {**msgspec.structs.asdict(one), "later": 1}
        with pytest.raises(WireBroken):
            api.decode(msgspec.msgpack.encode(more), type(one))
