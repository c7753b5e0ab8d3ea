"""Statements about streams: their logs, each device's newest envelope, and the late shelf."""

from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from advocate_server.store.tables import device_head, late_envelope, log_item, stream

_OF_STREAM = (stream.c.agency == bindparam("agency"), stream.c.id == bindparam("stream"))
_OF_LOG = (log_item.c.agency == bindparam("agency"), log_item.c.stream == bindparam("stream"))
_OF_HEADS = (device_head.c.agency == bindparam("agency"), device_head.c.stream == bindparam("stream"))
_OF_SHELF = (late_envelope.c.agency == bindparam("agency"), late_envelope.c.stream == bindparam("stream"))

ADD: Final = insert(stream)
"""A new stream, its log empty."""

PLACE: Final = select(stream.c.life, stream.c.size, stream.c.head, stream.c.total).where(*_OF_STREAM)
"""How far a stream stands."""

STREAMS: Final = select(stream.c.id).where(stream.c.agency == bindparam("agency")).order_by(stream.c.id)
"""An agency's streams."""

MOVE: Final = (
    update(stream)
    .where(stream.c.agency == bindparam("for_agency"), stream.c.id == bindparam("for_stream"))
    .values(size=bindparam("new_size"), head=bindparam("new_head"), total=bindparam("new_total"))
)
"""A stream stands further on."""

APPEND: Final = insert(log_item)
"""Further items of a log."""

BY_SEQ: Final = select(
    log_item.c.place,
    log_item.c.leaf,
    log_item.c.head,
    log_item.c.receipt,
    log_item.c.received_at,
    log_item.c.roster_size,
).where(*_OF_LOG, log_item.c.device == bindparam("device"), log_item.c.seq == bindparam("seq"))
"""Where a device's envelope of this number stands, without its body."""

BYTES_BEFORE: Final = select(log_item.c.total - log_item.c.size).where(*_OF_LOG, log_item.c.place == bindparam("place"))
"""The bytes of a log before one place."""

LAST_WITHIN: Final = (
    select(log_item.c.place)
    .where(*_OF_LOG, log_item.c.total <= bindparam("most_total"))
    .order_by(log_item.c.total.desc())
    .limit(1)
)
"""The last place whose items, from the beginning, stay within so many bytes."""

ITEMS: Final = (
    select(
        log_item.c.place,
        log_item.c.received_at,
        log_item.c.roster_size,
        log_item.c.envelope,
        log_item.c.gone,
        log_item.c.receipt,
    )
    .where(*_OF_LOG, log_item.c.place >= bindparam("first"), log_item.c.place <= bindparam("last"))
    .order_by(log_item.c.place)
)
"""A log from one place to another, with bodies."""

CHAIN: Final = (
    select(
        log_item.c.place,
        log_item.c.leaf,
        log_item.c.head,
        log_item.c.received_at,
        log_item.c.roster_size,
        log_item.c.receipt,
    )
    .where(*_OF_LOG, log_item.c.place > bindparam("after"))
    .order_by(log_item.c.place)
    .limit(bindparam("most"))
)
"""A log without its bodies, a stretch at a time."""

HEADS: Final = (
    select(
        device_head.c.device,
        device_head.c.seq,
        device_head.c.leaf,
        device_head.c.header,
        device_head.c.sealed_hash,
        device_head.c.signature,
    )
    .where(*_OF_HEADS)
    .order_by(device_head.c.device)
)
"""Each device's newest envelope in a stream."""

HEAD_OF: Final = select(device_head.c.seq, device_head.c.leaf, device_head.c.roster_size).where(
    *_OF_HEADS, device_head.c.device == bindparam("device")
)
"""One device's newest envelope in a stream."""

ADD_HEAD: Final = insert(device_head)
"""A device's first envelope in a stream."""

MOVE_HEAD: Final = (
    update(device_head)
    .where(
        device_head.c.agency == bindparam("for_agency"),
        device_head.c.stream == bindparam("for_stream"),
        device_head.c.device == bindparam("for_device"),
    )
    .values(
        seq=bindparam("new_seq"),
        leaf=bindparam("new_leaf"),
        roster_size=bindparam("new_roster_size"),
        header=bindparam("new_header"),
        sealed_hash=bindparam("new_sealed_hash"),
        signature=bindparam("new_signature"),
    )
)
"""A device has a newer envelope in a stream."""

SHELVE: Final = insert(late_envelope)
"""An envelope of a removed device, onto the late shelf."""

ON_SHELF: Final = select(late_envelope.c.seq).where(*_OF_SHELF, late_envelope.c.leaf == bindparam("leaf"))
"""Whether an envelope lies on the late shelf."""

OVERDUE: Final = (
    select(late_envelope.c.agency, func.sum(late_envelope.c.size))
    .where(late_envelope.c.received_at < bindparam("before"))
    .group_by(late_envelope.c.agency)
)
"""How many bytes of each agency have lain on the late shelf for too long."""

CLEAR_OVERDUE: Final = delete(late_envelope).where(late_envelope.c.received_at < bindparam("before"))
"""Take from the late shelf what has lain there for too long."""
