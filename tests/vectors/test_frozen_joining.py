"""What was written once is read for ever: rosters, what is handed over at joining, envelopes to their events."""

from typing import Any

import pytest

from advocate_app.base.errors import Fault
from advocate_app.crypto.derive import hkdf, key_id
from advocate_app.crypto.signing import ENVELOPE, INVITE, verify
from advocate_app.crypto.symmetric import open_sealed
from advocate_app.domain.compartments import CompartmentKind, compartment_id
from advocate_app.sync.enrolment import _words
from advocate_app.sync.following import verify_entry
from advocate_app.sync.keyring import recovery_recipient
from advocate_app.sync.letters import InvitationFile, mailbox_of, open_letter, read_invitation_file
from advocate_app.wire import columns, delta, envelope
from advocate_app.wire.invitation import (
    FoundingToken,
    decode_answer,
    decode_application,
    decode_welcome,
    encode_letter,
    read_founding_token,
)
from advocate_app.wire.padding import unpad
from advocate_app.wire.roster import (
    DeviceKeys,
    StreamCreate,
    agency_stream_id,
    decode_entry,
    encode_entry,
    entry_hash,
    group_id,
)
from advocate_app.wire.roster_reading import read_entry
from advocate_app.wire.roster_rules import follow
from advocate_app.wire.roster_state import RosterState
from tests.vectors.sample import EVENTS, SCOPE, read, summary

Vector = dict[str, Any]
ROSTER: Vector = read("roster")["vectors"][0]
JOINING = read("joining")["vectors"]


def roster_after(size: int) -> RosterState | None:
    state: RosterState | None = None
    for signed in ROSTER["entries"][:size]:
        state = follow_one(state, entry=signed["entry"], signatures=signed["signatures"])
    return state


def follow_one(state: RosterState | None, *, entry: bytes, signatures: list[list[bytes]]) -> RosterState:
    pairs = [(device, signature) for device, signature in signatures]
    return read_entry(state=state, data=entry, signatures=pairs, verify=verify_entry)


def joining(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", [vector for vector in JOINING if vector["of"] == kind])


@pytest.mark.parametrize("signed", ROSTER["entries"], ids=lambda signed: signed["kind"])
def test_a_frozen_entry_is_read_and_would_be_written_the_same(signed: Vector) -> None:
    entry = decode_entry(signed["entry"])
    assert encode_entry(entry) == signed["entry"]
    assert entry_hash(signed["entry"]) == signed["hash"]


def test_the_frozen_roster_says_what_it_said() -> None:
    state = roster_after(len(ROSTER["entries"]))
    assert state is not None
    assert read_again(summary(state)) == {name: ROSTER[name] for name in summary(state)}


def read_again(value: object) -> object:
    """As JSON gives it back: lists for tuples."""
    if isinstance(value, dict):
        return {name: read_again(part) for name, part in value.items()}
    return [read_again(part) for part in value] if isinstance(value, (list, tuple)) else value


def test_the_frozen_roster_has_every_kind_of_entry() -> None:
    kinds = {decode_entry(signed["entry"]).body.__class__ for signed in ROSTER["entries"][1:]}
    assert kinds == set(follow.__globals__["_RULES"])


def test_names_on_the_frozen_roster_open_under_the_agency_group() -> None:
    state = roster_after(len(ROSTER["entries"]))
    assert state is not None
    key = hkdf(ROSTER["agency_seed"], info=b"ADV1/names")
    named = [
        open_sealed(key, context=b"ADV1/name\0" + one.id, sealed=one.name.sealed) for one in state.members.values()
    ]
    assert [name.decode() for name in named] == ROSTER["names"]
    stream = next(body for body in map(body_of, ROSTER["entries"]) if isinstance(body, StreamCreate))
    assert open_sealed(key, context=b"ADV1/name\0" + stream.stream, sealed=stream.name.sealed) == b"North"


def body_of(signed: Vector) -> object:
    return decode_entry(signed["entry"]).body


@pytest.mark.parametrize("vector", read("roster")["refused"], ids=lambda vector: vector["why"])
def test_what_may_not_follow_on_the_frozen_roster_is_refused(vector: Vector) -> None:
    state = roster_after(vector["after"])
    with pytest.raises(Fault) as told:
        follow_one(state, entry=vector["entry"], signatures=vector["signatures"])
    assert type(told.value).__name__ == vector["raises"]


@joining("token")
def test_the_frozen_founding_token_is_read(vector: Vector) -> None:
    token = FoundingToken(agency=vector["agency"], secret=vector["secret"], log_public=vector["log_public"])
    assert token.text() == vector["text"]
    assert read_founding_token(f"  {vector['text'].upper()}\n") == token


@joining("file")
def test_the_frozen_invitation_file_is_read(vector: Vector) -> None:
    parts = {name: vector[name] for name in ("server", "fingerprint", "secret")}
    assert read_invitation_file(vector["text"]) == InvitationFile(**parts)
    assert InvitationFile(**parts).text() == vector["text"]


@joining("letter")
def test_frozen_letters_open_and_would_be_written_the_same(vector: Vector) -> None:
    content = open_letter(secret=vector["secret"], step=vector["step"], sealed=vector["sealed"])
    assert content == vector["content"]
    reading = {1: decode_welcome, 2: decode_application, 3: decode_answer}[vector["step"]]
    assert encode_letter(reading(content)) == content


@joining("signed application")
def test_the_newcomers_signature_stands_over_mailbox_and_application(vector: Vector) -> None:
    application = decode_application(next(one["content"] for one in JOINING if one.get("step") == 2))
    assert application.signature == vector["signature"]
    verify(application.device.signing, domain=INVITE, message=vector["message"], signature=vector["signature"])
    assert vector["message"].startswith(mailbox_of(JOINING[0]["secret"]))


@joining("check words")
def test_check_words_come_out_as_frozen(vector: Vector) -> None:
    words = _words(
        secret=vector["secret"],
        fingerprint=vector["fingerprint"],
        inviter=DeviceKeys(*vector["inviter"]),
        application=decode_application(vector["application"]),
    )
    assert " ".join(words) == vector["words"]


@joining("id")
def test_ids_that_both_sides_derive_come_out_as_frozen(vector: Vector) -> None:
    given = vector["from"]
    found = {
        "mailbox": lambda: mailbox_of(given),
        "stream": lambda: agency_stream_id(given),
        "supervision": lambda: group_id(agency=given, name="supervision"),
        "recovery": lambda: recovery_recipient(given).id,
        "file": lambda: compartment_id(SCOPE, kind=CompartmentKind.FILE, owner=given),
        "register": lambda: compartment_id(SCOPE, kind=CompartmentKind.REGISTER, owner=given.decode()),
    }[vector["what"]]()
    assert found == vector["out"]


@pytest.mark.parametrize("vector", read("joining")["refused"], ids=lambda vector: f"{vector['of']}: {vector['why']}")
def test_what_is_handed_over_damaged_is_refused(vector: Vector) -> None:
    reading = {
        "token": lambda: read_founding_token(vector["text"]),
        "file": lambda: read_invitation_file(vector["text"]),
        "letter": lambda: open_letter(secret=vector["secret"], step=vector["step"], sealed=vector["sealed"]),
    }[vector["of"]]
    with pytest.raises(Fault) as told:
        reading()
    assert type(told.value).__name__ == vector["raises"]


def test_frozen_envelopes_open_down_to_their_events() -> None:
    vector = read("envelopes")["vectors"][0]
    keys, work = (opened(one, vector=vector) for one in vector["envelopes"])
    told, said = delta.decode_keys(keys), delta.decode_delta(work)
    assert (delta.encode_content(told), delta.encode_content(said)) == (keys, work)
    assert told.compartment == vector["compartment"]
    parcel = said.parcels[0]
    assert parcel.key_id == told.key_id == key_id(vector["compartment_key"], scope=told.compartment)
    header = envelope.parse_envelope(vector["envelopes"][1]["envelope"]).header
    context = delta.parcel_context(
        stream=header.stream,
        device=header.device,
        seq=header.seq,
        compartment=told.compartment,
        key_id=parcel.key_id,
    )
    assert context == vector["parcel_context"]
    assert columns.decode(open_sealed(vector["compartment_key"], context=context, sealed=parcel.sealed)) == EVENTS
    assert parcel.count == len(EVENTS)


def opened(frozen: Vector, *, vector: Vector) -> bytes:
    parsed = envelope.parse_envelope(frozen["envelope"])
    assert (parsed.header.kind, parsed.leaf) == (frozen["kind"], frozen["leaf"])
    verify(vector["sender_public"], domain=ENVELOPE, message=parsed.signed, signature=parsed.signature)
    bound = delta.keys_context if parsed.header.kind == envelope.KEYS else delta.delta_context
    assert bound(parsed.header_bytes) == frozen["context"]
    content = unpad(open_sealed(vector["stream_key"], context=frozen["context"], sealed=parsed.sealed))
    assert content == frozen["content"]
    return content


@pytest.mark.parametrize("vector", read("envelopes")["refused"], ids=lambda vector: vector["why"])
def test_frozen_bad_contents_are_refused(vector: Vector) -> None:
    reading = delta.decode_delta if vector["kind"] == envelope.DELTA else delta.decode_keys
    with pytest.raises(Fault) as told:
        reading(vector["content"])
    assert type(told.value).__name__ == "WireBroken"
