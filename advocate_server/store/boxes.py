"""Statements about key boxes."""

from typing import Final

from sqlalchemy import bindparam, insert, select

from advocate_server.store.tables import key_box

ADD: Final = insert(key_box)
"""Further boxes."""

KNOWN: Final = select(key_box.c.hash).where(
    key_box.c.agency == bindparam("agency"), key_box.c.hash.in_(bindparam("hashes", expanding=True))
)
"""Which of these boxes are stored already."""

AFTER: Final = (
    select(key_box.c.number, key_box.c.box)
    .where(
        key_box.c.agency == bindparam("agency"),
        key_box.c.recipient.in_(bindparam("recipients", expanding=True)),
        key_box.c.number > bindparam("after"),
    )
    .order_by(key_box.c.number)
    .limit(bindparam("most"))
)
"""Boxes for any of these recipients, in their order."""
