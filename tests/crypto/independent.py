"""Small second implementations, after the specifications, that the library is held against."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

AEADS: Final[dict[str, tuple[int, Callable[[bytes], AESGCM | ChaCha20Poly1305]]]] = {
    "AEAD_AES_128_GCM": (16, AESGCM),
    "AEAD_AES_256_GCM": (32, AESGCM),
    "AEAD_CHACHA20_POLY1305": (32, ChaCha20Poly1305),
}
_CHUNK: Final = 16_384
_TAG: Final = 16
_NONCE: Final = 12


def hkdf_extract(*, salt: bytes, secret: bytes, digest: str) -> bytes:
    """RFC 5869, section 2.2."""
    return hmac.digest(salt or bytes(hashlib.new(digest).digest_size), secret, digest)


def hkdf_expand(key: bytes, *, info: bytes, length: int, digest: str) -> bytes:
    """RFC 5869, section 2.3."""
    made, block, count = b"", b"", 1
    while len(made) < length:
        block = hmac.digest(key, block + info + bytes([count]), digest)
        made += block
        count += 1
    return made[:length]


def seal_chunked(key: bytes, *, context: bytes, plain: bytes, salt: bytes, aead: str, digest: str) -> bytes:
    """C2SP chunked encryption, version 1."""
    cipher, nonce, commitment = _chunked(key, context=context, salt=salt, aead=aead, digest=digest)
    chunks = [plain[start : start + _CHUNK] for start in range(0, len(plain) + 1, _CHUNK)]
    return (
        salt + commitment + b"".join(cipher.encrypt(nonce(number), chunk, None) for number, chunk in enumerate(chunks))
    )


def open_chunked(key: bytes, *, context: bytes, sealed: bytes, aead: str, digest: str) -> bytes:
    """C2SP chunked encryption, version 1. Raises ValueError or InvalidTag."""
    if len(key) != AEADS[aead][0] or len(sealed) < 56 + _TAG:
        raise ValueError("wrong size")
    cipher, nonce, commitment = _chunked(key, context=context, salt=sealed[:24], aead=aead, digest=digest)
    if not hmac.compare_digest(commitment, sealed[24:56]):
        raise ValueError("another commitment")
    body = sealed[56:]
    chunks = [body[start : start + _CHUNK + _TAG] for start in range(0, len(body), _CHUNK + _TAG)]
    if len(chunks[-1]) >= _CHUNK + _TAG:
        raise ValueError("cut at a chunk")
    return b"".join(cipher.decrypt(nonce(number), chunk, None) for number, chunk in enumerate(chunks))


def _chunked(
    key: bytes, *, context: bytes, salt: bytes, aead: str, digest: str
) -> tuple[AESGCM | ChaCha20Poly1305, Callable[[int], bytes], bytes]:
    size, cipher = AEADS[aead]
    info = b"c2sp.org/chunked-encryption@v1+" + aead.encode() + b"\0" + salt + context
    made = hkdf_expand(key, info=info, length=size + _NONCE + 32, digest=digest)
    base = int.from_bytes(made[size : size + _NONCE], "big")
    return cipher(made[:size]), lambda number: (base ^ number).to_bytes(_NONCE, "big"), made[size + _NONCE :]


def xwing_decapsulate(seed: bytes, *, enc: bytes) -> bytes:
    """The shared secret of draft-connolly-cfrg-xwing-kem, section 5.4."""
    wide = hashlib.shake_256(seed).digest(96)
    x25519 = X25519PrivateKey.from_private_bytes(wide[64:])
    ours = MLKEM768PrivateKey.from_seed_bytes(wide[:64]).decapsulate(enc[:1088])
    theirs = x25519.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    return hashlib.sha3_256(ours + theirs + enc[1088:] + x25519.public_key().public_bytes_raw() + b"\\.//^\\").digest()


def hpke_schedule(shared: bytes, *, kem_id: int, kdf_id: int, aead_id: int, info: bytes) -> tuple[bytes, bytes]:
    """Key (32 bytes) and base nonce of RFC 9180, section 5.1, in base mode with HKDF-SHA256."""
    suite = b"HPKE" + b"".join(each.to_bytes(2, "big") for each in (kem_id, kdf_id, aead_id))

    def extract(salt: bytes, label: bytes, secret: bytes) -> bytes:
        return hkdf_extract(salt=salt, secret=b"HPKE-v1" + suite + label + secret, digest="sha256")

    def expand(key: bytes, label: bytes, context: bytes, length: int) -> bytes:
        labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
        return hkdf_expand(key, info=labelled, length=length, digest="sha256")

    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared, b"secret", b"")
    return expand(secret, b"key", context, 32), expand(secret, b"base_nonce", context, _NONCE)
