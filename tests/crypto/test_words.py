"""Words carry a secret from one person to another, and a slip is found and told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.crypto.errors import WordsBroken
from advocate_app.crypto.words import (
    Language,
    check_words,
    same_words,
    secret_to_words,
    suggest_passphrase,
    words_to_secret,
)

SECRET = bytes(range(16))
languages = st.sampled_from(["english", "spanish"])


@given(st.binary(min_size=16, max_size=16) | st.binary(min_size=32, max_size=32), languages)
def test_a_secret_comes_back_from_its_words(secret: bytes, language: Language) -> None:
    words = secret_to_words(secret, language=language)
    assert len(words.split()) == {16: 12, 32: 24}[len(secret)]
    assert words_to_secret(words, size=len(secret)) == secret


@given(st.binary(min_size=16, max_size=16) | st.binary(min_size=32, max_size=32))
def test_the_words_are_those_of_bip39(secret: bytes) -> None:
    assert secret_to_words(secret) == Mnemonic("english").to_mnemonic(secret)


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("00" * 16, "abandon " * 11 + "about"),
        ("7f" * 16, "legal winner thank year wave sausage worth useful legal winner thank yellow"),
        (
            "80" * 32,
            "letter advice cage absurd amount doctor acoustic avoid " * 2
            + "letter advice cage absurd amount doctor acoustic bless",
        ),
    ],
)
def test_the_published_words_are_found(secret: str, words: str) -> None:
    assert secret_to_words(bytes.fromhex(secret)) == words
    assert words_to_secret(words, size=len(secret) // 2).hex() == secret


def test_case_spaces_numbers_and_accents_do_not_matter() -> None:
    written = secret_to_words(SECRET, language="spanish").split()
    typed = "\n".join(f" {place}.  {word.upper()},\t" for place, word in enumerate(written, start=1))
    assert words_to_secret(typed) == SECRET
    plain = "".join(letter for letter in typed.translate(str.maketrans("ÁÉÍÓÚÑ", "AEIOUN")))
    assert words_to_secret(plain) == SECRET


def test_the_number_of_words_is_told_when_it_is_wrong() -> None:
    with pytest.raises(WordsBroken) as told:
        words_to_secret("legal winner")
    assert told.value.facts == {"words": 2}


def test_the_first_unknown_word_is_told_by_its_place_and_not_by_itself() -> None:
    words = secret_to_words(SECRET).split()
    words[6] = "secretplace"
    with pytest.raises(WordsBroken) as told:
        words_to_secret(" ".join(words))
    assert told.value.facts == {"word": 7}
    assert "secretplace" not in f"{told.value} {told.value!r} {told.value.__cause__!r}"


def test_words_in_another_order_do_not_belong_together() -> None:
    words = secret_to_words(SECRET).split()
    with pytest.raises(WordsBroken) as told:
        words_to_secret(" ".join(reversed(words)))
    assert told.value.facts == {}


def test_no_two_words_of_a_list_fold_together() -> None:
    spoken = {check_words((n << 5).to_bytes(2, "big"), count=1, language="spanish")[0] for n in range(2048)}
    assert len(spoken) == 2048
    assert len({words_to_secret(secret_to_words(bytes([n]) * 16, language="spanish")) for n in range(256)}) == 256


def test_check_words_say_the_first_bits_of_a_digest() -> None:
    assert check_words(bytes(32)) == ("abandon",) * 6
    assert check_words(b"\xff" * 32, count=4) == ("zoo",) * 4
    assert check_words(bytes(8) + b"\xff" * 24)[:5] == ("abandon",) * 5
    with pytest.raises(ValueError, match="short"):
        check_words(bytes(8))


def test_check_words_are_compared_as_people_type() -> None:
    expected = check_words(SECRET)
    assert same_words("  ".join(expected).upper(), expected=expected)
    assert not same_words(" ".join(expected[:-1]), expected=expected)
    assert not same_words(" ".join((*expected[:-1], "zoo")), expected=expected)


def test_a_suggested_passphrase_has_five_words_of_the_list() -> None:
    ids = SeededIds(FixedClock(0), seed=3)
    first, second = suggest_passphrase(ids), suggest_passphrase(ids, language="spanish")
    assert len(first.split()) == len(second.split()) == 5
    assert set(first.split()) <= set(Mnemonic("english").wordlist)
    assert first != suggest_passphrase(ids)
