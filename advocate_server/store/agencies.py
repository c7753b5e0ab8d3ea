"""Statements about agencies: finding one, holding its row while writing, and moving its counters."""

from typing import Final

from sqlalchemy import bindparam, func, insert, select, update

from advocate_server.store.tables import agency

ADD: Final = insert(agency)
"""A new agency, before it is founded."""

FIND: Final = select(agency).where(agency.c.id == bindparam("agency"))
"""One agency."""

HOLD: Final = select(agency).where(agency.c.id == bindparam("agency")).with_for_update()
"""One agency, whose row stays ours until the end of the transaction: all its writes are in one order."""

EVERY: Final = select(agency).order_by(agency.c.made_at, agency.c.id)
"""All agencies, oldest first."""

COUNT: Final = select(func.count()).select_from(agency)
"""How many agencies there are."""

MOVE_ROSTER: Final = (
    update(agency)
    .where(agency.c.id == bindparam("for_agency"))
    .values(roster_size=bindparam("new_size"), roster_head=bindparam("new_head"))
)
"""The roster stands further on."""

MOVE_BOXES: Final = (
    update(agency).where(agency.c.id == bindparam("for_agency")).values(box_count=bindparam("new_count"))
)
"""Boxes were numbered up to here."""

MOVE_BYTES: Final = (
    update(agency)
    .where(agency.c.id == bindparam("for_agency"))
    .values(
        stored_bytes=agency.c.stored_bytes + bindparam("more_stored"),
        shelf_bytes=agency.c.shelf_bytes + bindparam("more_shelf"),
    )
)
"""More, or less, is stored for an agency."""
