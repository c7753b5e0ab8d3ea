"""An agency's kit and shares can be opened again, and what is wrong with them is told by its place."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic import generate_mnemonics

from advocate_app.crypto.errors import KitBroken, ShareBroken, SharesMissing
from advocate_app.crypto.recovery import RecoveryKit, combine, kit_text, open_kit, split
from advocate_app.crypto.words import Language

SEED = bytes(range(32))
KIT = RecoveryKit(recovery_seed=SEED, paper_seed=b"\x9a" * 32, fingerprint=b"\x3c" * 32)
SHEET = kit_text(KIT)
SHARES = split(SEED, k=3, n=5)
FOREIGN = split(SEED, k=3, n=5)


@pytest.mark.parametrize("language", ["english", "spanish"])
def test_a_printed_kit_opens_again(language: Language) -> None:
    assert open_kit(kit_text(KIT, language=language)) == KIT


def test_a_kit_typed_in_by_hand_opens_too() -> None:
    labelled = [
        line.strip().upper().replace("  ", ": ") for line in SHEET.splitlines() if re.match(r"\s+[FRPC]\d", line)
    ]
    assert len(labelled) == 11
    assert open_kit("\r\n".join(reversed(labelled))) == KIT


def test_a_kit_does_not_show_its_seeds() -> None:
    assert "recovery_seed" not in repr(KIT)


def test_a_missing_line_is_named() -> None:
    with pytest.raises(KitBroken) as told:
        open_kit(re.sub(r"  P3 .*\n", "", SHEET))
    assert told.value.facts == {"line": "P3"}


def test_a_word_that_is_on_no_list_is_named_by_its_place() -> None:
    line = re.search(r"  R2  (.*)\n", SHEET)
    assert line is not None
    words = line.group(1).split()
    with pytest.raises(KitBroken) as told:
        open_kit(SHEET.replace(line.group(1), " ".join([*words[:3], "zzyzx", *words[4:]])))
    assert told.value.facts == {"line": "R2", "word": 4}


def test_a_line_without_six_words_is_named() -> None:
    with pytest.raises(KitBroken) as told:
        open_kit(re.sub(r"(  R4  \w+) \w+", r"\1", SHEET))
    assert told.value.facts == {"line": "R4"}


def test_a_key_whose_words_do_not_belong_together_is_named() -> None:
    first, second = re.findall(
        r"  P[12]  (.*)\n", kit_text(RecoveryKit(recovery_seed=SEED, paper_seed=SEED, fingerprint=SEED))
    )
    exchanged = re.sub(r"(  P1  ).*(\n  P2  ).*", rf"\1{second}\g<2>{first}", SHEET)
    with pytest.raises(KitBroken) as told:
        open_kit(exchanged)
    assert told.value.facts == {"line": "P1"}


@pytest.mark.parametrize("fingerprint", ["3c3c", "zzzz"])
def test_a_fingerprint_of_the_wrong_length_or_letters_is_named(fingerprint: str) -> None:
    with pytest.raises(KitBroken) as told:
        open_kit(re.sub(r"(  F1  )\w+ \w+", rf"\g<1>{fingerprint}", SHEET))
    assert told.value.facts == {"line": "F1"}


def test_lines_of_two_kits_do_not_open_together() -> None:
    with pytest.raises(KitBroken) as told:
        open_kit(SHEET.replace("3c3c", "3c3d", 1))
    assert told.value.facts == {"line": "C1"}


@settings(max_examples=20)
@given(st.permutations(SHARES), st.integers(min_value=3, max_value=5))
def test_any_three_of_five_shares_give_the_seed(shares: list[str], count: int) -> None:
    assert combine([f"  {share.upper()}\n" for share in shares[:count]]) == SEED


def test_two_of_three_are_too_few_and_so_is_one_twice() -> None:
    with pytest.raises(SharesMissing) as told:
        combine([*SHARES[:2], SHARES[0]])
    assert told.value.facts == {"have": 2, "need": 3}
    with pytest.raises(SharesMissing):
        combine([])


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_damaged_share_is_named(place: int) -> None:
    shares = SHARES[:3]
    words = shares[place - 1].split()
    words[10], words[11] = words[11], words[10]
    shares[place - 1] = " ".join(words)
    with pytest.raises(ShareBroken) as told:
        combine(shares)
    assert told.value.facts == {"share": place}
    assert words[0] not in str(told.value)


@pytest.mark.parametrize("bad", ["", "academic", "not a share at all", "academic " * 33])
def test_what_is_no_share_is_named(bad: str) -> None:
    with pytest.raises(ShareBroken) as told:
        combine([SHARES[0], bad])
    assert told.value.facts == {"share": 2}


def test_a_share_of_another_split_is_named() -> None:
    with pytest.raises(ShareBroken) as told:
        combine([SHARES[0], FOREIGN[1], SHARES[2]])
    assert told.value.facts == {"share": 2}


@pytest.mark.parametrize(
    "shares",
    [
        generate_mnemonics(1, [(2, 2)], bytes(16))[0],
        generate_mnemonics(2, [(2, 2), (1, 1)], SEED)[0],
        generate_mnemonics(1, [(2, 2)], SEED, iteration_exponent=4)[0],
    ],
    ids=["of a shorter secret", "of several groups", "that ask for much work"],
)
def test_shares_as_we_do_not_make_them_are_refused(shares: list[str]) -> None:
    with pytest.raises(ShareBroken) as told:
        combine(shares)
    assert told.value.facts == {"share": 1}


@pytest.mark.parametrize(("k", "n"), [(1, 1), (1, 2), (4, 3), (2, 17)])
def test_a_split_that_makes_no_sense_is_not_made(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="k <= n"):
        split(SEED, k=k, n=n)


def test_every_way_of_choosing_two_of_sixteen_gives_the_seed() -> None:
    shares = split(SEED, k=2, n=16)
    source = random.Random(7)
    for _ in range(8):
        assert combine(source.sample(shares, 2)) == SEED
