"""Who reads a compartment, as folded from what its members decided."""

from typing import Final

import msgspec

from advocate_app.domain.view import members
from advocate_app.store.connection import Reader

READERS_TYPE: Final = 20
READERS_FIELD: Final = 1


def readers_of(db: Reader, *, compartment: int) -> frozenset[bytes]:
    """Member and group ids (16 bytes) that read a compartment; none while that cannot be read here."""
    row = db.row(
        "SELECT r.state FROM record r JOIN compartment c ON c.id = r.compartment "
        "WHERE r.compartment = ? AND r.type = ? AND r.record_id = c.compartment",
        (compartment, READERS_TYPE),
    )
    if row is None or row[0] is None:
        return frozenset()
    return frozenset(members(msgspec.msgpack.decode(row[0], strict=False), READERS_FIELD))
