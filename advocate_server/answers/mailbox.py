"""Mailboxes for invitations: three steps, one use each, a short life. Who knows the id may read steps 1 and 3."""

from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from advocate_app.wire.api import MAX_MAILBOX, Done, Letter, LetterPost
from advocate_server.calls import Call
from advocate_server.office import Office, Standing
from advocate_server.problems import Problem
from advocate_server.store import audit, letters

DEFAULT_SECONDS = 72 * 3600
MOST_SECONDS = 7 * 24 * 3600
TRIES = 3
OPEN_AT_ONCE = 200
SIZES = tuple(range(16, 33))


async def put(office: Office, call: Call) -> Done:
    """Put a letter into a step. Repeating the same letter succeeds."""
    mailbox, step = _named(office, call)
    asked: LetterPost = call.message
    if not asked.sealed or len(asked.sealed) > MAX_MAILBOX:
        raise Problem("request.too_large" if asked.sealed else "request.unreadable")
    if not 0 <= asked.lifetime <= MOST_SECONDS or (step != 1 and asked.lifetime):
        raise Problem("mailbox.lifetime")
    return await office.write(partial(_put, office, call, mailbox, step))


async def get(office: Office, call: Call) -> Letter:
    """What lies in a step; step 2 is for an authority of the agency."""
    mailbox, step = _named(office, call)
    return await office.read(partial(_get, office, call, mailbox, step))


async def clear(office: Office, call: Call) -> Done:
    """An authority clears step 2, so that the newcomer can try again, or takes back the whole invitation (step 1)."""
    mailbox, step = _named(office, call)
    return await office.write(partial(_clear, office, call, mailbox, step))


def _named(office: Office, call: Call) -> tuple[bytes, int]:
    """The mailbox's id and step. Raises `Problem`."""
    mailbox = call.id("mailbox", unknown="mailbox.unknown", sizes=SIZES)
    step = call.parts["step"]
    if step not in ("1", "2", "3"):
        raise Problem("mailbox.unknown")
    wait = office.by_mailbox.take(mailbox, now=office.clock.now())
    if wait:
        raise Problem("rate.exceeded", retry_after=wait)
    return mailbox, int(step)


def _authority(office: Office, call: Call, tx: Connection) -> Standing:
    who = office.standing(tx, call.session)
    if not who.authority:
        raise Problem("authority.needed")
    return who


def _put(office: Office, call: Call, mailbox: bytes, step: int, tx: Connection) -> Done:
    now = office.clock.now()
    if step == 1:
        _open(office, call, mailbox, tx, now=now)
        return Done(time=now)
    agency = _authority(office, call, tx).agency.id if step == 3 else None
    box = _open_mailbox(tx, mailbox, now=now, agency=agency)
    there = set(tx.execute(letters.STEPS, {"mailbox": mailbox}).scalars())
    if step in there:
        _same_or_taken(tx, mailbox=mailbox, step=step, sealed=call.message.sealed)
        return Done(time=now)
    if step == 3 and 2 not in there:
        raise Problem("mailbox.order")
    if step == 2 and 3 in there:
        raise Problem("mailbox.taken")
    if step == 2 and box.tries >= TRIES:
        raise Problem("mailbox.spent")
    tx.execute(letters.PUT, {"mailbox": mailbox, "step": step, "sealed": call.message.sealed})
    if step == 2:
        tx.execute(letters.TRIED, {"for_mailbox": mailbox})
    audit.note(tx, at=now, code=f"mailbox.step{step}", agency=box.agency)
    return Done(time=now)


def _open(office: Office, call: Call, mailbox: bytes, tx: Connection, *, now: int) -> None:
    """A new mailbox with its first letter."""
    who = _authority(office, call, tx)
    tx.execute(letters.CLEAR_LETTERS, {"before": now})
    tx.execute(letters.CLEAR_MAILBOXES, {"before": now})
    known = tx.execute(letters.FIND, {"mailbox": mailbox}).one_or_none()
    if known is not None:
        if known.agency != who.agency.id or known.withdrawn:
            raise Problem("mailbox.taken")
        _same_or_taken(tx, mailbox=mailbox, step=1, sealed=call.message.sealed)
        return
    if tx.execute(letters.COUNT, {"agency": who.agency.id, "now": now}).scalar_one() >= OPEN_AT_ONCE:
        raise Problem("rate.exceeded", "the agency has too many open invitations", retry_after=3600)
    seconds = call.message.lifetime or DEFAULT_SECONDS
    row = {"id": mailbox, "agency": who.agency.id, "expires_at": now + seconds * 1000, "tries": 0, "withdrawn": 0}
    tx.execute(letters.OPEN, row)
    tx.execute(letters.PUT, {"mailbox": mailbox, "step": 1, "sealed": call.message.sealed})
    audit.note(tx, at=now, code="mailbox.step1", agency=who.agency.id, device=who.device.id)


def _open_mailbox(tx: Connection, mailbox: bytes, *, now: int, agency: bytes | None) -> Row[Any, Any, Any, Any]:
    """A mailbox that is still open, and of this agency if one is named. Raises `Problem`."""
    box = tx.execute(letters.FIND, {"mailbox": mailbox}).one_or_none()
    if box is None or box.withdrawn or now >= box.expires_at or agency not in (None, box.agency):
        raise Problem("mailbox.unknown")
    return box


def _same_or_taken(tx: Connection, *, mailbox: bytes, step: int, sealed: bytes) -> None:
    lies = tx.execute(letters.SEE, {"mailbox": mailbox, "step": step}).one_or_none()
    if lies is None or lies.sealed != sealed:
        raise Problem("mailbox.taken")


def _get(office: Office, call: Call, mailbox: bytes, step: int, tx: Connection) -> Letter:
    agency = _authority(office, call, tx).agency.id if step == 2 else None
    lies = tx.execute(letters.SEE, {"mailbox": mailbox, "step": step}).one_or_none()
    if lies is None or lies.withdrawn or office.clock.now() >= lies.expires_at or agency not in (None, lies.agency):
        raise Problem("mailbox.unknown")
    return Letter(sealed=lies.sealed, expires_at=lies.expires_at)


def _clear(office: Office, call: Call, mailbox: bytes, step: int, tx: Connection) -> Done:
    who = _authority(office, call, tx)
    now = office.clock.now()
    _open_mailbox(tx, mailbox, now=now, agency=who.agency.id)
    there = set(tx.execute(letters.STEPS, {"mailbox": mailbox}).scalars())
    if step == 3 or (step == 2 and 3 in there):
        raise Problem("mailbox.order")
    if step == 2:
        tx.execute(letters.TAKE, {"for_mailbox": mailbox, "step": 2})
    else:
        tx.execute(letters.TAKE_ALL, {"for_mailbox": mailbox})
        tx.execute(letters.WITHDRAW, {"for_mailbox": mailbox})
    audit.note(tx, at=now, code="mailbox.cleared", agency=who.agency.id, device=who.device.id, count=step)
    return Done(time=now)
