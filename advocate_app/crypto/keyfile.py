"""The keyfile's bytes: what stands beside a vault so that it can be opened (docs/spec/keyfile.md)."""

import hashlib
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from advocate_app.crypto.errors import KeyfileDamaged, KeyfileNewer
from advocate_app.crypto.kem import OVERHEAD as KEM_OVERHEAD
from advocate_app.crypto.stretching import SALT_SIZE, KdfCost
from advocate_app.crypto.symmetric import sealed_size

MAGIC: Final = b"ADVKEYF\0"
VERSION: Final = 1
MOST_SLOTS: Final = 8
VAULT_KEY_SIZE: Final = 32
DEVICE_SECRET_SIZE: Final = 64
_CHECKSUM: Final = 32
_FRONT: Final = struct.Struct(">8sBBH16s")
_SLOT: Final = struct.Struct(">BBHII16s")


class SlotKind(IntEnum):
    """What opens a slot."""

    PASSPHRASE = 1
    PASSPHRASE_KEYSTORE = 2
    """The passphrase, and a secret of the operating system's keystore."""
    RECOVERY = 3
    """The agency's recovery key; it gives the vault key only."""


_SEALED: Final = {
    SlotKind.PASSPHRASE: sealed_size(VAULT_KEY_SIZE + DEVICE_SECRET_SIZE),
    SlotKind.PASSPHRASE_KEYSTORE: sealed_size(VAULT_KEY_SIZE + DEVICE_SECRET_SIZE),
    SlotKind.RECOVERY: VAULT_KEY_SIZE + KEM_OVERHEAD,
}
NO_COST: Final = KdfCost(memory_kib=0, passes=0, lanes=0)
NO_SALT: Final = bytes(SALT_SIZE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One way to open the vault. `salt` is 16 bytes; a recovery slot has neither cost nor salt."""

    kind: SlotKind
    cost: KdfCost
    salt: bytes
    sealed: bytes = b""

    @property
    def front(self) -> bytes:
        """The 28 bytes before the seal, which is bound to them."""
        cost = self.cost
        return _SLOT.pack(self.kind, cost.lanes, _SEALED[self.kind], cost.memory_kib, cost.passes, self.salt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyfile:
    """A keyfile's content. `id` is 16 random bytes that every slot is bound to."""

    id: bytes
    slots: tuple[Slot, ...]

    def pack(self) -> bytes:
        """The bytes to store."""
        front = _FRONT.pack(MAGIC, VERSION, len(self.slots), 0, self.id)
        body = front + b"".join(slot.front + slot.sealed for slot in self.slots)
        return body + hashlib.sha256(body).digest()


def parse_keyfile(content: bytes) -> Keyfile:
    """The keyfile that these bytes are. Raises `KeyfileDamaged`, `KeyfileNewer`."""
    keyfile_version(content)
    body = content[:-_CHECKSUM]
    if len(body) < _FRONT.size:
        raise KeyfileDamaged("keyfile: cut short")
    _, _, count, zero, keyfile_id = _FRONT.unpack_from(body)
    if zero or not 1 <= count <= MOST_SLOTS:
        raise KeyfileDamaged("keyfile: number of slots", count=count)
    slots: list[Slot] = []
    place = _FRONT.size
    for _ in range(count):
        slot = _parse_slot(body, place=place)
        slots.append(slot)
        place += _SLOT.size + len(slot.sealed)
    if place != len(body):
        raise KeyfileDamaged("keyfile: more than its slots")
    return Keyfile(id=keyfile_id, slots=tuple(slots))


def keyfile_version(content: bytes) -> int:
    """The format's version, of a keyfile that is whole. Raises `KeyfileDamaged`, `KeyfileNewer`."""
    if len(content) < len(MAGIC) + 1 + _CHECKSUM or not content.startswith(MAGIC):
        raise KeyfileDamaged("keyfile: not a keyfile")
    if hashlib.sha256(content[:-_CHECKSUM]).digest() != content[-_CHECKSUM:]:
        raise KeyfileDamaged("keyfile: checksum")
    version = content[len(MAGIC)]
    if version > VERSION:
        raise KeyfileNewer("keyfile: of a newer program", version=version)
    if version < VERSION:
        raise KeyfileDamaged("keyfile: of no version", version=version)
    return version


def _parse_slot(body: bytes, *, place: int) -> Slot:
    if len(body) < place + _SLOT.size:
        raise KeyfileDamaged("keyfile: a slot is cut short")
    number, lanes, size, memory_kib, passes, salt = _SLOT.unpack_from(body, place)
    if number not in _SEALED:
        raise KeyfileDamaged("keyfile: a slot of no known kind", kind=number)
    kind = SlotKind(number)
    cost = KdfCost(memory_kib=memory_kib, passes=passes, lanes=lanes)
    sealed = body[place + _SLOT.size : place + _SLOT.size + size]
    if size != _SEALED[kind] or len(sealed) != size:
        raise KeyfileDamaged("keyfile: a slot of the wrong length", length=size)
    if kind is SlotKind.RECOVERY and (cost != NO_COST or salt != NO_SALT):
        raise KeyfileDamaged("keyfile: a recovery slot with a cost")
    return Slot(kind=kind, cost=cost, salt=salt, sealed=sealed)
