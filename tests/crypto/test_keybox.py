"""A box gives its key to its recipient, and to nobody a key it does not name."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_app.base.errors import Bug
from advocate_app.crypto.derive import key_id
from advocate_app.crypto.errors import KeyMismatch, SealBroken
from advocate_app.crypto.kem import KemKey, seal_to
from advocate_app.crypto.keybox import check_box, make_box, make_own_box, open_box, open_own_box
from advocate_app.crypto.signing import KEYBOX, SignatureBroken, SigningKey, device_id
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.keybox import HPKE, OWN, BoxHeader

SIGNER = SigningKey(b"\1" * 32)
STRANGER = SigningKey(b"\2" * 32)
KEM = KemKey.from_seed(b"\3" * 32)
SEED = b"\4" * 32
SECRET = b"\5" * 32
SCOPE = b"s" * 16
HEADER = BoxHeader(
    kind=HPKE,
    scope_kind="C",
    scope=SCOPE,
    key_id=key_id(SECRET, scope=SCOPE),
    generation=0,
    recipient=b"r" * 16,
    recipient_generation=1,
    sender=device_id(SIGNER.public),
)
BOX = make_box(header=HEADER, secret=SECRET, recipient_public=KEM.public, signer=SIGNER)
OWN_BOX = make_own_box(header=replace(HEADER, kind=OWN), secret=SECRET, under=SEED, signer=SIGNER)


def test_a_box_opens_for_its_recipient_and_says_who_made_it() -> None:
    assert len(BOX) == 1308
    assert check_box(BOX, sender_public=SIGNER.public) == HEADER
    assert open_box(BOX, kem=KEM) == SECRET


def test_a_box_for_oneself_is_small() -> None:
    assert len(OWN_BOX) == 244
    assert check_box(OWN_BOX, sender_public=SIGNER.public).kind == OWN
    assert open_own_box(OWN_BOX, under=SEED) == SECRET


def test_others_cannot_open_a_box() -> None:
    with pytest.raises(SealBroken):
        open_box(BOX, kem=KemKey.from_seed(SEED))
    with pytest.raises(SealBroken):
        open_own_box(OWN_BOX, under=b"\6" * 32)


def test_a_box_of_one_kind_is_not_opened_as_the_other() -> None:
    with pytest.raises(WireBroken):
        open_own_box(BOX, under=SEED)
    with pytest.raises(WireBroken):
        open_box(OWN_BOX, kem=KEM)


@given(st.sampled_from([BOX, OWN_BOX]), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_altered_byte_breaks_the_word_of_the_sender(box: bytes, place: int, change: int) -> None:
    altered = bytearray(box)
    altered[place % len(box)] ^= change
    with pytest.raises((SignatureBroken, WireBroken)):
        check_box(bytes(altered), sender_public=SIGNER.public)


@given(st.integers(min_value=0, max_value=75), st.integers(min_value=1, max_value=255))
def test_a_seal_moved_under_another_header_does_not_open(place: int, change: int) -> None:
    altered = bytearray(BOX)
    altered[place] ^= change
    with pytest.raises((SealBroken, WireBroken)):
        open_box(bytes(altered), kem=KEM)


@pytest.mark.parametrize("size", [0, 75, 76, 140, 243, 1307])
def test_a_cut_box_is_refused(size: int) -> None:
    with pytest.raises(WireBroken):
        check_box(BOX[:size], sender_public=SIGNER.public)


def test_a_box_does_not_stand_under_another_device() -> None:
    with pytest.raises(SignatureBroken):
        check_box(BOX, sender_public=STRANGER.public)


def test_a_box_signed_by_another_device_than_it_names_is_refused() -> None:
    body = BOX[:-64]
    box = body + STRANGER.sign(domain=KEYBOX, message=body)
    with pytest.raises(SignatureBroken):
        check_box(box, sender_public=STRANGER.public)


def test_a_box_with_another_key_than_it_names_is_refused_by_its_recipient() -> None:
    front = HEADER.pack()
    body = front + seal_to(KEM.public, info=KEYBOX + front, plain=b"\7" * 32)
    box = body + SIGNER.sign(domain=KEYBOX, message=body)
    check_box(box, sender_public=SIGNER.public)
    with pytest.raises(KeyMismatch):
        open_box(box, kem=KEM)


@pytest.mark.parametrize(
    "header",
    [replace(HEADER, kind=OWN), replace(HEADER, key_id=b"k" * 16), replace(HEADER, recipient=b"r")],
    ids=["kind", "key_id", "recipient"],
)
def test_a_box_is_not_made_under_a_header_that_does_not_fit(header: BoxHeader) -> None:
    with pytest.raises(Bug):
        make_box(header=header, secret=SECRET, recipient_public=KEM.public, signer=SIGNER)


def test_a_box_is_not_made_in_another_devices_name() -> None:
    with pytest.raises(Bug):
        make_box(header=HEADER, secret=SECRET, recipient_public=KEM.public, signer=STRANGER)
