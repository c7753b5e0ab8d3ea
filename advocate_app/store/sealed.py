"""Parcels and envelopes that were received and verified but could not be opened, or were refused."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from advocate_app.store.connection import Reader, Writer

WAITING = "waiting"
CLOSED = "closed"
REFUSED = "refused"
WHOLE = -1
"""The ordinal of an envelope that waits whole, for its stream key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedParcel:
    """One parcel as it stood in an envelope; `ordinal` -1 stands for a whole envelope."""

    row: int = 0
    stream: int
    log_index: int
    ordinal: int
    device: int
    seq: int
    first_no: int
    count: int
    key_id: bytes
    cited: int
    roster_size: int
    devices: tuple[int, ...]
    sealed: bytes
    state: str = WAITING
    reason: str | None = None
    since: int


_COLUMNS = (
    "id, stream, log_index, ordinal, device, seq, first_no, count, key_id, cited, roster_size, devices, sealed, "
    "state, reason, since"
)
_NAMES: Final = tuple("row" if name == "id" else name for name in _COLUMNS.split(", "))


def keep_parcel(tx: Writer, parcel: SealedParcel) -> None:
    """Keep a parcel sealed, with its state."""
    tx.run(
        "INSERT INTO parcel (stream, log_index, ordinal, device, seq, first_no, count, key_id, cited, roster_size, "
        "devices, sealed, state, reason, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            parcel.stream,
            parcel.log_index,
            parcel.ordinal,
            parcel.device,
            parcel.seq,
            parcel.first_no,
            parcel.count,
            parcel.key_id,
            parcel.cited,
            parcel.roster_size,
            msgspec.msgpack.encode(parcel.devices),
            parcel.sealed,
            parcel.state,
            parcel.reason,
            parcel.since,
        ),
    )


def parcels_under(db: Reader, *, key_id: bytes) -> list[SealedParcel]:
    """Parcels that wait for this key, or were closed to us, in log order."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM parcel WHERE key_id = ? AND state IN ('waiting', 'closed') "  # noqa: S608  constant
        "ORDER BY stream, log_index, ordinal",
        (key_id,),
    )
    return [_parcel(row) for row in rows]


def parcel_keys(db: Reader) -> list[bytes]:
    """The key_ids that sealed parcels wait for."""
    return [key for (key,) in db.rows("SELECT DISTINCT key_id FROM parcel WHERE state IN ('waiting', 'closed')")]


def drop_parcel(tx: Writer, row: int) -> None:
    """The parcel was opened and its events are in the event log."""
    tx.run("DELETE FROM parcel WHERE id = ?", (row,))


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One thing set aside, with its reason, which is a code."""

    row: int
    device: int
    seq: int
    count: int
    state: str
    reason: str | None
    since: int


def quarantine(db: Reader, *, waiting_since: int) -> list[Quarantined]:
    """What was refused, or has waited since before this time (ms)."""
    rows = db.rows(
        "SELECT id, device, seq, count, state, reason, since FROM parcel WHERE state = 'refused' "
        "OR (state = 'waiting' AND since < ?) ORDER BY since, id",
        (waiting_since,),
    )
    return [Quarantined(*row) for row in rows]


def _parcel(row: tuple[Any, ...]) -> SealedParcel:
    named = dict(zip(_NAMES, row, strict=True))
    named["devices"] = msgspec.msgpack.decode(named["devices"], type=tuple[int, ...])
    return SealedParcel(**named)
