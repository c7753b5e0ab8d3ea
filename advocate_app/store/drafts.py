"""Drafts: what someone has typed and not yet saved, one for each key, kept through a lock, a kill or a power cut."""

from dataclasses import dataclass, field

from advocate_app.store.connection import Reader, Writer

TOPIC = "drafts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed under one key."""

    key: str
    """Where it belongs, as the form that asks for it names it: a screen and ids, never words someone typed."""
    text: str = field(repr=False)
    """What was typed; a form of several fields encodes them itself."""
    caret: int
    """Where the caret stood, in characters."""
    updated_at: int
    """When it was kept, in ms since 1970 UTC."""


def keep(tx: Writer, *, key: str, text: str, at: int, caret: int = 0) -> None:
    """Keep what was typed in place of what this key held before. `at` is in ms since 1970 UTC."""
    tx.run(
        "INSERT INTO draft (key, body, caret, updated_at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE"
        " SET body = excluded.body, caret = excluded.caret, updated_at = excluded.updated_at",
        (key, text.encode(), caret, at),
    )
    tx.changes.add(TOPIC)


def find(db: Reader, *, key: str) -> Draft | None:
    """The draft of this key, or None when nothing is waiting there."""
    row = db.row("SELECT key, body, caret, updated_at FROM draft WHERE key = ?", (key,))
    return _draft(*row) if row else None


def list_drafts(db: Reader) -> list[Draft]:
    """Every draft, the latest first."""
    return [
        _draft(*row) for row in db.rows("SELECT key, body, caret, updated_at FROM draft ORDER BY updated_at DESC, key")
    ]


def drop(tx: Writer, *, key: str) -> None:
    """Forget a draft, because it was saved or given up. One that is not there is no error."""
    tx.run("DELETE FROM draft WHERE key = ?", (key,))
    tx.changes.add(TOPIC)


def _draft(key: str, body: bytes, caret: int, updated_at: int) -> Draft:
    return Draft(key=key, text=body.decode(), caret=caret, updated_at=updated_at)
