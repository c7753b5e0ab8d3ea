"""Padding hides lengths at little cost and comes off exactly as it went on."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_app.wire.errors import WireBroken
from advocate_app.wire.padding import BLOB_FLOOR, FLOOR, pad, padded_size, padme, unpad


@given(st.binary(max_size=3000), st.sampled_from([FLOOR, BLOB_FLOOR]))
def test_what_is_padded_comes_back(content: bytes, floor: int) -> None:
    padded = pad(content, floor=floor)
    assert len(padded) == padded_size(len(content), floor=floor) >= floor
    assert unpad(padded, floor=floor) == content


@given(st.integers(min_value=0, max_value=1 << 40))
def test_padding_never_shrinks_and_costs_at_most_twelve_percent(size: int) -> None:
    assert size <= padme(size) <= size * 1.12
    assert padme(size) <= padme(size + 1)
    assert padme(padme(size)) == padme(size)


@given(st.integers(min_value=2, max_value=1 << 40))
def test_padme_is_the_published_function(size: int) -> None:
    exponent = math.floor(math.log2(size))
    last_bits = exponent - (math.floor(math.log2(exponent)) + 1 if exponent else 0)
    unit = 2 ** max(last_bits, 0)
    assert padme(size) == -(-size // unit) * unit


@given(st.binary(max_size=600), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_padding_byte_that_is_not_zero_is_refused(content: bytes, place: int, value: int) -> None:
    padded = bytearray(pad(content))
    zeros = len(padded) - 4 - len(content)
    if zeros:
        padded[4 + len(content) + place % zeros] = value
        with pytest.raises(WireBroken, match="zeros"):
            unpad(bytes(padded))


@pytest.mark.parametrize("change", [b"\0", b"\0" * 100])
def test_padding_of_another_size_is_refused(change: bytes) -> None:
    padded = pad(b"x" * 900)
    with pytest.raises(WireBroken, match="size"):
        unpad(padded + change)
    with pytest.raises(WireBroken, match="size"):
        unpad(padded[: -len(change)])


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"\xff\xff\xff\xff" + bytes(508), bytes(511)])
def test_bytes_that_are_no_padding_are_refused(data: bytes) -> None:
    with pytest.raises(WireBroken):
        unpad(data)


def test_a_length_beyond_the_content_is_refused() -> None:
    with pytest.raises(WireBroken):
        unpad((509).to_bytes(4, "big") + bytes(508))
