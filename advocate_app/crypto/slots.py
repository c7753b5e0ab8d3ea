"""Opening a vault's keyfile: by passphrase, by passphrase and keystore, by the agency's recovery key."""

from dataclasses import dataclass, field, replace
from typing import Final

from advocate_app.base.ids import Ids
from advocate_app.base.private import Private
from advocate_app.crypto.derive import hkdf
from advocate_app.crypto.errors import KeystoreNeeded, SealBroken, WrongPassphrase
from advocate_app.crypto.kem import KemKey, seal_to
from advocate_app.crypto.keyfile import (
    DEVICE_SECRET_SIZE,
    MOST_SLOTS,
    NO_COST,
    NO_SALT,
    VAULT_KEY_SIZE,
    Keyfile,
    Slot,
    SlotKind,
    keyfile_version,
    parse_keyfile,
)
from advocate_app.crypto.stretching import DEFAULT, FLOOR, SALT_SIZE, KdfCost, calibrate, stretch
from advocate_app.crypto.symmetric import open_sealed, seal

__all__ = [
    "DEFAULT",
    "FLOOR",
    "KdfCost",
    "Unlocked",
    "add_recovery",
    "calibrate",
    "change_passphrase",
    "create_keyfile",
    "keyfile_version",
    "open_keyfile",
    "open_recovery",
]
_SLOT: Final = b"ADV1/slot\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """What a passphrase gives: the vault key (32 bytes), and Ed25519 seed || X-Wing seed of this device (64 bytes)."""

    vault_key: bytes = field(repr=False)
    device_secret: bytes = field(repr=False)


def create_keyfile(
    *,
    passphrase: Private[str],
    vault_key: bytes,
    device_secret: bytes,
    cost: KdfCost,
    ids: Ids,
    keystore: Private[bytes] | None = None,
) -> bytes:
    """A keyfile with one slot. `keystore`: 32 random bytes that the system keeps, needed from then on.

    Raises `KdfRefused`.
    """
    if len(vault_key) != VAULT_KEY_SIZE or len(device_secret) != DEVICE_SECRET_SIZE:
        raise ValueError("a vault key has 32 bytes, a device secret 64")
    keyfile_id = ids.secret(16)
    unlocked = Unlocked(vault_key=vault_key, device_secret=device_secret)
    slot = _new_slot(unlocked, keyfile_id=keyfile_id, passphrase=passphrase, cost=cost, ids=ids, keystore=keystore)
    return Keyfile(id=keyfile_id, slots=(slot,)).pack()


def open_keyfile(content: bytes, *, passphrase: Private[str], keystore: Private[bytes] | None = None) -> Unlocked:
    """What the passphrase gives.

    Raises `WrongPassphrase`, `KeystoreNeeded`, `KeyfileDamaged`, `KeyfileNewer`, `KdfRefused`.
    """
    return _open(parse_keyfile(content), passphrase=passphrase, keystore=keystore)[1]


def change_passphrase(
    content: bytes,
    *,
    old: Private[str],
    new: Private[str],
    cost: KdfCost,
    ids: Ids,
    keystore: Private[bytes] | None = None,
) -> bytes:
    """The keyfile with the slot that `old` opens wrapped anew; the cost never falls. Raises as `open_keyfile` does."""
    keyfile = parse_keyfile(content)
    place, unlocked = _open(keyfile, passphrase=old, keystore=keystore)
    opened = keyfile.slots[place]
    slot = _new_slot(
        unlocked,
        keyfile_id=keyfile.id,
        passphrase=new,
        cost=cost.at_least(opened.cost),
        ids=ids,
        keystore=keystore if opened.kind is SlotKind.PASSPHRASE_KEYSTORE else None,
    )
    slots = (*keyfile.slots[:place], slot, *keyfile.slots[place + 1 :])
    return replace(keyfile, slots=slots).pack()


def add_recovery(content: bytes, *, vault_key: bytes, recovery_public: bytes) -> bytes:
    """The keyfile with the vault key sealed to the agency's recovery key, in place of an earlier such slot.

    Raises `PublicKeyBroken`, `KeyfileDamaged`, `KeyfileNewer`.
    """
    keyfile = parse_keyfile(content)
    slot = Slot(kind=SlotKind.RECOVERY, cost=NO_COST, salt=NO_SALT)
    context = _context(slot, keyfile_id=keyfile.id)
    sealed = replace(slot, sealed=seal_to(recovery_public, info=context, plain=vault_key))
    others = tuple(each for each in keyfile.slots if each.kind is not SlotKind.RECOVERY)
    return replace(keyfile, slots=(*others[: MOST_SLOTS - 1], sealed)).pack()


def open_recovery(content: bytes, *, recovery: KemKey) -> bytes:
    """The vault key, by the agency's recovery key. Raises `SealBroken`, `KeyfileDamaged`, `KeyfileNewer`."""
    keyfile = parse_keyfile(content)
    for slot in keyfile.slots:
        if slot.kind is SlotKind.RECOVERY:
            return recovery.open(slot.sealed, info=_context(slot, keyfile_id=keyfile.id))
    raise SealBroken("keyfile: no recovery slot")


def _new_slot(
    unlocked: Unlocked,
    *,
    keyfile_id: bytes,
    passphrase: Private[str],
    cost: KdfCost,
    ids: Ids,
    keystore: Private[bytes] | None,
) -> Slot:
    kind = SlotKind.PASSPHRASE if keystore is None else SlotKind.PASSPHRASE_KEYSTORE
    slot = Slot(kind=kind, cost=cost, salt=ids.secret(SALT_SIZE))
    key = _wrapping_key(slot, passphrase=passphrase, keystore=keystore)
    plain = unlocked.vault_key + unlocked.device_secret
    return replace(slot, sealed=seal(key, context=_context(slot, keyfile_id=keyfile_id), plain=plain))


def _open(keyfile: Keyfile, *, passphrase: Private[str], keystore: Private[bytes] | None) -> tuple[int, Unlocked]:
    """Which slot opened, and what it gave."""
    tried = False
    for place, slot in enumerate(keyfile.slots):
        needs_keystore = slot.kind is SlotKind.PASSPHRASE_KEYSTORE
        if slot.kind is SlotKind.RECOVERY or (needs_keystore and keystore is None):
            continue
        tried = True
        key = _wrapping_key(slot, passphrase=passphrase, keystore=keystore if needs_keystore else None)
        try:
            plain = open_sealed(key, context=_context(slot, keyfile_id=keyfile.id), sealed=slot.sealed)
        except SealBroken:
            continue
        return place, Unlocked(vault_key=plain[:VAULT_KEY_SIZE], device_secret=plain[VAULT_KEY_SIZE:])
    if not tried:
        raise KeystoreNeeded("keyfile: no slot opens by passphrase alone")
    raise WrongPassphrase


def _wrapping_key(slot: Slot, *, passphrase: Private[str], keystore: Private[bytes] | None) -> bytes:
    stretched = stretch(passphrase, salt=slot.salt, cost=slot.cost)
    kept = keystore.reveal() if keystore is not None else b""
    return hkdf(stretched + kept, salt=slot.salt, info=_SLOT + bytes((slot.kind,)))


def _context(slot: Slot, *, keyfile_id: bytes) -> bytes:
    return _SLOT + keyfile_id + slot.front
