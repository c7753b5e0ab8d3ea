"""Reading a stream's log in pages, and how far it stands."""

from functools import partial

from sqlalchemy import Connection

from advocate_app.wire.api import DeviceHead, Heads, LogItem, LogPage
from advocate_server.calls import Call
from advocate_server.office import Office
from advocate_server.problems import Problem
from advocate_server.store import streams


async def page(office: Office, call: Call) -> LogPage:
    """A page of a log from an index on; at least one item where there is one."""
    return await office.read(partial(_page, office, call))


async def heads(office: Office, call: Call) -> Heads:
    """How far a stream stands, and each device's newest envelope, for subscribers and authorities."""
    return await office.read(partial(_heads, office, call))


def _page(office: Office, call: Call, tx: Connection) -> LogPage:
    stream = call.id("stream", unknown="stream.unknown")
    who = office.standing(tx, call.session)
    if stream not in who.state.streams:
        raise Problem("stream.unknown")
    if not who.subscribed(stream):
        raise Problem("stream.not_subscribed")
    ids = {"agency": who.agency.id, "stream": stream}
    life, size, head, _ = tx.execute(streams.PLACE, ids).one()
    first = call.query["from"]
    if first > size:
        return LogPage(life=life, size=size, head=head, items=[], receipt=b"")
    before = tx.execute(streams.BYTES_BEFORE, {**ids, "place": first}).scalar_one()
    within = tx.execute(streams.LAST_WITHIN, {**ids, "most_total": before + call.query["max_bytes"]}).scalar()
    rows = tx.execute(streams.ITEMS, {**ids, "first": first, "last": max(first, within or 0)}).all()
    items = [
        LogItem(index=row[0], received_at=row[1], roster_size=row[2], envelope=row[3], gone=row[4]) for row in rows
    ]
    return LogPage(life=life, size=size, head=head, items=items, receipt=rows[-1][5])


def _heads(office: Office, call: Call, tx: Connection) -> Heads:
    stream = call.id("stream", unknown="stream.unknown")
    who = office.standing(tx, call.session)
    if stream not in who.state.streams:
        raise Problem("stream.unknown")
    if not (who.authority or who.subscribed(stream)):
        raise Problem("stream.not_subscribed")
    ids = {"agency": who.agency.id, "stream": stream}
    life, size, head, _ = tx.execute(streams.PLACE, ids).one()
    devices = [
        DeviceHead(device=row[0], seq=row[1], leaf=row[2], header=row[3], sealed_hash=row[4], signature=row[5])
        for row in tx.execute(streams.HEADS, ids)
    ]
    return Heads(life=life, size=size, head=head, devices=devices)
