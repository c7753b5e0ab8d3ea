"""Seals, boxes, links and signatures open for the right hand only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_app.base.errors import Bug
from advocate_app.crypto.derive import hkdf, key_id, sha256
from advocate_app.crypto.errors import KeyMismatch, PublicKeyBroken, SealBroken
from advocate_app.crypto.kem import KemKey, check_public, seal_to
from advocate_app.crypto.link import make_link, open_link
from advocate_app.crypto.symmetric import open_sealed, seal, sealed_size

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))
SCOPE = b"s" * 16
KEM = KemKey.from_seed(KEY)


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_is_sealed_comes_back_whole(plain: bytes, context: bytes) -> None:
    sealed = seal(KEY, context=context, plain=plain)
    assert open_sealed(KEY, context=context, sealed=sealed) == plain


@pytest.mark.parametrize("size", [0, 1, 16_383, 16_384, 16_385, 32_768, 40_000])
def test_a_seal_has_the_size_that_is_foretold(size: int) -> None:
    assert len(seal(KEY, context=b"c", plain=bytes(size))) == sealed_size(size)


@pytest.mark.parametrize("cut", [0, 1, 16, 71, 16_384, 20_000])
def test_a_cut_seal_does_not_open(cut: int) -> None:
    sealed = seal(KEY, context=b"c", plain=bytes(40_000))
    with pytest.raises(SealBroken):
        open_sealed(KEY, context=b"c", sealed=sealed[: len(sealed) - cut - 1])


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=7))
def test_any_flipped_bit_breaks_a_seal(place: int, bit: int) -> None:
    sealed = bytearray(seal(KEY, context=b"c", plain=b"plain"))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(SealBroken):
        open_sealed(KEY, context=b"c", sealed=bytes(sealed))


def test_another_key_or_another_context_does_not_open() -> None:
    sealed = seal(KEY, context=b"c", plain=b"plain")
    with pytest.raises(SealBroken):
        open_sealed(OTHER, context=b"c", sealed=sealed)
    with pytest.raises(SealBroken):
        open_sealed(KEY, context=b"d", sealed=sealed)


def test_a_chunk_appended_to_a_seal_breaks_it() -> None:
    sealed = seal(KEY, context=b"c", plain=bytes(16_384))
    with pytest.raises(SealBroken):
        open_sealed(KEY, context=b"c", sealed=sealed + sealed[-16:])


def test_a_key_is_sealed_to_a_public_key_in_1168_bytes() -> None:
    sealed = seal_to(KEM.public, info=b"i", plain=OTHER)
    assert (len(KEM.public), len(sealed)) == (1216, 1168)
    assert KEM.open(sealed, info=b"i") == OTHER


@pytest.mark.parametrize("wrong", ["info", "key", "cut", "flip", "empty"])
def test_a_sealed_key_opens_for_its_recipient_and_info_only(wrong: str) -> None:
    sealed = seal_to(KEM.public, info=b"i", plain=OTHER)
    kem = KemKey.from_seed(OTHER) if wrong == "key" else KEM
    spoiled = {"cut": sealed[:-1], "flip": sealed[:-1] + bytes([sealed[-1] ^ 1]), "empty": b""}.get(wrong, sealed)
    with pytest.raises(SealBroken):
        kem.open(spoiled, info=b"j" if wrong == "info" else b"i")


@pytest.mark.parametrize(
    "public",
    [b"", KEM.public[:-1], KEM.public + b"\0", KEM.public[:1184] + bytes(32), b"\xff" * 1216],
    ids=["empty", "short", "long", "low order", "out of range"],
)
def test_an_unusable_public_key_is_refused(public: bytes) -> None:
    with pytest.raises(PublicKeyBroken):
        check_public(public)


def test_a_link_gives_the_older_key_to_the_newer() -> None:
    link = make_link(newer=KEY, older=OTHER, scope=SCOPE)
    assert len(link) == 104
    assert open_link(link, newer=KEY, older_id=key_id(OTHER, scope=SCOPE), scope=SCOPE) == OTHER


@pytest.mark.parametrize("wrong", ["newer", "older_id", "scope"])
def test_a_link_is_bound_to_both_keys_and_their_scope(wrong: str) -> None:
    link = make_link(newer=KEY, older=OTHER, scope=SCOPE)
    right = {"newer": KEY, "older_id": key_id(OTHER, scope=SCOPE), "scope": SCOPE}
    spoiled = right | {wrong: bytes(len(right[wrong]))}
    with pytest.raises(SealBroken):
        open_link(link, **spoiled)


def test_a_link_that_holds_another_key_than_it_names_is_refused() -> None:
    named = key_id(OTHER, scope=SCOPE)
    context = b"ADV1/link\0" + SCOPE + key_id(KEY, scope=SCOPE) + named
    with pytest.raises(KeyMismatch):
        open_link(seal(KEY, context=context, plain=bytes(32)), newer=KEY, older_id=named, scope=SCOPE)


def test_a_key_has_another_name_in_another_scope() -> None:
    assert key_id(KEY, scope=SCOPE) == hkdf(KEY, info=b"ADV1/key-id" + SCOPE)[:16]
    assert key_id(KEY, scope=SCOPE) != key_id(KEY, scope=b"t" * 16)


def test_private_keys_do_not_show_themselves() -> None:
    assert repr(KEM) == "KemKey()"
    assert sha256(b"a", b"b") == sha256(b"ab")
    assert issubclass(Bug, Exception)
