"""Ed25519 with a domain prefix per use; the only file of crypto that the server imports."""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from advocate_app.base.errors import Fault

ROSTER: Final = b"ADV1/roster\0"
ENVELOPE: Final = b"ADV1/envelope\0"
KEYBOX: Final = b"ADV1/keybox\0"
RECEIPT: Final = b"ADV1/receipt\0"
AUTH: Final = b"ADV1/auth\0"
INVITE: Final = b"ADV1/invite\0"
SEED_SIZE: Final = 32
PUBLIC_SIZE: Final = 32
SIGNATURE_SIZE: Final = 64


class SignatureBroken(Fault):
    """A signature does not stand under this key, domain and message."""

    code = "crypto.signature_broken"


class SigningKey:
    """A device's signing key, from a 32-byte seed that never leaves the device."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: Final = self._key.public_key().public_bytes_raw()

    def sign(self, *, domain: bytes, message: bytes) -> bytes:
        """The 64-byte signature over `domain || message`."""
        return self._key.sign(domain + message)

    def __repr__(self) -> str:
        return "SigningKey()"


def verify(public: bytes, *, domain: bytes, message: bytes, signature: bytes) -> None:
    """Return if the signature stands; else raise `SignatureBroken`."""
    if public in _WEAK:
        raise SignatureBroken("signature: a public key that anyone could sign for")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, domain + message)
    except (InvalidSignature, ValueError):
        raise SignatureBroken("signature: does not stand") from None


def device_id(public: bytes) -> bytes:
    """SHA-256("ADV1/device\\0" || public key), its first 16 bytes."""
    return hashlib.sha256(b"ADV1/device\0" + public).digest()[:16]


def _weak_keys() -> frozenset[bytes]:
    """The encodings of points of order 1, 2, 4 and 8 (RFC 8032 §5.1), canonical or not."""
    p = 2**255 - 19
    eighth = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
    heights = [0, 1, p - 1, p, p + 1, eighth, p - eighth]
    sign = 1 << 255
    return frozenset((y | high).to_bytes(32, "little") for y in heights for high in (0, sign))


_WEAK: Final = _weak_keys()
