"""Key boxes: checked against the roster, numbered, and given to whom they are for."""

import hashlib
from functools import partial
from typing import Any

from sqlalchemy import Connection

from advocate_app.crypto.signing import KEYBOX, SignatureBroken, verify
from advocate_app.wire import keybox
from advocate_app.wire.api import MAX_BOXES, Boxes, BoxesPost, Done, StoredBox
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.keybox import BoxHeader
from advocate_app.wire.roster_state import RosterState, scope_exists
from advocate_server.calls import Call, words
from advocate_server.office import Office, Standing
from advocate_server.problems import Problem
from advocate_server.store import agencies
from advocate_server.store import boxes as statements

PAGE = 256


async def boxes(office: Office, call: Call) -> Boxes:
    """Boxes for the asking device, its member, and the groups that member is in now, in their order."""
    return await office.read(partial(_page, office, call))


async def post(office: Office, call: Call) -> Done:
    """Take in further boxes, or none of them."""
    if len(call.message.boxes) > MAX_BOXES:
        raise Problem("request.too_large", f"at most {MAX_BOXES} boxes")
    return await office.write(partial(_post, office, call))


def store_boxes(tx: Connection, *, given: list[bytes], state: RosterState, count: int, at: int, room: int) -> None:
    """Check boxes against this roster and number them from `count` on; what is stored already is passed over.

    `room` is how many bytes the agency may still store. Raises `Problem`.
    """
    recipients = {hashlib.sha256(box).digest(): (check_box(box, state=state).recipient, box) for box in given}
    if not recipients:
        return
    known = set(tx.execute(statements.KNOWN, {"agency": state.agency, "hashes": list(recipients)}).scalars())
    rows: list[dict[str, Any]] = [
        {"agency": state.agency, "recipient": recipient, "hash": digest, "received_at": at, "box": box}
        for digest, (recipient, box) in recipients.items()
        if digest not in known
    ]
    if not rows:
        return
    size = sum(len(row["box"]) for row in rows)
    if size > room:
        raise Problem("quota.full")
    numbered = [{**row, "number": count + more} for more, row in enumerate(rows, start=1)]
    tx.execute(statements.ADD, numbered)
    tx.execute(agencies.MOVE_BOXES, {"for_agency": state.agency, "new_count": count + len(rows)})
    tx.execute(agencies.MOVE_BYTES, {"for_agency": state.agency, "more_stored": size, "more_shelf": 0})


def check_box(box: bytes, *, state: RosterState) -> BoxHeader:
    """The header of a box whose sender is in good standing and may give this key. Raises `Problem`."""
    try:
        header = keybox.parse_box_header(box)
        sender = state.devices.get(header.sender)
        if sender is None or sender.until is not None:
            raise Problem("box.refused", "its sender is not in good standing")
        signed, signature = box[: -keybox.SIGNATURE_SIZE], box[-keybox.SIGNATURE_SIZE :]
        verify(sender.signing, domain=KEYBOX, message=signed, signature=signature)
    except (WireBroken, SignatureBroken) as fault:
        raise Problem("box.refused", words(fault)) from None
    if not scope_exists(state=state, scope_kind=header.scope_kind, scope=header.scope):
        raise Problem("box.refused", "its scope is not on the roster")
    if not _may_give(state=state, header=header, member=sender.member):
        raise Problem("box.refused", "its sender is not in its scope")
    if not _may_get(state=state, recipient=header.recipient):
        raise Problem("box.refused", "its recipient is not on the roster")
    return header


def _may_give(*, state: RosterState, header: BoxHeader, member: bytes) -> bool:
    """Whether a member holds keys of this scope."""
    if header.scope_kind == keybox.MEMBER:
        return header.scope == member
    if header.scope_kind == keybox.GROUP:
        return member in state.groups[header.scope].members
    return state.subscribed(member=member, stream=header.scope)


def _may_get(*, state: RosterState, recipient: bytes) -> bool:
    """Whether this is a device in good standing, a member, a group, or the agency's recovery key."""
    device = state.devices.get(recipient)
    if device is not None:
        return device.until is None
    return recipient == recovery_id(state.recovery_public) or state.recipient(recipient) is not None


def recovery_id(public: bytes) -> bytes:
    """The recovery key as a recipient: SHA-256("ADV1/recovery\\0" || public key)[:16]."""
    return hashlib.sha256(b"ADV1/recovery\0" + public).digest()[:16]


def _page(office: Office, call: Call, tx: Connection) -> Boxes:
    who = office.standing(tx, call.session)
    found = tx.execute(
        statements.AFTER,
        {
            "agency": who.agency.id,
            "recipients": _recipients(who),
            "after": call.query["after"],
            "most": PAGE + 1,
        },
    ).all()
    return Boxes(
        boxes=[StoredBox(number=number, box=box) for number, box in found[:PAGE]],
        more=len(found) > PAGE,
    )


def _recipients(who: Standing) -> list[bytes]:
    groups = [group.id for group in who.state.groups_of(who.member.id)]
    return [who.device.id, who.member.id, *groups]


def _post(office: Office, call: Call, tx: Connection) -> Done:
    asked: BoxesPost = call.message
    who = office.standing(tx, call.session, hold=True)
    now = office.clock.now()
    store_boxes(
        tx,
        given=asked.boxes,
        state=who.state,
        count=who.agency.box_count,
        at=now,
        room=office.settings.agency_bytes - who.agency.stored_bytes,
    )
    return Done(time=now)
