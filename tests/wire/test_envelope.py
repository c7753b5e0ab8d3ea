"""Envelopes byte for byte: every field says where it stands, and every wrong length is told."""

import hashlib
import struct
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_app.wire import envelope as e
from advocate_app.wire.errors import WireBroken

HEADER = e.Header(
    kind=e.DELTA,
    stream=bytes(range(16)),
    device=bytes(range(16, 32)),
    seq=7,
    previous=bytes(range(32)),
    roster_size=9,
    sealed_size=600,
    key_id=bytes(range(32, 48)),
)
WHOLE = HEADER.pack() + bytes(600) + bytes(range(64))

headers = st.builds(
    e.Header,
    kind=st.integers(0, 255),
    stream=st.binary(min_size=16, max_size=16),
    device=st.binary(min_size=16, max_size=16),
    seq=st.integers(2, 2**64 - 1),
    previous=st.binary(min_size=32, max_size=32).filter(lambda leaf: leaf != e.NO_LEAF),
    roster_size=st.integers(0, 2**32 - 1),
    sealed_size=st.integers(0, 2**32 - 1),
    key_id=st.binary(min_size=16, max_size=16),
)


@given(headers)
def test_a_header_comes_back_as_it_was_packed(header: e.Header) -> None:
    packed = header.pack()
    assert len(packed) == e.HEADER_SIZE == 104
    assert e.parse_header(packed) == header
    assert e.parse_header(packed + b"more") == header


def test_the_fields_stand_where_the_specification_says() -> None:
    packed = HEADER.pack()
    assert packed[:8] == b"ADV1" + bytes([1, 1, 0, 0])
    assert (packed[8:24], packed[24:40]) == (HEADER.stream, HEADER.device)
    assert struct.unpack(">Q", packed[40:48]) == (7,)
    assert packed[48:80] == HEADER.previous
    assert struct.unpack(">II", packed[80:88]) == (9, 600)
    assert packed[88:] == HEADER.key_id


def test_the_leaf_names_header_body_and_signature() -> None:
    whole = e.parse_envelope(WHOLE)
    expected = hashlib.sha256(WHOLE[:104] + hashlib.sha256(WHOLE[104:-64]).digest() + WHOLE[-64:]).digest()
    assert whole.leaf == expected == e.leaf_of(signed=whole.signed, signature=whole.signature)
    assert whole.bytes() == WHOLE
    for at in (0, 20, 103, 104, 500, len(WHOLE) - 1):
        changed = bytearray(WHOLE)
        changed[at] ^= 1
        try:
            assert e.parse_envelope(bytes(changed)).leaf != expected
        except WireBroken:
            assert at == 0


@pytest.mark.parametrize("at", range(8))
def test_another_magic_suite_or_flag_is_refused_and_another_kind_is_not(at: int) -> None:
    changed = bytearray(WHOLE)
    changed[at] ^= 4
    if at == 5:
        assert e.parse_envelope(bytes(changed)).header.kind == e.DELTA ^ 4
    else:
        with pytest.raises(WireBroken):
            e.parse_envelope(bytes(changed))


@pytest.mark.parametrize("length", [0, 1, 103, 104, 167, len(WHOLE) - 1, len(WHOLE) + 1, len(WHOLE) + 64])
def test_every_wrong_length_is_told(length: int) -> None:
    with pytest.raises(WireBroken):
        e.parse_envelope((WHOLE + bytes(64))[:length])


@pytest.mark.parametrize("claimed", [0, 599, 601, 2**31, 2**32 - 1])
def test_a_false_sealed_length_is_told(claimed: int) -> None:
    with pytest.raises(WireBroken):
        e.parse_envelope(replace(HEADER, sealed_size=claimed).pack() + WHOLE[104:])


def test_an_envelope_beyond_the_largest_is_not_even_parsed() -> None:
    size = e.MAX_ENVELOPE + 8192
    with pytest.raises(WireBroken, match="too large"):
        e.parse_envelope(replace(HEADER, sealed_size=size).pack() + bytes(size + 64))


@pytest.mark.parametrize(
    ("seq", "previous"), [(0, e.NO_LEAF), (0, bytes([1]) * 32), (1, bytes([1]) * 32), (2, e.NO_LEAF)]
)
def test_only_the_first_of_a_chain_has_no_leaf_before_it(seq: int, previous: bytes) -> None:
    with pytest.raises(WireBroken):
        e.parse_header(replace(HEADER, seq=seq, previous=previous).pack())


def test_each_field_changes_the_bytes() -> None:
    was = asdict(HEADER)
    for name, value in was.items():
        changed = value + 1 if isinstance(value, int) else bytes([value[0] ^ 1]) + value[1:]
        assert e.Header(**{**was, name: changed}).pack() != HEADER.pack()
