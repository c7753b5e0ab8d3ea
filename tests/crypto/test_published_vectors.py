"""The primitives give the published answers, and agree with second implementations where none are published."""

import base64
import hashlib
import importlib.resources
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from advocate_app.crypto.errors import SealBroken
from advocate_app.crypto.kem import KemKey, seal_to
from advocate_app.crypto.signing import SignatureBroken, SigningKey, verify
from advocate_app.crypto.symmetric import open_sealed, seal
from tests.crypto.independent import hpke_schedule, open_chunked, seal_chunked, xwing_decapsulate

VECTORS = importlib.resources.files("cryptography_vectors")
XWING, HKDF_SHA256, AES_256_GCM = 0x647A, 1, 2


def published(*path: str) -> str:
    return VECTORS.joinpath(*path).read_text(encoding="utf-8")


CHUNKED: list[dict[str, Any]] = json.loads(published("chunked-encryption", "vectors.json"))["vectors"]
HYBRID: list[dict[str, Any]] = json.loads(published("HPKE", "hpke-pq-test-vectors.json"))


def chunked_bytes(vector: dict[str, Any]) -> bytes:
    ciphertext = base64.b64decode(vector["ciphertext"] or "")
    return zlib.decompress(ciphertext) if vector.get("compressed") else ciphertext


def opened_by_the_second(vector: dict[str, Any], *, digest: str) -> bytes:
    return open_chunked(
        bytes.fromhex(vector["key"]),
        context=vector["context"].encode(),
        sealed=chunked_bytes(vector),
        aead=vector["aead"],
        digest=digest,
    )


@pytest.mark.parametrize("vector", [each for each in CHUNKED if each["expect"] == "success"], ids=lambda v: v["name"])
def test_the_second_chunked_encryption_opens_what_is_published(vector: dict[str, Any]) -> None:
    plain = opened_by_the_second(vector, digest="sha256")
    assert len(plain) == vector["payload_length"]
    assert hashlib.sha256(plain).hexdigest() == vector["payload_sha256"]


@pytest.mark.parametrize("vector", [each for each in CHUNKED if each["expect"] != "success"], ids=lambda v: v["name"])
def test_the_second_chunked_encryption_refuses_what_is_published_as_bad(vector: dict[str, Any]) -> None:
    with pytest.raises((ValueError, InvalidTag)):
        opened_by_the_second(vector, digest="sha256")


@pytest.mark.parametrize("size", [0, 1, 16_383, 16_384, 16_385, 40_000, 4_194_305])
@pytest.mark.parametrize("context", [b"", b"test\0context"])
def test_cobblestone_is_the_second_chunked_encryption_with_sha512(size: int, context: bytes) -> None:
    key, salt = bytes(range(32)), bytes(range(100, 124))
    plain = (bytes(range(251)) * (size // 251 + 1))[:size]
    suite = {"aead": "AEAD_AES_256_GCM", "digest": "sha512"}
    theirs = seal(key, context=context, plain=plain)
    assert open_chunked(key, context=context, sealed=theirs, **suite) == plain
    ours = seal_chunked(key, context=context, plain=plain, salt=salt, **suite)
    assert open_sealed(key, context=context, sealed=ours) == plain


WHOLE = seal(bytes(32), context=b"", plain=bytes(36_000))
FULL = seal(bytes(32), context=b"", plain=bytes(16_384))
FIRST, SECOND, LAST = WHOLE[56:16_456], WHOLE[16_456:32_856], WHOLE[32_856:]
DAMAGED = {
    "bad_tag": WHOLE[:-1] + bytes([WHOLE[-1] ^ 1]),
    "bad_tag_first_chunk": WHOLE[:60] + bytes([WHOLE[60] ^ 1]) + WHOLE[61:],
    "bad_tag_second_chunk_full": WHOLE[:20_000] + bytes([WHOLE[20_000] ^ 1]) + WHOLE[20_001:],
    "bad_tag_empty_final_chunk": FULL[:-1] + bytes([FULL[-1] ^ 1]),
    "trailing_garbage_long": WHOLE + bytes(20),
    "trailing_garbage_short": WHOLE + bytes(12),
    "no_chunks": WHOLE[:56],
    "short_chunk": WHOLE[:66],
    "wrong_commitment": WHOLE[:30] + bytes([WHOLE[30] ^ 1]) + WHOLE[31:],
    "wrong_salt": bytes([WHOLE[0] ^ 1]) + WHOLE[1:],
    "empty_message": b"",
    "short_header_no_commitment": WHOLE[:24],
    "short_header_partial_commitment": WHOLE[:40],
    "truncated_at_chunk_boundary": WHOLE[:32_856],
    "truncated_mid_chunk": WHOLE[:-5],
    "swapped_chunks": WHOLE[:56] + SECOND + FIRST + LAST,
    "duplicated_chunk": WHOLE[:56] + FIRST + FIRST + LAST,
    "extension_after_final": WHOLE + SECOND,
}


@pytest.mark.parametrize("sealed", DAMAGED.values(), ids=DAMAGED.keys())
def test_cobblestone_refuses_the_kinds_of_damage_that_are_published(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        open_sealed(bytes(32), context=b"", sealed=sealed)


@pytest.mark.parametrize("vector", [each for each in HYBRID if each["kem_id"] == XWING], ids=lambda v: str(v["kdf_id"]))
def test_the_published_xwing_seed_gives_the_published_key_and_secret(vector: dict[str, Any]) -> None:
    seed = bytes.fromhex(vector["skRm"])
    assert KemKey.from_seed(seed).public.hex() == vector["pkRm"]
    assert xwing_decapsulate(seed, enc=bytes.fromhex(vector["enc"])).hex() == vector["shared_secret"]


def test_the_second_key_schedule_opens_what_is_published() -> None:
    (vector,) = (each for each in HYBRID if (each["kem_id"], each["kdf_id"]) == (XWING, HKDF_SHA256))
    key, nonce = hpke_schedule(
        bytes.fromhex(vector["shared_secret"]),
        kem_id=XWING,
        kdf_id=HKDF_SHA256,
        aead_id=vector["aead_id"],
        info=bytes.fromhex(vector["info"]),
    )
    assert (key.hex(), nonce.hex()) == (vector["key"], vector["base_nonce"])
    first = {name: bytes.fromhex(text) for name, text in vector["encryptions"][0].items()}
    assert ChaCha20Poly1305(key).decrypt(nonce, first["ct"], first["aad"]) == first["pt"]


def test_a_sealed_key_is_what_the_second_key_schedule_opens_with_aes_256_gcm() -> None:
    seed = bytes(range(32))
    sealed = seal_to(KemKey.from_seed(seed).public, info=b"info", plain=b"p" * 32)
    enc, body = sealed[:1120], sealed[1120:]
    shared = xwing_decapsulate(seed, enc=enc)
    key, nonce = hpke_schedule(shared, kem_id=XWING, kdf_id=HKDF_SHA256, aead_id=AES_256_GCM, info=b"info")
    assert AESGCM(key).decrypt(nonce, body, b"") == b"p" * 32
    remade = enc + AESGCM(key).encrypt(nonce, b"q" * 32, b"")
    assert KemKey.from_seed(seed).open(remade, info=b"info") == b"q" * 32


def test_ed25519_signs_and_verifies_as_published() -> None:
    lines = published("asymmetric", "Ed25519", "sign.input").splitlines()
    assert len(lines) == 1024
    for line in lines:
        secret, public, message, signed, _ = (bytes.fromhex(part) for part in line.split(":"))
        key = SigningKey(secret[:32])
        assert key.public == public
        assert key.sign(domain=b"", message=message) == signed[:64]
        verify(public, domain=message[:1], message=message[1:], signature=signed[:64])
        with pytest.raises(SignatureBroken):
            verify(public, domain=b"x", message=message, signature=signed[:64])


def argon_cases() -> Iterator[dict[str, str]]:
    case: dict[str, str] = {}
    for line in [*published("KDF", "argon2id.txt").splitlines(), ""]:
        name, equals, value = (part.strip() for part in line.partition("="))
        if equals and not line.startswith("#"):
            case[name] = value
        elif not line and "output" in case:
            yield case
            case = {}


@pytest.mark.parametrize("case", list(argon_cases()), ids=lambda case: case["COUNT"])
def test_argon2id_gives_the_published_answers(case: dict[str, str]) -> None:
    argon = Argon2id(
        salt=bytes.fromhex(case["salt"]),
        length=int(case["length"]),
        iterations=int(case["iter"]),
        lanes=int(case["lanes"]),
        memory_cost=int(case["memcost"]),
        ad=bytes.fromhex(case["ad"]) if "ad" in case else None,
        secret=bytes.fromhex(case["secret"]) if "secret" in case else None,
    )
    assert argon.derive(bytes.fromhex(case["pass"])).hex() == case["output"]
