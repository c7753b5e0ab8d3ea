"""A keyfile opens for who should open it, and says what is wrong when it does not."""

import hashlib
import struct

import pytest

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.base.private import Private
from advocate_app.crypto.errors import (
    KdfRefused,
    KeyfileDamaged,
    KeyfileNewer,
    KeystoreNeeded,
    SealBroken,
    WrongPassphrase,
)
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.keyfile import keyfile_version, parse_keyfile
from advocate_app.crypto.slots import (
    FLOOR,
    KdfCost,
    Unlocked,
    add_recovery,
    calibrate,
    change_passphrase,
    create_keyfile,
    open_keyfile,
    open_recovery,
)
from advocate_app.crypto.stretching import normal, seconds_for

IDS = SeededIds(FixedClock(1_764_000_000_000), seed=1)
PASSPHRASE = Private("correct horse")
OTHER = Private("another horse")
KEYSTORE = Private(b"k" * 32)
UNLOCKED = Unlocked(vault_key=b"v" * 32, device_secret=b"d" * 64)
RECOVERY = KemKey.from_seed(b"r" * 32)


def keyfile(*, keystore: Private[bytes] | None = None) -> bytes:
    return create_keyfile(
        passphrase=PASSPHRASE, vault_key=b"v" * 32, device_secret=b"d" * 64, cost=FLOOR, ids=IDS, keystore=keystore
    )


KEYFILE = keyfile()


def resummed(body: bytes) -> bytes:
    """As someone would write it who knows the checksum."""
    return body + hashlib.sha256(body).digest()


def test_the_passphrase_opens_the_keyfile() -> None:
    assert open_keyfile(KEYFILE, passphrase=PASSPHRASE) == UNLOCKED
    assert keyfile_version(KEYFILE) == 1


def test_what_was_unlocked_does_not_show_itself() -> None:
    assert repr(UNLOCKED) == "Unlocked()"


def test_a_wrong_passphrase_is_told_from_a_damaged_keyfile() -> None:
    with pytest.raises(WrongPassphrase):
        open_keyfile(KEYFILE, passphrase=OTHER)
    for place in range(len(KEYFILE)):
        damaged = KEYFILE[:place] + bytes([KEYFILE[place] ^ 1]) + KEYFILE[place + 1 :]
        with pytest.raises(KeyfileDamaged):
            parse_keyfile(damaged)


@pytest.mark.parametrize("size", [0, 7, 8, 9, 28, 40, 56, 59, 60, 100, len(KEYFILE) - 1])
def test_a_cut_keyfile_is_damaged(size: int) -> None:
    with pytest.raises(KeyfileDamaged):
        parse_keyfile(KEYFILE[:size])
    with pytest.raises(KeyfileDamaged):
        parse_keyfile(resummed(KEYFILE[:size]))


def test_a_newer_keyfile_asks_for_a_newer_program() -> None:
    with pytest.raises(KeyfileNewer):
        open_keyfile(resummed(KEYFILE[:8] + b"\2" + KEYFILE[9:-32]), passphrase=PASSPHRASE)


BODY = KEYFILE[:-32]
WRONG: dict[str, bytes] = {
    "version 0": BODY[:8] + b"\0" + BODY[9:],
    "no slots": BODY[:9] + b"\0" + BODY[10:],
    "slots that are not there": BODY[:9] + b"\2" + BODY[10:],
    "too many slots": BODY[:9] + b"\x09" + BODY[10:],
    "reserved bits": BODY[:11] + b"\1" + BODY[12:],
    "an unknown kind of slot": BODY[:28] + b"\4" + BODY[29:],
    "a recovery slot with a cost": BODY[:28] + b"\3" + BODY[29:30] + struct.pack(">H", 1168) + BODY[32:] + bytes(1000),
    "a slot of another length": BODY[:30] + struct.pack(">H", 167) + BODY[32:-1],
    "something behind the slots": BODY + b"\0",
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_a_keyfile_with_wrong_parts_is_damaged_whatever_its_checksum(body: bytes) -> None:
    with pytest.raises(KeyfileDamaged):
        open_keyfile(resummed(body), passphrase=PASSPHRASE)


def with_cost(memory_kib: int, passes: int, lanes: int) -> bytes:
    body = bytearray(BODY)
    body[29] = lanes
    struct.pack_into(">II", body, 32, memory_kib, passes)
    return resummed(bytes(body))


@pytest.mark.parametrize(
    "cost",
    [(65_535, 3, 4), (65_536, 2, 4), (65_536, 3, 3), (0xFFFF_FFFF, 3, 4), (65_536, 0xFFFF_FFFF, 4), (65_536, 3, 255)],
)
def test_a_cost_below_the_floor_or_beyond_reason_is_refused(cost: tuple[int, int, int]) -> None:
    with pytest.raises(KdfRefused):
        open_keyfile(with_cost(*cost), passphrase=PASSPHRASE)
    with pytest.raises(KdfRefused):
        create_keyfile(
            passphrase=PASSPHRASE, vault_key=b"v" * 32, device_secret=b"d" * 64, cost=KdfCost(*cost), ids=IDS
        )


def test_a_seal_moved_to_another_keyfile_does_not_open() -> None:
    with pytest.raises(WrongPassphrase):
        open_keyfile(resummed(BODY[:12] + b"x" * 16 + BODY[28:]), passphrase=PASSPHRASE)


def test_a_changed_passphrase_opens_and_the_old_one_no_more() -> None:
    changed = change_passphrase(KEYFILE, old=PASSPHRASE, new=OTHER, cost=FLOOR, ids=IDS)
    assert open_keyfile(changed, passphrase=OTHER) == UNLOCKED
    with pytest.raises(WrongPassphrase):
        open_keyfile(changed, passphrase=PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        change_passphrase(KEYFILE, old=OTHER, new=PASSPHRASE, cost=FLOOR, ids=IDS)


def test_a_change_of_passphrase_never_lowers_the_cost() -> None:
    dearer = KdfCost(memory_kib=65_536, passes=4, lanes=4)
    first = change_passphrase(KEYFILE, old=PASSPHRASE, new=OTHER, cost=dearer, ids=IDS)
    second = change_passphrase(first, old=OTHER, new=PASSPHRASE, cost=FLOOR, ids=IDS)
    assert parse_keyfile(second).slots[0].cost == dearer


def test_with_a_keystore_the_passphrase_alone_is_not_enough() -> None:
    both = keyfile(keystore=KEYSTORE)
    assert open_keyfile(both, passphrase=PASSPHRASE, keystore=KEYSTORE) == UNLOCKED
    with pytest.raises(KeystoreNeeded):
        open_keyfile(both, passphrase=PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        open_keyfile(both, passphrase=PASSPHRASE, keystore=Private(b"x" * 32))
    changed = change_passphrase(both, old=PASSPHRASE, new=OTHER, cost=FLOOR, ids=IDS, keystore=KEYSTORE)
    with pytest.raises(KeystoreNeeded):
        open_keyfile(changed, passphrase=OTHER)


def test_the_recovery_key_gives_the_vault_key_and_nothing_of_the_device() -> None:
    with_recovery = add_recovery(KEYFILE, vault_key=b"v" * 32, recovery_public=RECOVERY.public)
    assert open_recovery(with_recovery, recovery=RECOVERY) == b"v" * 32
    assert open_keyfile(with_recovery, passphrase=PASSPHRASE) == UNLOCKED
    with pytest.raises(SealBroken):
        open_recovery(with_recovery, recovery=KemKey.from_seed(b"s" * 32))
    with pytest.raises(SealBroken):
        open_recovery(KEYFILE, recovery=RECOVERY)


def test_a_new_recovery_key_takes_the_place_of_the_old() -> None:
    newer = KemKey.from_seed(b"n" * 32)
    first = add_recovery(KEYFILE, vault_key=b"v" * 32, recovery_public=RECOVERY.public)
    second = add_recovery(first, vault_key=b"v" * 32, recovery_public=newer.public)
    assert len(second) == len(first)
    assert open_recovery(second, recovery=newer) == b"v" * 32


def test_a_passphrase_is_the_same_however_its_letters_and_spaces_were_typed() -> None:
    assert normal("ni\u00f1o\u00a0feliz") == normal("nin\u0303o feliz")
    assert normal("Ni\u00f1o feliz") != normal("ni\u00f1o feliz")
    assert normal(" a") != normal("a")


@pytest.mark.parametrize(
    ("takes", "cost"),
    [
        (1.0, KdfCost(262_144, 3, 4)),
        (0.5, KdfCost(262_144, 6, 4)),
        (0.000_1, KdfCost(262_144, 64, 4)),
        (2.0, KdfCost(131_072, 3, 4)),
        (60.0, FLOOR),
    ],
)
def test_calibration_asks_for_about_a_second_within_the_bounds(takes: float, cost: KdfCost) -> None:
    found = calibrate(seconds=1.0, measure=lambda _: takes)
    assert found == cost
    found.check()


def test_a_guess_takes_measurable_time() -> None:
    assert seconds_for(FLOOR) > 0.005
