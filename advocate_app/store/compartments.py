"""Compartments: their keys, who those are boxed to, and the links to the keys they succeed."""

from dataclasses import dataclass

from advocate_app.store.connection import Reader, Writer


@dataclass(frozen=True, slots=True)
class CompartmentKey:
    """One key of a compartment: its key_id, the device row that made it, and whom it is boxed to."""

    key_id: bytes
    maker: int
    boxed: frozenset[tuple[bytes, int]]
    """(recipient, generation) pairs."""
    succeeded: bool
    """Whether a newer key seals this one."""


def compartment_row(tx: Writer, *, compartment: bytes, stream: int) -> int:
    """The row of a compartment, made if it is new here."""
    tx.run("INSERT INTO compartment (compartment, stream) VALUES (?, ?) ON CONFLICT DO NOTHING", (compartment, stream))
    row = tx.row("SELECT id, stream FROM compartment WHERE compartment = ?", (compartment,))
    assert row is not None
    if row[1] is None:
        tx.run("UPDATE compartment SET stream = ? WHERE id = ?", (stream, row[0]))
    return int(row[0])


def compartment_of(db: Reader, row: int) -> bytes:
    """A compartment's 16-byte id. Raises KeyError."""
    found = db.row("SELECT compartment FROM compartment WHERE id = ?", (row,))
    if found is None:
        raise KeyError(row)
    return bytes(found[0])


def compartment_under(db: Reader, *, key_id: bytes) -> tuple[int, bytes, int] | None:
    """Row, id and home stream (row) of the compartment that a key belongs to, or None while that is unknown.

    Anybody can claim a key_id for another compartment. Where the key itself is held, its compartment is certain.
    """
    found: tuple[int, bytes, int] | None = db.row(
        "SELECT c.id, c.compartment, c.stream FROM compartment_key k JOIN compartment c ON c.id = k.compartment "
        "WHERE k.key_id = ? ORDER BY EXISTS (SELECT 1 FROM key_held h WHERE h.kind = 'C' AND h.scope = c.compartment "
        "AND h.key_id = k.key_id) DESC, k.log_index IS NULL, k.log_index LIMIT 1",
        (key_id,),
    )
    return found


def keep_compartment_key(
    tx: Writer, *, compartment: int, key_id: bytes, maker: int, stream: int, log_index: int | None
) -> None:
    """A key of a compartment was made here, or was read in a log; the first maker stands."""
    tx.run(
        "INSERT INTO compartment_key VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (compartment, key_id, maker, stream, log_index),
    )


def keep_compartment_box(
    tx: Writer, *, compartment: int, key_id: bytes, recipient: bytes, generation: int, box: bytes, sender: int
) -> None:
    """A box of a compartment key for a member or group."""
    tx.run(
        "INSERT INTO compartment_box VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (compartment, key_id, recipient, generation, box, sender),
    )


def keep_compartment_link(tx: Writer, *, compartment: int, key_id: bytes, older: bytes, sealed: bytes) -> None:
    """An older key, sealed under the key `key_id` that succeeds it."""
    tx.run(
        "INSERT INTO compartment_link VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", (compartment, key_id, older, sealed)
    )


def boxes_to(
    db: Reader, *, compartment: int, recipients: tuple[bytes, ...]
) -> list[tuple[bytes, bytes, int, bytes, int]]:
    """Boxes addressed to any of these: (key_id, recipient, generation, box, sender device row)."""
    marks = ", ".join("?" * len(recipients))
    return db.rows(
        f"SELECT key_id, recipient, generation, box, sender FROM compartment_box WHERE compartment = ? "  # noqa: S608  # only question marks
        f"AND recipient IN ({marks})",  # only question marks are composed
        (compartment, *recipients),
    )


def links_of(db: Reader, *, compartment: int) -> list[tuple[bytes, bytes, bytes]]:
    """All links of a compartment: (newer key_id, older key_id, sealed)."""
    return db.rows("SELECT key_id, older, sealed FROM compartment_link WHERE compartment = ?", (compartment,))


def drop_compartment_link(tx: Writer, *, compartment: int, key_id: bytes, older: bytes) -> None:
    """A link that does not open under the key it names: it says nothing."""
    tx.run(
        "DELETE FROM compartment_link WHERE compartment = ? AND key_id = ? AND older = ?", (compartment, key_id, older)
    )


def keys_of(db: Reader, *, compartment: int, trusted: frozenset[int]) -> list[CompartmentKey]:
    """Every key of a compartment that is known here, by key_id.

    Whoever reads the stream can send boxes and links of any key. So only boxes of `trusted` devices (rows) count as
    covering somebody, and only a link under a key that is held here, which was opened then, counts as succeeding one.
    """
    boxed: dict[bytes, set[tuple[bytes, int]]] = {}
    for key_id, recipient, generation, sender in db.rows(
        "SELECT key_id, recipient, generation, sender FROM compartment_box WHERE compartment = ?", (compartment,)
    ):
        if sender in trusted:
            boxed.setdefault(key_id, set()).add((recipient, generation))
    succeeded = {
        older
        for (older,) in db.rows(
            "SELECT l.older FROM compartment_link l JOIN compartment c ON c.id = l.compartment "
            "JOIN key_held k ON k.kind = 'C' AND k.scope = c.compartment AND k.key_id = l.key_id "
            "WHERE l.compartment = ?",
            (compartment,),
        )
    }
    return [
        CompartmentKey(
            key_id=key_id, maker=maker, boxed=frozenset(boxed.get(key_id, ())), succeeded=key_id in succeeded
        )
        for key_id, maker in db.rows(
            "SELECT key_id, maker FROM compartment_key WHERE compartment = ? ORDER BY key_id", (compartment,)
        )
    ]


def held_compartments(db: Reader) -> list[tuple[int, bytes, int]]:
    """Compartments that a key is held of: (row, id, home stream row)."""
    return db.rows(
        "SELECT c.id, c.compartment, c.stream FROM compartment c WHERE c.stream IS NOT NULL AND EXISTS "
        "(SELECT 1 FROM key_held k WHERE k.kind = 'C' AND k.scope = c.compartment) ORDER BY c.id"
    )
