"""A thousand damaged messages for each parser of crypto: refused with its own fault, or read as what they then say."""

import hashlib
import random
from collections.abc import Callable

import pytest

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.base.private import Private
from advocate_app.crypto.derive import key_id
from advocate_app.crypto.errors import (
    KeyfileDamaged,
    KeyfileNewer,
    KeyMismatch,
    KitBroken,
    SealBroken,
    ShareBroken,
    SharesMissing,
    WordsBroken,
)
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.keybox import check_box, make_own_box, open_box, open_own_box
from advocate_app.crypto.keyfile import parse_keyfile
from advocate_app.crypto.recovery import RecoveryKit, combine, kit_text, open_kit, split
from advocate_app.crypto.signing import SignatureBroken, SigningKey, device_id
from advocate_app.crypto.slots import FLOOR, create_keyfile
from advocate_app.crypto.words import secret_to_words, words_to_secret
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.keybox import OWN, BoxHeader
from advocate_app.wire.padding import pad, unpad

SIGNER = SigningKey(bytes(range(32)))
KEM = KemKey.from_seed(bytes(32))
SECRET = bytes(range(1, 33))
IDS = SeededIds(FixedClock(1_764_000_000_000), seed=5)
KEYFILE = create_keyfile(passphrase=Private("a"), vault_key=bytes(32), device_secret=bytes(64), cost=FLOOR, ids=IDS)
BOX = make_own_box(
    header=BoxHeader(
        kind=OWN,
        scope_kind="U",
        scope=bytes(16),
        key_id=key_id(SECRET, scope=bytes(16)),
        generation=1,
        recipient=bytes(16),
        recipient_generation=1,
        sender=device_id(SIGNER.public),
    ),
    secret=SECRET,
    under=bytes(32),
    signer=SIGNER,
)
SHEET = kit_text(RecoveryKit(recovery_seed=bytes(32), paper_seed=SECRET, fingerprint=SECRET)).encode()
WORDS = secret_to_words(SECRET[:16]).encode()
SHARES = "\n".join(split(SECRET, k=2, n=3)).encode()


def damaged(whole: bytes, *, source: random.Random) -> bytes:
    spoilt = bytearray(whole)
    for _ in range(source.choice([1, 1, 2, 5])):
        place = source.randrange(len(spoilt)) if spoilt else 0
        match source.randrange(4):
            case 0:
                spoilt[place : place + 1] = source.randbytes(1)
            case 1:
                del spoilt[place : place + source.randint(1, 20)]
            case 2:
                spoilt[place:place] = source.randbytes(source.randint(1, 20))
            case _:
                spoilt[place : place + 4] = source.choice([b"\0" * 4, b"\xff" * 4, b"\n", b" "])
    return bytes(spoilt)


def resummed(content: bytes) -> object:
    body = content[:-32]
    return parse_keyfile(body + hashlib.sha256(body).digest())


def text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


Parser = Callable[[bytes], object]
PARSERS: dict[str, tuple[bytes, Parser, tuple[type[Exception], ...]]] = {
    "keyfile": (KEYFILE, parse_keyfile, (KeyfileDamaged, KeyfileNewer)),
    "keyfile with its checksum set right": (KEYFILE, resummed, (KeyfileDamaged, KeyfileNewer)),
    "key box, checked": (
        BOX,
        lambda box: check_box(box, sender_public=SIGNER.public),
        (WireBroken, SignatureBroken),
    ),
    "key box, opened": (BOX, lambda box: open_own_box(box, under=bytes(32)), (WireBroken, SealBroken, KeyMismatch)),
    "key box of another kind": (BOX, lambda box: open_box(box, kem=KEM), (WireBroken, SealBroken)),
    "padding": (pad(bytes(range(200))), unpad, (WireBroken,)),
    "recovery sheet": (SHEET, lambda sheet: open_kit(text(sheet)), (KitBroken,)),
    "words": (WORDS, lambda words: words_to_secret(text(words)), (WordsBroken,)),
    "shares": (SHARES, lambda shares: combine(text(shares).split("\n")[:2]), (ShareBroken, SharesMissing)),
}


@pytest.mark.parametrize(("whole", "parse", "faults"), PARSERS.values(), ids=PARSERS.keys())
def test_damaged_bytes_are_refused_in_words(whole: bytes, parse: Parser, faults: tuple[type[Exception], ...]) -> None:
    source = random.Random(20_261_124)
    refused = 0
    for _ in range(1000):
        try:
            parse(damaged(whole, source=source))
        except faults:
            refused += 1
    assert refused > 100
