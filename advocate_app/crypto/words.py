"""Secrets as words that people can write down, read out and type: BIP39 lists, English or Spanish."""

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final, Literal

from mnemonic import Mnemonic

from advocate_app.base.ids import Ids
from advocate_app.crypto.errors import WordsBroken

Language = Literal["english", "spanish"]
CHECK_WORDS: Final = 6
PASSPHRASE_WORDS: Final = 5
_LANGUAGES: Final[tuple[Language, ...]] = ("english", "spanish")
_BITS: Final = 11


def secret_to_words(secret: bytes, *, language: Language = "english") -> str:
    """A secret of 16 bytes as 12 words, of 32 bytes as 24 (BIP39): 11 bits each, a checksum in the last."""
    if len(secret) not in (16, 32):
        raise ValueError("words are made of 16 or 32 bytes")
    check_bits = len(secret) // 4
    check = hashlib.sha256(secret).digest()[0] >> 8 - check_bits
    number = int.from_bytes(secret, "big") << check_bits | check
    count = (len(secret) * 8 + check_bits) // _BITS
    return " ".join(_written(number, count=count, language=language))


def words_to_secret(text: str, *, size: int = 16) -> bytes:
    """The secret of `size` (16 or 32) bytes behind the words, in either language.

    Case, accents, numbering, punctuation and spaces do not matter. Raises `WordsBroken` with fact `words` (how many are
    there) or `word` (the first that is on no list, from 1), or neither when all are words but do not belong together.
    """
    words = _typed(text)
    check_bits = size // 4
    count = (size * 8 + check_bits) // _BITS
    if len(words) != count:
        raise WordsBroken("words: not as many as there should be", words=len(words))
    known = 0
    for language in _LANGUAGES:
        places = _places(language)
        found = next((at for at, word in enumerate(words) if word not in places), None)
        if found is not None:
            known = max(known, found)
            continue
        known = count
        number = 0
        for word in words:
            number = number << _BITS | places[word]
        secret = (number >> check_bits).to_bytes(size, "big")
        if hashlib.sha256(secret).digest()[0] >> 8 - check_bits == number & (1 << check_bits) - 1:
            return secret
    if known < count:
        raise WordsBroken("words: one is on no list", word=known + 1)
    raise WordsBroken("words: they do not belong together")


def check_words(digest: bytes, *, count: int = CHECK_WORDS, language: Language = "english") -> tuple[str, ...]:
    """The first `count` times 11 bits of a digest as words, for two people to compare: 6 words are 66 bits."""
    if len(digest) * 8 < count * _BITS:
        raise ValueError("the digest is too short for so many words")
    number = int.from_bytes(digest, "big") >> len(digest) * 8 - count * _BITS
    return _written(number, count=count, language=language)


def same_words(typed: str, *, expected: Sequence[str]) -> bool:
    """Whether someone typed these check words, however they put case, accents and spaces."""
    return _typed(typed) == [_folded(word) for word in expected]


def suggest_passphrase(ids: Ids, *, language: Language = "english") -> str:
    """Five random words, 55 bits: for someone who takes no own passphrase."""
    bits = PASSPHRASE_WORDS * _BITS
    size = -(-bits // 8)
    number = int.from_bytes(ids.secret(size), "big") >> size * 8 - bits
    return " ".join(_written(number, count=PASSPHRASE_WORDS, language=language))


def _written(number: int, *, count: int, language: Language) -> tuple[str, ...]:
    words = _words(language)
    return tuple(words[number >> _BITS * place & 0x7FF] for place in reversed(range(count)))


def _typed(text: str) -> list[str]:
    letters = "".join(letter if letter.isalpha() else " " for letter in _folded(text))
    return letters.split()


def _folded(text: str) -> str:
    """Lower case without accents: no two words of one list are the same so."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


@cache
def _words(language: Language) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", word) for word in Mnemonic(language).wordlist)


@cache
def _places(language: Language) -> dict[str, int]:
    return {_folded(word): place for place, word in enumerate(_words(language))}
