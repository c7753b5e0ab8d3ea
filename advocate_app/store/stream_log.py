"""How far this vault has read each stream, and its own envelopes until and after they are acknowledged."""

from dataclasses import dataclass

from advocate_app.store.connection import Reader, Writer
from advocate_app.wire.envelope import NO_LEAF
from advocate_app.wire.log import first_head


@dataclass(frozen=True, slots=True)
class StreamRow:
    """One stream: row, id, life, how many places were verified, the head there, the roster size stamped there."""

    row: int
    stream: bytes
    life: int
    size: int
    head: bytes
    roster_size: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The end of one device's chain in one stream: last seq, its leaf, next event number (0: not known)."""

    seq: int
    leaf: bytes
    next_no: int
    roster_size: int


NO_CHAIN = Chain(seq=0, leaf=NO_LEAF, next_no=1, roster_size=0)


@dataclass(frozen=True, slots=True)
class OwnEnvelope:
    """One envelope of this device, sealed and perhaps acknowledged."""

    stream: int
    seq: int
    leaf: bytes
    kind: int
    envelope: bytes
    flagged: bool
    first_no: int
    count: int
    log_index: int | None


_OWN = "stream, seq, leaf, kind, bytes, flagged, first_no, count, log_index"


def ensure_stream(tx: Writer, *, agency: bytes, stream: bytes) -> StreamRow:
    """The stream's row, made at its beginning if it is new."""
    tx.run(
        "INSERT INTO stream (stream, life, size, head, roster_size) VALUES (?, 1, 0, ?, 0) ON CONFLICT DO NOTHING",
        (stream, first_head(agency=agency, stream=stream)),
    )
    found = find_stream(tx, stream)
    assert found is not None
    return found


def find_stream(db: Reader, stream: bytes) -> StreamRow | None:
    """The stream's row, or None."""
    row = db.row("SELECT id, stream, life, size, head, roster_size FROM stream WHERE stream = ?", (stream,))
    return None if row is None else StreamRow(*row)


def list_streams(db: Reader) -> list[StreamRow]:
    """All streams this vault reads."""
    return [
        StreamRow(*row) for row in db.rows("SELECT id, stream, life, size, head, roster_size FROM stream ORDER BY id")
    ]


def move_stream(tx: Writer, *, row: int, size: int, head: bytes, roster_size: int) -> None:
    """A stream was verified up to here."""
    tx.run("UPDATE stream SET size = ?, head = ?, roster_size = ? WHERE id = ?", (size, head, roster_size, row))


def head_at(db: Reader, *, stream: int, index: int) -> bytes | None:
    """The verified head at an index from 1, or None beyond what was read."""
    row = db.row("SELECT head FROM log_entry WHERE stream = ? AND idx = ?", (stream, index))
    return None if row is None else row[0]


def find_chain(db: Reader, *, stream: int, device: int) -> Chain:
    """The end of a device's chain as logged here."""
    row = db.row("SELECT seq, leaf, next_no, roster_size FROM chain WHERE stream = ? AND device = ?", (stream, device))
    return NO_CHAIN if row is None else Chain(*row)


def move_chain(tx: Writer, *, stream: int, device: int, chain: Chain) -> None:
    """A device's chain is logged up to here."""
    tx.run(
        "INSERT INTO chain VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (stream, device) DO UPDATE SET "
        "seq = excluded.seq, leaf = excluded.leaf, next_no = excluded.next_no, roster_size = excluded.roster_size",
        (stream, device, chain.seq, chain.leaf, chain.next_no, chain.roster_size),
    )


def sealed_end(db: Reader, *, stream: int) -> Chain:
    """The end of this device's own chain, sealed or logged, whichever is further."""
    logged = find_chain(db, stream=stream, device=1)
    row = db.row(
        "SELECT seq, leaf, first_no + count FROM envelope WHERE stream = ? ORDER BY seq DESC LIMIT 1", (stream,)
    )
    if row is None or row[0] <= logged.seq:
        return logged
    return Chain(seq=row[0], leaf=row[1], next_no=row[2], roster_size=logged.roster_size)


def keep_envelope(tx: Writer, *, own: OwnEnvelope, sealed_at: int) -> None:
    """Keep an envelope of this device; it is flagged before its first byte leaves."""
    tx.run(
        "INSERT INTO envelope (stream, seq, leaf, kind, bytes, flagged, first_no, count, sealed_at) "
        "VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)",
        (own.stream, own.seq, own.leaf, own.kind, own.envelope, own.first_no, own.count, sealed_at),
    )


def unlogged_envelopes(db: Reader, *, stream: int, limit_bytes: int) -> list[OwnEnvelope]:
    """Own envelopes without a receipt, oldest first, up to about this many bytes and at least one."""
    found: list[OwnEnvelope] = []
    total = 0
    seqs = db.rows(
        "SELECT seq, length(bytes) FROM envelope WHERE stream = ? AND log_index IS NULL ORDER BY seq", (stream,)
    )
    for seq, size in seqs:
        total += size
        if found and total > limit_bytes:
            break
        own = find_envelope(db, stream=stream, seq=seq)
        assert own is not None
        found.append(own)
    return found


def find_envelope(db: Reader, *, stream: int, seq: int) -> OwnEnvelope | None:
    """One own envelope, or None when it was never here or is kept no longer."""
    row = db.row(f"SELECT {_OWN} FROM envelope WHERE stream = ? AND seq = ?", (stream, seq))  # noqa: S608  constant
    if row is None:
        return None
    stream_row, seq, leaf, kind, data, flagged, *rest = row
    return OwnEnvelope(stream_row, seq, leaf, kind, data, bool(flagged), *rest)


def flag_envelopes(tx: Writer, *, stream: int, last_seq: int) -> None:
    """From now on these envelopes are only ever sent unchanged."""
    tx.run("UPDATE envelope SET flagged = 1 WHERE stream = ? AND seq <= ? AND flagged = 0", (stream, last_seq))


def acknowledge(tx: Writer, *, stream: int, seq: int, log_index: int, receipt: bytes) -> None:
    """The server's receipt for an own envelope was verified (64-byte signature)."""
    tx.run(
        "UPDATE envelope SET log_index = ?, receipt = ?, flagged = 1 "
        "WHERE stream = ? AND seq = ? AND log_index IS NULL",
        (log_index, receipt, stream, seq),
    )


def acknowledged_seq(db: Reader, *, stream: int) -> int:
    """The last of this device's envelopes that the server has acknowledged or the log has shown; 0 for none."""
    row = db.row("SELECT max(seq) FROM envelope WHERE stream = ? AND log_index IS NOT NULL", (stream,))
    logged = find_chain(db, stream=stream, device=1).seq
    return max(logged, int(row[0]) if row is not None and row[0] is not None else 0)


def forget_logged(tx: Writer, *, before: int) -> None:
    """Drop acknowledged envelopes sealed before this time (ms), except each stream's last."""
    tx.run(
        "DELETE FROM envelope WHERE log_index IS NOT NULL AND sealed_at < ? AND seq < "
        "(SELECT max(seq) FROM envelope AS newer WHERE newer.stream = envelope.stream)",
        (before,),
    )
