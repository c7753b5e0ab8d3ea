"""The keys this vault holds: of members (U), groups (G), streams (S) and compartments (C)."""

from dataclasses import dataclass

from advocate_app.store.connection import Reader, Writer


@dataclass(frozen=True, slots=True)
class HeldKey:
    """One 32-byte key or seed, with its generation (0 for compartments) and 16-byte key_id."""

    generation: int
    key_id: bytes
    secret: bytes

    def __repr__(self) -> str:
        return "HeldKey()"


def hold_key(tx: Writer, *, kind: str, scope: bytes, key: HeldKey) -> None:
    """Keep a key; holding it already is no change."""
    tx.run(
        "INSERT INTO key_held VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (kind, scope, key.generation, key.key_id, key.secret),
    )


def hold_pending(tx: Writer, *, kind: str, scope: bytes, key: HeldKey) -> None:
    """Keep a key that the roster may come to name; it is not used before it does."""
    hold_key(tx, kind="P" + kind, scope=scope, key=key)


def pending_keys(db: Reader) -> list[tuple[str, bytes, HeldKey]]:
    """Keys that the roster did not name yet: (kind, scope, key)."""
    rows = db.rows("SELECT kind, scope, generation, key_id, secret FROM key_held WHERE kind GLOB 'P?'")
    return [(kind[1:], scope, HeldKey(generation, key_id, secret)) for kind, scope, generation, key_id, secret in rows]


def settle_pending(tx: Writer, *, kind: str, scope: bytes, key: HeldKey, named: bool) -> None:
    """The roster names this key, or another one in its place."""
    tx.run("DELETE FROM key_held WHERE kind = ? AND scope = ? AND key_id = ?", ("P" + kind, scope, key.key_id))
    if named:
        hold_key(tx, kind=kind, scope=scope, key=key)


def find_key(db: Reader, *, kind: str, scope: bytes, key_id: bytes) -> bytes | None:
    """The key of this scope and key_id, or None."""
    row = db.row("SELECT secret FROM key_held WHERE kind = ? AND scope = ? AND key_id = ?", (kind, scope, key_id))
    return None if row is None else row[0]


def find_generation(db: Reader, *, kind: str, scope: bytes, generation: int) -> HeldKey | None:
    """The key of this scope and generation, or None."""
    row = db.row(
        "SELECT generation, key_id, secret FROM key_held WHERE kind = ? AND scope = ? AND generation = ?",
        (kind, scope, generation),
    )
    return None if row is None else HeldKey(*row)


def held_ids(db: Reader, *, kind: str, scope: bytes) -> set[bytes]:
    """The key_ids held of this scope."""
    return {key_id for (key_id,) in db.rows("SELECT key_id FROM key_held WHERE kind = ? AND scope = ?", (kind, scope))}


def keep_box(tx: Writer, *, number: int, recipient: bytes, box: bytes) -> None:
    """Keep a box from the server until it can be opened."""
    tx.run("INSERT INTO key_box VALUES (?, ?, ?, 'waiting') ON CONFLICT DO NOTHING", (number, recipient, box))


def waiting_boxes(db: Reader) -> list[tuple[int, bytes]]:
    """Boxes from the server that wait to be opened: (number, box)."""
    return db.rows("SELECT box_id, box FROM key_box WHERE state = 'waiting' ORDER BY box_id")


def settle_box(tx: Writer, *, number: int, state: str) -> None:
    """A box was opened, or refused; the bytes of an opened one are no longer needed."""
    tx.run("UPDATE key_box SET state = ?, box = x'' WHERE box_id = ?", (state, number))
