"""The roster: founded once, read from a place on, and appended to by compare-and-swap."""

import hashlib
import hmac
from functools import partial

from sqlalchemy import Connection

from advocate_app.crypto.signing import ROSTER, SignatureBroken, verify
from advocate_app.wire import roster as r
from advocate_app.wire.api import (
    MAX_PAGE_BYTES,
    Found,
    RosterAppend,
    RosterPage,
    RosterPlace,
    SignedEntry,
)
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.log import first_head
from advocate_app.wire.roster_reading import read_entry
from advocate_app.wire.roster_state import RosterBroken, RosterState
from advocate_server.answers.boxes import store_boxes
from advocate_server.calls import Call, words
from advocate_server.office import Office
from advocate_server.problems import Problem
from advocate_server.store import agencies, audit, rosters, streams

PAGE = 1000
FIRST_LIFE = 1


async def found(office: Office, call: Call) -> RosterPlace:
    """Found the agency that a founding token is for. Repeating the very same founding succeeds."""
    return await office.write(partial(_found, office, call.message))


async def read(office: Office, call: Call) -> RosterPage:
    """Entries from a place on, and how far the roster stands."""
    return await office.read(partial(_page, office, call))


async def append(office: Office, call: Call) -> RosterPlace:
    """Append entries with their boxes, if the roster still stands where the asker believes."""
    return await office.write(partial(_append, office, call))


def secret_hash(secret: bytes) -> bytes:
    """How a founding secret is kept."""
    return hashlib.sha256(b"ADV1/founding-secret\0" + secret).digest()


def verify_entry(public: bytes, message: bytes, signature: bytes) -> None:
    """A signature over a roster entry. Raises `SignatureBroken`."""
    verify(public, domain=ROSTER, message=message, signature=signature)


def _found(office: Office, asked: Found, tx: Connection) -> RosterPlace:
    agency = tx.execute(agencies.HOLD, {"agency": asked.agency}).one_or_none()
    now = office.clock.now()
    if agency is None or not hmac.compare_digest(agency.secret_hash, secret_hash(asked.secret)):
        raise Problem("found.refused")
    if now >= agency.secret_expires_at:
        raise Problem("found.refused")
    if agency.roster_size:
        first = rosters.entries_from(tx, agency=agency.id, start=0, most=1)[0]
        if first.entry != asked.genesis.entry:
            raise Problem("found.already")
        return RosterPlace(size=agency.roster_size, head=agency.roster_head)
    state = _follow(None, asked.genesis)
    if state.agency != agency.id:
        raise Problem("roster.refused", "the genesis is another agency's")
    if state.log_public != agency.log_public:
        raise Problem("roster.log_key")
    _store(tx, before=None, after=state, entries=[asked.genesis], at=now)
    store_boxes(tx, given=asked.boxes, state=state, count=0, at=now, room=office.settings.agency_bytes)
    audit.note(tx, at=now, code="agency.founded", agency=agency.id, device=next(iter(state.devices)))
    office.rosters.keep(state)
    return RosterPlace(size=state.size, head=state.head)


def _page(office: Office, call: Call, tx: Connection) -> RosterPage:
    who = office.standing(tx, call.session)
    stored = rosters.entries_from(tx, agency=who.agency.id, start=call.query["from"], most=PAGE)
    entries: list[SignedEntry] = []
    size = 0
    for signed in stored:
        size += len(signed.entry)
        if entries and size > MAX_PAGE_BYTES // 2:
            break
        entries.append(signed)
    return RosterPage(size=who.agency.roster_size, head=who.agency.roster_head, entries=entries)


def _append(office: Office, call: Call, tx: Connection) -> RosterPlace:
    asked: RosterAppend = call.message
    who = office.standing(tx, call.session, hold=True)
    state = who.state
    if not asked.entries:
        raise Problem("request.unreadable", "no entries")
    if (asked.size, asked.head) != (state.size, state.head):
        if _stands_there(tx, asked=asked, state=state):
            return RosterPlace(size=state.size, head=state.head)
        raise Problem("roster.moved")
    grown = state
    for signed in asked.entries:
        grown = _follow(grown, signed)
    if grown.log_public != who.agency.log_public:
        raise Problem("roster.log_key")
    now = office.clock.now()
    _store(tx, before=state, after=grown, entries=asked.entries, at=now)
    room = office.settings.agency_bytes - who.agency.stored_bytes
    store_boxes(tx, given=asked.boxes, state=grown, count=who.agency.box_count, at=now, room=room)
    audit.note(
        tx,
        at=now,
        code="roster.appended",
        agency=state.agency,
        device=who.device.id,
        count=len(asked.entries),
    )
    office.rosters.keep(grown)
    return RosterPlace(size=grown.size, head=grown.head)


def _stands_there(tx: Connection, *, asked: RosterAppend, state: RosterState) -> bool:
    """Whether these very entries were appended there before."""
    if not 0 <= asked.size <= state.size - len(asked.entries):
        return False
    stored = rosters.entries_from(tx, agency=state.agency, start=asked.size, most=len(asked.entries))
    return [signed.entry for signed in stored] == [signed.entry for signed in asked.entries]


def _follow(state: RosterState | None, signed: SignedEntry) -> RosterState:
    """The roster with one more entry. Raises `Problem` and changes nothing."""
    try:
        return read_entry(state=state, data=signed.entry, signatures=signed.signatures, verify=verify_entry)
    except (RosterBroken, WireBroken, SignatureBroken) as fault:
        raise Problem("roster.refused", words(fault)) from None


def _store(
    tx: Connection, *, before: RosterState | None, after: RosterState, entries: list[SignedEntry], at: int
) -> None:
    """Entries that follow on `before`, with the streams that they make."""
    first = before.size if before else 0
    rows = [
        {
            "agency": after.agency,
            "place": place,
            "hash": r.entry_hash(signed.entry),
            "received_at": at,
            "entry": signed.entry,
            "signatures": rosters.pack_signatures(signed.signatures),
        }
        for place, signed in enumerate(entries, start=first)
    ]
    tx.execute(rosters.APPEND, rows)
    known = before.streams if before else {}
    made = [
        {
            "agency": after.agency,
            "id": stream,
            "life": FIRST_LIFE,
            "size": 0,
            "head": first_head(agency=after.agency, stream=stream),
            "total": 0,
        }
        for stream in after.streams
        if stream not in known
    ]
    if made:
        tx.execute(streams.ADD, made)
    tx.execute(agencies.MOVE_ROSTER, {"for_agency": after.agency, "new_size": after.size, "new_head": after.head})
