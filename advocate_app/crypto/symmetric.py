"""Cobblestone-256: the one symmetric primitive, committing to its key and its context."""

from typing import Final

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from advocate_app.crypto.errors import SealBroken

KEY_SIZE: Final = 32
CHUNK: Final = 16_384
OVERHEAD: Final = 56
TAG: Final = 16


def sealed_size(plain_size: int) -> int:
    """Bytes of a seal over `plain_size` bytes: 56, and a tag of 16 for each begun or final chunk of 16 KiB."""
    return plain_size + OVERHEAD + TAG * (plain_size // CHUNK + 1)


def seal(key: bytes, *, context: bytes, plain: bytes) -> bytes:
    """Seal `plain` under a 32-byte key, bound to `context`."""
    sealing = Cobblestone256Encryptor(key, context)
    return sealing.update(plain) + sealing.finalize()


def open_sealed(key: bytes, *, context: bytes, sealed: bytes) -> bytes:
    """The plaintext, whole. Raises `SealBroken`, and then releases nothing."""
    opening = Cobblestone256Decryptor(key, context)
    try:
        return opening.update(sealed) + opening.finalize()
    except InvalidTag:
        raise SealBroken("seal: does not open") from None
