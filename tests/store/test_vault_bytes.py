"""The vault's bytes, read again from the specification alone: derivation of the key, and one page opened by hand."""

import hashlib
import hmac
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from tests.store.making import copy_vault

VECTOR_VAULT_KEY = bytes(range(32))
VECTOR_KEY = "ef31189d6cb6067737b52b748a1fbb13bb8c87ecd34706be65e353f5e5029baa"
VECTOR_SALT = "b7f45a0ceffc8ac78888366bb4810d7f"

SALT, IV, TAG, PAGE = 16, 16, 64, 4096


def hkdf_sha256(secret: bytes, *, info: bytes, length: int) -> bytes:
    """RFC 5869 with no salt, for at most 32 bytes."""
    prk = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(prk, info + b"\x01", "sha256")[:length]


def database_key(vault_key: bytes) -> tuple[bytes, bytes]:
    return (
        hkdf_sha256(vault_key, info=b"ADV1/vault-db/key", length=32),
        hkdf_sha256(vault_key, info=b"ADV1/vault-db/salt", length=16),
    )


def test_the_frozen_vector_of_the_derivation_holds() -> None:
    key, salt = database_key(VECTOR_VAULT_KEY)
    assert key.hex() == VECTOR_KEY
    assert salt.hex() == VECTOR_SALT


def test_the_first_page_opens_by_the_specification_alone(tmp_path: Path) -> None:
    vault = copy_vault(tmp_path / "vault")
    vault.close()
    key, salt = database_key(vault.secret.vault_key)
    page = (vault.path / "vault.db").read_bytes()[:PAGE]
    assert page[:SALT] == salt
    sealed, iv, tag = page[SALT : -IV - TAG], page[-IV - TAG : -TAG], page[-TAG:]
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, dklen=32)
    assert hmac.digest(mac_key, sealed + iv + (1).to_bytes(4, "little"), "sha512") == tag
    opened = Cipher(AES256(key), CBC(iv)).decryptor().update(sealed)
    # SQLite's header from byte 16 on: page size 4096, journal in WAL for reading and writing, 80 bytes kept free.
    assert opened[:5] == bytes.fromhex("1000020250")
    assert int.from_bytes(opened[44:48], "big") == 1, "user_version stands at byte 60 of the page"
