"""The tables: sealed bytes, public keys, ids, sizes and times; nothing that names a person.

Ids are 16 bytes, hashes 32; every time is ms since 1970 UTC by this server's clock.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

TABLES: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _agency() -> Column[bytes]:
    return Column("agency", LargeBinary, ForeignKey("agency.id"), nullable=False)


agency: Final = Table(
    "agency",
    TABLES,
    Column("id", LargeBinary, primary_key=True),
    Column("label", Text, nullable=False),
    Column("log_seed", LargeBinary, nullable=False),
    Column("log_public", LargeBinary, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("secret_expires_at", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("roster_size", Integer, nullable=False),
    Column("roster_head", LargeBinary, nullable=False),
    Column("box_count", BigInteger, nullable=False),
    Column("stored_bytes", BigInteger, nullable=False),
    Column("shelf_bytes", BigInteger, nullable=False),
)
"""One agency. `log_seed` signs its receipts; the founding secret is kept as a hash only."""

roster_entry: Final = Table(
    "roster_entry",
    TABLES,
    _agency(),
    Column("place", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("signatures", LargeBinary, nullable=False),
    PrimaryKeyConstraint("agency", "place"),
)
"""The roster, entry by entry, as signed; `signatures` is msgpack of (device, signature) pairs."""

stream: Final = Table(
    "stream",
    TABLES,
    _agency(),
    Column("id", LargeBinary, nullable=False),
    Column("life", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("total", BigInteger, nullable=False),
    PrimaryKeyConstraint("agency", "id"),
)
"""How far each stream's log stands; `total` is the bytes of its envelopes."""

log_item: Final = Table(
    "log_item",
    TABLES,
    _agency(),
    Column("stream", LargeBinary, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("device", LargeBinary, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("roster_size", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("gone", LargeBinary, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    PrimaryKeyConstraint("agency", "stream", "place"),
    UniqueConstraint("agency", "stream", "device", "seq"),
    UniqueConstraint("agency", "stream", "total"),
)
"""A stream's log. `total` counts the bytes up to and including this item, so that a page is cut by one look-up."""

device_head: Final = Table(
    "device_head",
    TABLES,
    _agency(),
    Column("stream", LargeBinary, nullable=False),
    Column("device", LargeBinary, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("roster_size", Integer, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("sealed_hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    PrimaryKeyConstraint("agency", "stream", "device"),
)
"""Each device's newest envelope in each stream; `roster_size` is what its header cites."""

late_envelope: Final = Table(
    "late_envelope",
    TABLES,
    _agency(),
    Column("stream", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("device", LargeBinary, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    PrimaryKeyConstraint("agency", "stream", "leaf"),
    Index(None, "received_at"),
)
"""The late shelf: envelopes of removed devices, kept for a supervisor to decide on."""

key_box: Final = Table(
    "key_box",
    TABLES,
    _agency(),
    Column("number", BigInteger, nullable=False),
    Column("recipient", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("box", LargeBinary, nullable=False),
    PrimaryKeyConstraint("agency", "number"),
    UniqueConstraint("agency", "hash"),
    Index(None, "agency", "recipient", "number"),
)
"""Key boxes, numbered within the agency in the order they were committed."""

mailbox: Final = Table(
    "mailbox",
    TABLES,
    Column("id", LargeBinary, primary_key=True),
    _agency(),
    Column("expires_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Index(None, "expires_at"),
)
"""One invitation's mailbox. `tries` counts the letters ever put into step 2; a withdrawn one holds nothing."""

letter: Final = Table(
    "letter",
    TABLES,
    Column("mailbox", LargeBinary, ForeignKey("mailbox.id"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("mailbox", "step"),
    CheckConstraint("step BETWEEN 1 AND 3", name="step"),
)
"""What lies in a step of a mailbox, sealed."""

audit: Final = Table(
    "audit",
    TABLES,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("agency", LargeBinary, nullable=False),
    Column("device", LargeBinary, nullable=False),
    Column("code", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
"""What was done, by which device, in a chain of hashes; agency and device are empty where there is none."""

audit_head: Final = Table(
    "audit_head",
    TABLES,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
"""One row: how far the audit stands."""
