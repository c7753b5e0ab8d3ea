"""Statements about rosters, and the rosters read so far, each continued from where it was read to."""

import threading
from typing import Final

import msgspec
from sqlalchemy import Connection, bindparam, insert, select

from advocate_app.wire.api import SignedEntry
from advocate_app.wire.roster_reading import read_entry
from advocate_app.wire.roster_state import RosterState
from advocate_server.store.tables import roster_entry

APPEND: Final = insert(roster_entry)
"""Further entries."""

FROM: Final = (
    select(roster_entry.c.entry, roster_entry.c.signatures)
    .where(roster_entry.c.agency == bindparam("agency"), roster_entry.c.place >= bindparam("start"))
    .order_by(roster_entry.c.place)
    .limit(bindparam("most"))
)
"""Entries from a place on."""

HASH_AT: Final = select(roster_entry.c.hash).where(
    roster_entry.c.agency == bindparam("agency"), roster_entry.c.place == bindparam("place")
)
"""The hash of one entry."""

_KEPT = 3
_EVERY = 2**31 - 1
_ENCODER: Final = msgspec.msgpack.Encoder()
_SIGNATURES: Final = msgspec.msgpack.Decoder(list[tuple[bytes, bytes]])


def pack_signatures(signatures: list[tuple[bytes, bytes]]) -> bytes:
    """Signatures as they lie in the table."""
    return _ENCODER.encode(signatures)


def entries_from(tx: Connection, *, agency: bytes, start: int, most: int) -> list[SignedEntry]:
    """At most `most` entries from a place on."""
    rows = tx.execute(FROM, {"agency": agency, "start": start, "most": most})
    return [SignedEntry(entry=entry, signatures=_SIGNATURES.decode(signatures)) for entry, signatures in rows]


class Rosters:
    """Each agency's roster as last read, by (size, head); a transaction that came to nothing leaves no wrong one."""

    def __init__(self) -> None:
        self._read: dict[bytes, dict[tuple[int, bytes], RosterState]] = {}
        self._lock = threading.Lock()

    def at(self, tx: Connection, *, agency: bytes, size: int, head: bytes) -> RosterState:
        """The roster at its present size, which is at least 1, and head."""
        with self._lock:
            known = dict(self._read.get(agency, {}))
        found = known.get((size, head))
        if found is not None:
            return found
        state = self._nearest(tx, known=known, agency=agency, size=size)
        start = state.size if state else 0
        for signed in entries_from(tx, agency=agency, start=start, most=_EVERY):
            state = read_entry(state=state, data=signed.entry, signatures=signed.signatures, verify=_checked_before)
        assert state is not None
        self.keep(state)
        return state

    def keep(self, state: RosterState) -> None:
        """Remember a roster as read; the oldest of this agency's is forgotten."""
        with self._lock:
            known = self._read.setdefault(state.agency, {})
            known[state.size, state.head] = state
            while len(known) > _KEPT:
                del known[next(iter(known))]

    def _nearest(
        self, tx: Connection, *, known: dict[tuple[int, bytes], RosterState], agency: bytes, size: int
    ) -> RosterState | None:
        """The longest roster in memory that the stored one begins with."""
        for (was, head), state in sorted(known.items(), key=lambda item: -item[0][0]):
            if was <= size and tx.execute(HASH_AT, {"agency": agency, "place": was - 1}).scalar() == head:
                return state
        return None


def _checked_before(_public: bytes, _message: bytes, _signature: bytes) -> None:
    """Stored entries were verified before they were stored; `doctor` verifies them again."""
