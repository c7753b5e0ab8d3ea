"""The audit: what was done, by which device, in a chain of hashes that shows what was changed or cut out."""

import hashlib
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from advocate_server.store.tables import audit, audit_head

ADD: Final = insert(audit)
"""One more line."""

HEAD: Final = select(audit_head.c.number, audit_head.c.hash).where(audit_head.c.one == 1).with_for_update()
"""How far the audit stands, held until the end of the transaction."""

MOVE_HEAD: Final = (
    update(audit_head).where(audit_head.c.one == 1).values(number=bindparam("new_number"), hash=bindparam("new_hash"))
)
"""The audit stands further on."""

AFTER: Final = (
    select(audit).where(audit.c.number > bindparam("after")).order_by(audit.c.number).limit(bindparam("most"))
)
"""Lines of the audit, a stretch at a time."""

NO_HASH: Final = bytes(32)
_STRETCH = 1000


def note(tx: Connection, *, at: int, code: str, agency: bytes = b"", device: bytes = b"", count: int = 0) -> None:
    """Add a line. `code` says what was done and `count` how much of it; neither names anyone."""
    number, before = tx.execute(HEAD).one()
    line = {"number": number + 1, "at": at, "agency": agency, "device": device, "code": code, "count": count}
    digest = line_hash(before=before, **line)
    tx.execute(ADD, {**line, "hash": digest})
    tx.execute(MOVE_HEAD, {"new_number": number + 1, "new_hash": digest})


def line_hash(*, before: bytes, number: int, at: int, agency: bytes, device: bytes, code: str, count: int) -> bytes:
    """SHA-256 over the hash before and the line, each part led by its length where that varies."""
    text = code.encode("ascii")
    digest = hashlib.sha256(b"ADV1/audit\0" + before)
    for value in (number, at, count):
        digest.update(value.to_bytes(8, "big", signed=True))
    for part in (agency, device, text):
        digest.update(len(part).to_bytes(2, "big") + part)
    return digest.digest()


def first_broken(tx: Connection) -> int | None:
    """The number of the first line that does not follow from the one before, or None."""
    before, expected = NO_HASH, 1
    for number, at, agency, device, code, count, digest in _lines(tx):
        wanted = line_hash(before=before, number=number, at=at, agency=agency, device=device, code=code, count=count)
        if number != expected or digest != wanted:
            return expected
        before, expected = digest, number + 1
    stands_at, head = tx.execute(HEAD).one()
    return None if (stands_at, head) == (expected - 1, before) else expected


def _lines(tx: Connection) -> Iterator[tuple[int, int, bytes, bytes, str, int, bytes]]:
    after = 0
    while True:
        rows = tx.execute(AFTER, {"after": after, "most": _STRETCH}).all()
        for row in rows:
            yield tuple(row)
        if len(rows) < _STRETCH:
            return
        after = rows[-1].number
