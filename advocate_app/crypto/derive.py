"""HKDF-SHA256 and SHA-256: every key is derived, and named, here."""

import hashlib

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def hkdf(secret: bytes, *, info: bytes, length: int = 32, salt: bytes = b"") -> bytes:
    """`length` bytes (at most 8,160) from a uniform secret, by HKDF-SHA256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt or None, info=info).derive(secret)


def key_id(key: bytes, *, scope: bytes) -> bytes:
    """The 16-byte name of a key: HKDF(key, "ADV1/key-id" || scope). `scope` is the 16-byte id it belongs to."""
    return hkdf(key, info=b"ADV1/key-id" + scope, length=16)


def sha256(*parts: bytes) -> bytes:
    """SHA-256 of the parts, joined as they are."""
    return hashlib.sha256(b"".join(parts)).digest()
