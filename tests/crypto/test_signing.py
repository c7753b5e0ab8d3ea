"""A signature stands for one key, one domain and one message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_app.crypto.signing import AUTH, ENVELOPE, SignatureBroken, SigningKey, device_id, verify

KEY = SigningKey(b"\1" * 32)


@given(st.binary(max_size=200))
def test_a_signature_stands_under_its_key_and_domain(message: bytes) -> None:
    signature = KEY.sign(domain=ENVELOPE, message=message)
    verify(KEY.public, domain=ENVELOPE, message=message, signature=signature)


@given(st.integers(min_value=0, max_value=63), st.integers(min_value=1, max_value=255))
def test_an_altered_signature_falls(place: int, change: int) -> None:
    signature = bytearray(KEY.sign(domain=ENVELOPE, message=b"m"))
    signature[place] ^= change
    with pytest.raises(SignatureBroken):
        verify(KEY.public, domain=ENVELOPE, message=b"m", signature=bytes(signature))


@pytest.mark.parametrize(
    ("public", "domain", "message", "size"),
    [
        (SigningKey(b"\2" * 32).public, ENVELOPE, b"m", 64),
        (KEY.public, AUTH, b"m", 64),
        (KEY.public, ENVELOPE, b"n", 64),
        (KEY.public, ENVELOPE, b"m", 63),
        (KEY.public[:31], ENVELOPE, b"m", 64),
        (b"\xff" * 32, ENVELOPE, b"m", 64),
    ],
    ids=["key", "domain", "message", "cut", "short key", "no point"],
)
def test_a_signature_falls_elsewhere(public: bytes, domain: bytes, message: bytes, size: int) -> None:
    signature = KEY.sign(domain=ENVELOPE, message=b"m")[:size]
    with pytest.raises(SignatureBroken):
        verify(public, domain=domain, message=message, signature=signature)


def test_a_key_that_anyone_can_sign_for_is_refused() -> None:
    neutral = b"\1" + bytes(31)
    forged = neutral + bytes(32)
    with pytest.raises(SignatureBroken, match="anyone"):
        verify(neutral, domain=ENVELOPE, message=b"any", signature=forged)


def test_a_device_is_named_by_its_key() -> None:
    assert len(device_id(KEY.public)) == 16
    assert device_id(KEY.public) != device_id(SigningKey(b"\2" * 32).public)
    assert repr(KEY) == "SigningKey()"
