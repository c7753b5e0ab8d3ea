"""Single facts about this vault: whose it is, which agency, how far it has read."""

from typing import Final

from advocate_app.store.connection import Reader, Writer

AGENCY: Final = "agency"
FINGERPRINT: Final = "fingerprint"
MEMBER: Final = "member"
DEVICE: Final = "device"
SERVER: Final = "server"
HOME_STREAM: Final = "home_stream"
BOXES_AFTER: Final = "boxes_after"
COPY: Final = "copy"
"""Set once this vault is known to be a copy of another: it never seals again."""
LAST_CONTACT: Final = "last_contact"
"""When the server last answered, ms since 1970 UTC by this laptop's clock."""
ENROLMENT: Final = "enrolment"
"""What a newcomer keeps until the approval is there; msgpack."""
PROMISES: Final = "promises"
"""Places of roster and streams that the invitation vouched for; msgpack."""

Value = bytes | int | str


def find(db: Reader, name: str) -> Value | None:
    """The fact of this name, or None."""
    row = db.row("SELECT value FROM fact WHERE name = ?", (name,))
    return None if row is None else row[0]


def find_bytes(db: Reader, name: str) -> bytes:
    """The fact of this name as bytes; empty where there is none."""
    value = find(db, name)
    return value if isinstance(value, bytes) else b""


def find_number(db: Reader, name: str) -> int:
    """The fact of this name as a number; 0 where there is none."""
    value = find(db, name)
    return value if isinstance(value, int) else 0


def find_text(db: Reader, name: str) -> str:
    """The fact of this name as text; empty where there is none."""
    value = find(db, name)
    return value if isinstance(value, str) else ""


def put(tx: Writer, name: str, value: Value) -> None:
    """Set a fact."""
    tx.run("INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))


def drop(tx: Writer, name: str) -> None:
    """Remove a fact."""
    tx.run("DELETE FROM fact WHERE name = ?", (name,))
