"""The self-test passes on a sound build, and stops a build that gives another answer."""

import pytest

from advocate_app.crypto import known_answers, selftest
from advocate_app.crypto.errors import SelfTestFailed
from advocate_app.crypto.selftest import run


def test_every_primitive_gives_its_known_answers() -> None:
    assert len(run()) == 6


@pytest.mark.parametrize(
    ("answer", "primitive"),
    [
        ("SHA256_ABC", "SHA-256, SHAKE-256"),
        ("SHAKE256_EMPTY", "SHA-256, SHAKE-256"),
        ("HKDF_OUTPUT", "HKDF-SHA256"),
        ("ARGON2ID", "Argon2id"),
        ("ED25519_PUBLIC", "Ed25519"),
        ("ED25519_SIGNATURE", "Ed25519"),
        ("ED25519_SEED", "Ed25519"),
        ("COBBLESTONE", "Cobblestone-256"),
        ("PLAIN", "Cobblestone-256"),
        ("HPKE", "HPKE X-Wing AES-256-GCM"),
        ("KEM_PUBLIC_SHA256", "HPKE X-Wing AES-256-GCM"),
    ],
)
def test_another_answer_stops_the_program(answer: str, primitive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right: bytes = getattr(known_answers, answer)
    monkeypatch.setattr(known_answers, answer, right[:3] + bytes([right[3] ^ 1]) + right[4:])
    with pytest.raises(SelfTestFailed) as told:
        run()
    assert told.value.facts == {"primitive": primitive}


def test_a_primitive_that_opens_altered_bytes_stops_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "open_sealed", lambda *_, **__: known_answers.PLAIN)
    with pytest.raises(SelfTestFailed) as told:
        run()
    assert told.value.facts == {"primitive": "Cobblestone-256"}
