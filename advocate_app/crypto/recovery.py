"""What an agency keeps in its safe: the recovery kit on paper, or shares of a seed in several hands (SLIP-39)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from shamir_mnemonic import MnemonicError, Share, generate_mnemonics
from shamir_mnemonic.shamir import ShareGroup, recover_ems

from advocate_app.crypto.derive import sha256
from advocate_app.crypto.errors import KitBroken, ShareBroken, SharesMissing, WordsBroken
from advocate_app.crypto.words import Language, check_words, same_words, secret_to_words, words_to_secret

SEED_SIZE: Final = 32
MOST_SHARES: Final = 16
_WORDS_A_LINE: Final = 6
_MOST_ITERATIONS: Final = 3
"""As an exponent: ours have 1; a share that asks for hours of work is not ours."""
_LABELLED: Final = re.compile(r"^\s*([FRPC])([1-9])[\s.:)]+(.*)$", re.MULTILINE)
_PROSE: Final = """\
ADVOCATE RECOVERY KIT                                   version 1
HOJA DE RECUPERACIÓN                                    versión 1

Keep this sheet in the agency's safe. Whoever has it can read every
record of the agency and, with another authority, change who belongs.
Guarde esta hoja en la caja fuerte de la agencia. Quien la tenga puede
leer todos los registros y, con otra autoridad, cambiar quién pertenece.

Agency fingerprint / Huella de la agencia
{fingerprint}

Recovery key / Clave de recuperación
{recovery}

Paper authority / Autoridad en papel
{paper}

Check / Comprobación
{check}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryKit:
    """The agency's X-Wing recovery seed, the Ed25519 seed of its paper authority, its fingerprint; 32 bytes each."""

    recovery_seed: bytes = field(repr=False)
    paper_seed: bytes = field(repr=False)
    fingerprint: bytes

    @property
    def check(self) -> bytes:
        """A digest of all three, of which four words stand on the sheet."""
        return sha256(b"ADV1/kit\0", self.fingerprint, self.recovery_seed, self.paper_seed)


def kit_text(kit: RecoveryKit, *, language: Language = "english") -> str:
    """The sheet to print: prose in English and Spanish, words of one language, 12 labelled lines."""
    return _PROSE.format(
        fingerprint=_lines("F", parts=re.findall("....", kit.fingerprint.hex()), each=8),
        recovery=_lines("R", parts=secret_to_words(kit.recovery_seed, language=language).split(), each=_WORDS_A_LINE),
        paper=_lines("P", parts=secret_to_words(kit.paper_seed, language=language).split(), each=_WORDS_A_LINE),
        check=_lines("C", parts=check_words(kit.check, count=4, language=language), each=4),
    )


def open_kit(text: str) -> RecoveryKit:
    """The kit that was printed, typed in again or read from a file; only the labelled lines count.

    Raises `KitBroken` with fact `line` ("R2"), and with `word` (from 1 in that line) where one word is to blame.
    """
    found: dict[str, str] = {}
    for letter, number, content in _LABELLED.findall(text):
        found.setdefault(letter + number, content)
    missing = next((line for line in _EXPECTED if line not in found), None)
    if missing is not None:
        raise KitBroken("kit: a line is missing", line=missing)
    kit = RecoveryKit(
        fingerprint=_fingerprint(found["F1"] + found["F2"]),
        recovery_seed=_seed(found, letter="R"),
        paper_seed=_seed(found, letter="P"),
    )
    languages: tuple[Language, ...] = ("english", "spanish")
    if not any(same_words(found["C1"], expected=check_words(kit.check, count=4, language=each)) for each in languages):
        raise KitBroken("kit: its lines do not belong together", line="C1")
    return kit


_EXPECTED: Final = ("F1", "F2", "R1", "R2", "R3", "R4", "P1", "P2", "P3", "P4", "C1")


def _lines(letter: str, *, parts: Sequence[str], each: int) -> str:
    rows = [parts[start : start + each] for start in range(0, len(parts), each)]
    return "\n".join(f"  {letter}{number}  {' '.join(row)}" for number, row in enumerate(rows, start=1))


def _fingerprint(text: str) -> bytes:
    digits = "".join(text.split())
    if not re.fullmatch("[0-9a-fA-F]{64}", digits):
        raise KitBroken("kit: the fingerprint is not 64 digits", line="F1")
    return bytes.fromhex(digits)


def _seed(found: dict[str, str], *, letter: str) -> bytes:
    lines = [f"{letter}{number}" for number in range(1, 5)]
    short = next((line for line in lines if len(found[line].split()) != _WORDS_A_LINE), None)
    if short is not None:
        raise KitBroken("kit: a line has not six words", line=short)
    try:
        return words_to_secret(" ".join(found[line] for line in lines), size=SEED_SIZE)
    except WordsBroken as broken:
        at = broken.facts.get("word")
        if not isinstance(at, int):
            raise KitBroken("kit: the words of a key do not belong together", line=lines[0]) from None
        place, word = divmod(at - 1, _WORDS_A_LINE)
        raise KitBroken("kit: a word is on no list", line=lines[place], word=word + 1) from None


def split(seed: bytes, *, k: int, n: int) -> list[str]:
    """A 32-byte seed as n shares of 33 words, any k of which give it back (SLIP-39); 2 <= k <= n <= 16.

    Its randomness is the library's own, from the system.
    """
    if len(seed) != SEED_SIZE or not 2 <= k <= n <= MOST_SHARES:
        raise ValueError("shares are made of 32 bytes, 2 <= k <= n <= 16")
    shares: list[str] = generate_mnemonics(1, [(k, n)], seed)[0]
    return shares


def combine(shares: Sequence[str]) -> bytes:
    """The seed, from enough shares in any order; more than enough do no harm.

    Raises `ShareBroken`, with fact `share` (from 1, as given) where one is to blame, and `SharesMissing` with `have`
    and `need`.
    """
    read = [_share(text, place=place) for place, text in enumerate(shares, start=1)]
    families = [share.group_parameters() for share in read]
    if not families:
        raise SharesMissing("shares: none given", have=0, need=2)
    family = max(families, key=families.count)
    by_index: dict[int, Share] = {}
    for place, share in enumerate(read, start=1):
        if share.group_parameters() != family or by_index.setdefault(share.index, share) != share:
            raise ShareBroken("shares: one is of another seed", share=place)
    need = read[0].member_threshold
    if len(by_index) < need:
        raise SharesMissing("shares: too few", have=len(by_index), need=need)
    for chosen in combinations(by_index.values(), need):
        group = ShareGroup()
        group.shares = set(chosen)
        try:
            seed: bytes = recover_ems({chosen[0].group_index: group}).decrypt(b"")
        except MnemonicError:
            continue
        return seed
    raise ShareBroken("shares: they do not give a seed together")


def _share(text: str, *, place: int) -> Share:
    try:
        share = Share.from_mnemonic(" ".join(text.lower().split()))
    except MnemonicError:
        raise ShareBroken("shares: one is damaged", share=place) from None
    if share.group_count != 1 or len(share.value) != SEED_SIZE or share.iteration_exponent > _MOST_ITERATIONS:
        raise ShareBroken("shares: one is of another kind", share=place)
    return share
