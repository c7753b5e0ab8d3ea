"""HPKE (RFC 9180, base mode) with X-Wing, HKDF-SHA256 and AES-256-GCM: sealing a secret to a public key."""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from advocate_app.crypto.errors import PublicKeyBroken, SealBroken

SEED_SIZE: Final = 32
PUBLIC_SIZE: Final = 1216
OVERHEAD: Final = 1136
_MLKEM_SEED: Final = 64
_MLKEM_PUBLIC: Final = 1184
_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class KemKey:
    """A private key that opens what was sealed to `public` (1,216 bytes: ML-KEM-768 || X25519)."""

    __slots__ = ("_key", "public")

    def __init__(self, *, mlkem: MLKEM768PrivateKey, x25519: X25519PrivateKey) -> None:
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public: Final = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    @classmethod
    def from_seed(cls, seed: bytes) -> "KemKey":
        """The key of a 32-byte seed: SHAKE-256(seed, 96) = 64 bytes for ML-KEM, 32 for X25519."""
        if len(seed) != SEED_SIZE:
            raise ValueError("a KEM seed has 32 bytes")
        wide = hashlib.shake_256(seed).digest(_MLKEM_SEED + SEED_SIZE)
        return cls(
            mlkem=MLKEM768PrivateKey.from_seed_bytes(wide[:_MLKEM_SEED]),
            x25519=X25519PrivateKey.from_private_bytes(wide[_MLKEM_SEED:]),
        )

    def open(self, sealed: bytes, *, info: bytes) -> bytes:
        """What was sealed to this key under `info`. Raises `SealBroken`."""
        try:
            return _SUITE.decrypt(sealed, self._key, info)
        except (InvalidTag, ValueError):
            raise SealBroken("box: does not open") from None

    def __repr__(self) -> str:
        return "KemKey()"


def seal_to(public: bytes, *, info: bytes, plain: bytes) -> bytes:
    """`plain` sealed to a public key: 1,136 bytes longer, so 1,168 for a key. Raises `PublicKeyBroken`."""
    try:
        return _SUITE.encrypt(plain, _public_key(public), info)
    except ValueError as error:
        raise PublicKeyBroken("public key: not usable", length=len(public)) from error


def check_public(public: bytes) -> None:
    """Return if these are the bytes of a public key that can be sealed to; else raise `PublicKeyBroken`."""
    seal_to(public, info=b"", plain=b"")


def _public_key(public: bytes) -> MLKEM768X25519PublicKey:
    if len(public) != PUBLIC_SIZE:
        raise ValueError("an X-Wing public key has 1,216 bytes")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
    )
