"""Known answers of every primitive, asked at each start before a vault may be opened."""

import hashlib
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from advocate_app.crypto import known_answers as known
from advocate_app.crypto.derive import hkdf, sha256
from advocate_app.crypto.errors import SealBroken, SelfTestFailed
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.signing import SignatureBroken, SigningKey, verify
from advocate_app.crypto.symmetric import open_sealed, seal


def run() -> list[str]:
    """The names of the primitives that gave their known answers: all of them, or `SelfTestFailed` is raised."""
    for name, test in _TESTS.items():
        try:
            stands = test()
        except Exception as error:
            raise SelfTestFailed("self-test: raised", primitive=name) from error
        if not stands:
            raise SelfTestFailed("self-test: another answer", primitive=name)
    return list(_TESTS)


def _hashes() -> bool:
    empty = hashlib.shake_256(b"").digest(32)
    return sha256(b"a", b"bc") == known.SHA256_ABC and empty == known.SHAKE256_EMPTY


def _hkdf() -> bool:
    made = hkdf(b"\x0b" * 22, info=bytes(range(0xF0, 0xFA)), length=42, salt=bytes(range(13)))
    return made == known.HKDF_OUTPUT


def _argon2id() -> bool:
    argon = Argon2id(salt=b"\2" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\4" * 12, secret=b"\3" * 8)
    return argon.derive(b"\1" * 32) == known.ARGON2ID


def _ed25519() -> bool:
    key = SigningKey(known.ED25519_SEED)
    signature = key.sign(domain=b"", message=known.ED25519_MESSAGE)
    verify(key.public, domain=b"", message=known.ED25519_MESSAGE, signature=signature)
    try:
        verify(key.public, domain=b"", message=b"\x73", signature=signature)
    except SignatureBroken:
        return (key.public, signature) == (known.ED25519_PUBLIC, known.ED25519_SIGNATURE)
    return False


def _cobblestone() -> bool:
    def opened(sealed: bytes) -> bytes:
        return open_sealed(known.KEY, context=known.CONTEXT, sealed=sealed)

    altered = known.COBBLESTONE[:-1] + bytes((known.COBBLESTONE[-1] ^ 1,))
    again = seal(known.KEY, context=known.CONTEXT, plain=known.PLAIN)
    return opened(known.COBBLESTONE) == opened(again) == known.PLAIN and _refused(lambda: opened(altered))


def _hpke() -> bool:
    key = KemKey.from_seed(known.SEED)
    opened = key.open(known.HPKE, info=known.CONTEXT)
    altered = known.HPKE[:-1] + bytes((known.HPKE[-1] ^ 1,))
    named = sha256(key.public) == known.KEM_PUBLIC_SHA256
    return named and opened == known.KEY and _refused(lambda: key.open(altered, info=known.CONTEXT))


def _refused(opening: Callable[[], bytes]) -> bool:
    try:
        opening()
    except SealBroken:
        return True
    return False


_TESTS: Final[dict[str, Callable[[], bool]]] = {
    "SHA-256, SHAKE-256": _hashes,
    "HKDF-SHA256": _hkdf,
    "Argon2id": _argon2id,
    "Ed25519": _ed25519,
    "Cobblestone-256": _cobblestone,
    "HPKE X-Wing AES-256-GCM": _hpke,
}
