"""The roster entries this vault has verified, and the devices they name."""

from collections.abc import Sequence

import msgspec

from advocate_app.store.connection import Reader, Writer
from advocate_app.wire.roster import entry_hash
from advocate_app.wire.roster_reading import read_entry
from advocate_app.wire.roster_state import RosterState

Signed = tuple[bytes, list[tuple[bytes, bytes]]]
"""An entry's bytes with its signatures as (device id, 64 bytes)."""


def _trusted(public: bytes, message: bytes, signature: bytes) -> None:
    """Entries in the vault were verified before they were written, and the vault is authenticated."""


def load_roster(db: Reader) -> RosterState | None:
    """The roster as this vault knows it, or None before the agency is founded or joined."""
    state: RosterState | None = None
    for entry, signatures in db.rows("SELECT entry, signatures FROM roster_entry ORDER BY idx"):
        pairs = msgspec.msgpack.decode(signatures, type=list[tuple[bytes, bytes]])
        state = read_entry(state=state, data=entry, signatures=pairs, verify=_trusted)
    return state


def roster_hash(db: Reader, index: int) -> bytes | None:
    """The hash of the entry at an index, or None if it is not here."""
    row = db.row("SELECT hash FROM roster_entry WHERE idx = ?", (index,))
    return None if row is None else row[0]


def keep_entries(tx: Writer, *, first: int, entries: Sequence[Signed]) -> None:
    """Keep verified entries from index `first` on."""
    tx.run_many(
        "INSERT INTO roster_entry VALUES (?, ?, ?, ?)",
        [
            (first + at, entry_hash(entry), entry, msgspec.msgpack.encode(signatures))
            for at, (entry, signatures) in enumerate(entries)
        ],
    )


def keep_devices(tx: Writer, *, state: RosterState, own: bytes) -> None:
    """A row for each device on the roster; this device is always row 1, so it goes first."""
    ordered = sorted(state.devices.values(), key=lambda device: device.id != own)
    tx.run_many(
        "INSERT INTO device (id, device, member) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(1 if device.id == own else None, device.id, device.member) for device in ordered],
    )


def device_rows(db: Reader) -> dict[bytes, int]:
    """Each known device's row."""
    return dict(db.rows("SELECT device, id FROM device"))


def device_members(db: Reader) -> dict[int, tuple[bytes, bytes]]:
    """Each device row's device id and member id."""
    return {row: (device, member) for row, device, member in db.rows("SELECT id, device, member FROM device")}
