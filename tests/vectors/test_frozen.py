"""What was written once is read for ever: the frozen vectors of every format of crypto and of parcels."""

from collections.abc import Callable
from typing import Any

import pytest

from advocate_app.base.errors import Fault
from advocate_app.base.private import Private
from advocate_app.crypto.derive import hkdf, key_id
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.keybox import check_box, open_box, open_own_box
from advocate_app.crypto.link import open_link
from advocate_app.crypto.recovery import RecoveryKit, combine, kit_text, open_kit
from advocate_app.crypto.signing import ENVELOPE, SignatureBroken, SigningKey, device_id, verify
from advocate_app.crypto.slots import Unlocked, open_keyfile, open_recovery
from advocate_app.crypto.symmetric import open_sealed
from advocate_app.crypto.words import check_words, secret_to_words, words_to_secret
from advocate_app.wire.columns import decode, uncompressed
from advocate_app.wire.compression import expand
from advocate_app.wire.envelope import Header, parse_envelope
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.events import SealedEvent
from advocate_app.wire.keybox import BoxHeader
from advocate_app.wire.log import Receipt, first_head, next_head
from advocate_app.wire.padding import pad, padded_size, unpad
from tests.vectors.sample import EVENTS, read

Vector = dict[str, Any]


def vectors(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", read(name)["vectors"])


def refused(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", read(name)["refused"], ids=lambda vector: vector["why"])


def check_refused(vector: Vector, *, opening: Callable[[Vector], object]) -> None:
    with pytest.raises(Fault) as told:
        opening(vector)
    assert type(told.value).__name__ == vector["raises"]


@vectors("derivations")
def test_derivations_come_out_as_frozen(vector: Vector) -> None:
    out = {
        "hkdf": lambda: hkdf(
            vector["secret"], info=vector["info"], length=len(vector["out"]), salt=vector.get("salt", b"")
        ),
        "key_id": lambda: key_id(vector["key"], scope=vector["scope"]),
        "device_id": lambda: device_id(vector["public"]),
        "kem_public": lambda: KemKey.from_seed(vector["seed"]).public,
    }[vector["of"]]()
    assert out == vector["out"]


def checked(vector: Vector) -> None:
    verify(vector["public"], domain=vector["domain"], message=vector["message"], signature=vector["signature"])


@vectors("signatures")
def test_signatures_come_out_as_frozen(vector: Vector) -> None:
    key = SigningKey(vector["seed"])
    assert key.public == vector["public"]
    assert key.sign(domain=vector["domain"], message=vector["message"]) == vector["signature"]
    checked(vector)


@refused("signatures")
def test_frozen_bad_signatures_are_refused(vector: Vector) -> None:
    with pytest.raises(SignatureBroken):
        checked(vector)


def opened(vector: Vector) -> bytes:
    sealed = vector["sealed"]
    if vector["of"] == "cobblestone":
        return open_sealed(vector["key"], context=vector["context"], sealed=sealed)
    if vector["of"] == "hpke":
        return KemKey.from_seed(vector["seed"]).open(sealed, info=vector["info"])
    return open_link(sealed, newer=vector["newer"], older_id=vector["older_id"], scope=vector["scope"])


@vectors("seals")
def test_frozen_seals_open(vector: Vector) -> None:
    assert opened(vector) == vector["plain"]


@refused("seals")
def test_frozen_bad_seals_are_refused(vector: Vector) -> None:
    check_refused(vector, opening=opened)


def unboxed(vector: Vector) -> tuple[BoxHeader, bytes]:
    header = check_box(vector["box"], sender_public=vector["sender_public"])
    if "under" in vector:
        return header, open_own_box(vector["box"], under=vector["under"])
    return header, open_box(vector["box"], kem=KemKey.from_seed(vector["seed"]))


@vectors("boxes")
def test_frozen_boxes_open(vector: Vector) -> None:
    header = BoxHeader(**vector["header"])
    assert unboxed(vector) == (header, vector["secret"])
    assert vector["box"].startswith(header.pack())


@refused("boxes")
def test_frozen_bad_boxes_are_refused(vector: Vector) -> None:
    check_refused(vector, opening=unboxed)


@vectors("padding")
def test_padding_comes_out_as_frozen(vector: Vector) -> None:
    if vector["of"] == "size":
        assert padded_size(vector["size"]) == vector["padded"]
    else:
        assert pad(vector["content"]) == vector["padded"]
        assert unpad(vector["padded"]) == vector["content"]


@refused("padding")
def test_frozen_bad_padding_is_refused(vector: Vector) -> None:
    with pytest.raises(WireBroken):
        unpad(vector["padded"])


def event(parts: list[Any]) -> SealedEvent:
    """JSON has no numbers as keys and no tuples."""
    parts = list(parts)
    parts[3] = {int(number): value for number, value in parts[3].items()}
    parts[4] = {int(number): [tuple(name) for name in names] for number, names in parts[4].items()}
    return SealedEvent(*parts)


@vectors("columns")
def test_frozen_parcels_hold_their_events(vector: Vector) -> None:
    events = [event(parts) for parts in vector["events"]]
    assert decode(vector["packed"]) == events == EVENTS
    assert expand(vector["packed"]) == uncompressed(events)


@refused("columns")
def test_frozen_bad_parcels_are_refused(vector: Vector) -> None:
    with pytest.raises(WireBroken):
        decode(vector["packed"])


@vectors("keyfile")
def test_the_frozen_keyfile_opens(vector: Vector) -> None:
    unlocked = open_keyfile(vector["keyfile"], passphrase=Private(vector["passphrase"]))
    assert unlocked == Unlocked(vault_key=vector["vault_key"], device_secret=vector["device_secret"])
    recovery = KemKey.from_seed(vector["recovery_seed"])
    assert open_recovery(vector["keyfile"], recovery=recovery) == vector["vault_key"]


@refused("keyfile")
def test_frozen_bad_keyfiles_are_refused(vector: Vector) -> None:
    check_refused(vector, opening=lambda v: open_keyfile(v["keyfile"], passphrase=Private(v["passphrase"])))


def spelt(vector: Vector) -> object:
    if vector["of"] == "secret":
        return words_to_secret(vector["words"])
    return open_kit(vector["sheet"]) if vector["of"] == "sheet" else combine(vector["shares"])


@vectors("words")
def test_words_come_out_as_frozen(vector: Vector) -> None:
    match vector["of"]:
        case "secret":
            assert secret_to_words(vector["secret"]) == vector["english"]
            assert words_to_secret(vector["english"], size=len(vector["secret"])) == vector["secret"]
        case "spanish":
            assert secret_to_words(vector["secret"], language="spanish") == vector["spanish"]
            assert words_to_secret(vector["spanish"]) == vector["secret"]
        case "check":
            assert " ".join(check_words(vector["digest"])) == vector["english"]
        case "sheet":
            kit = RecoveryKit(**{name: vector[name] for name in ("recovery_seed", "paper_seed", "fingerprint")})
            assert open_kit(vector["sheet"]) == kit
            assert kit_text(kit) == vector["sheet"]
        case _:
            assert combine(vector["shares"]) == vector["seed"]


@refused("words")
def test_frozen_bad_words_are_refused(vector: Vector) -> None:
    check_refused(vector, opening=spelt)


@vectors("log")
def test_the_frozen_envelope_and_its_place_come_out_the_same(vector: Vector) -> None:
    envelope = parse_envelope(vector["envelope"])
    assert envelope.header == Header(**vector["header"])
    assert envelope.header.pack() == vector["envelope"][:104]
    verify(vector["sender_public"], domain=ENVELOPE, message=envelope.signed, signature=envelope.signature)
    assert envelope.leaf == vector["leaf"]
    stream = envelope.header.stream
    assert first_head(agency=vector["agency"], stream=stream) == vector["before"]
    assert next_head(before=vector["before"], **vector["place"]) == vector["head"]
    receipt = Receipt(
        agency=vector["agency"], stream=stream, life=vector["life"], head=vector["head"], **vector["place"]
    )
    assert receipt.signed() == vector["receipt"]


@refused("log")
def test_frozen_bad_envelopes_are_refused(vector: Vector) -> None:
    with pytest.raises(WireBroken):
        parse_envelope(vector["envelope"])
