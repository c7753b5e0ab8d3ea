"""Key work: advancing what is due, boxing keys for those who lack them, and the heartbeat."""

from dataclasses import dataclass
from typing import Final

from advocate_app.base.clock import Clock
from advocate_app.base.ids import Ids
from advocate_app.crypto.derive import sha256
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.signing import ROSTER
from advocate_app.store import facts, keys, stream_log
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.keys import HeldKey
from advocate_app.store.vault import Vault
from advocate_app.sync.errors import Refused
from advocate_app.sync.identity import Identity
from advocate_app.sync.keyring import (
    Recipient,
    advance_key,
    box_for,
    new_key,
    recipient_of,
    recovery_recipient,
    seed_of,
)
from advocate_app.sync.server_link import ServerLink
from advocate_app.wire import api
from advocate_app.wire import roster as r
from advocate_app.wire.keybox import GROUP, MEMBER, STREAM
from advocate_app.wire.roster_state import AGENCY_GROUP, RosterState

HEARTBEAT_MS: Final = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class _Advance:
    """One generation to be made: its entry body, its boxes, and the key itself."""

    body: r.KeyAdvance
    boxes: list[bytes]
    key: HeldKey


def sign_entries(*, me: Identity, state: RosterState, bodies: list[r.Body], at: int) -> list[api.SignedEntry]:
    """The next roster entries, each on the one before, signed by this device."""
    signed = []
    index, previous = state.size, state.head
    for body in bodies:
        data = r.encode_entry(r.Entry(agency=state.agency, index=index, previous=previous, at=at, body=body))
        index, previous = index + 1, r.entry_hash(data)
        signature = me.device.signer.sign(domain=ROSTER, message=previous)
        signed.append(api.SignedEntry(entry=data, signatures=[(me.device.id, signature)]))
    return signed


def advance_due(vault: Vault, *, link: ServerLink, me: Identity, state: RosterState, clock: Clock, ids: Ids) -> bool:
    """Make the keys that are due and that this device may make. Returns whether the roster has grown."""
    with vault.read() as db:
        advances = _due_advances(db, me=me, state=state, ids=ids)
    if not advances:
        return False
    bodies: list[r.Body] = [one.body for one in advances]
    entries = sign_entries(me=me, state=state, bodies=bodies, at=clock.now())
    boxes = [box for one in advances for box in one.boxes]
    request = api.RosterAppend(size=state.size, head=state.head, entries=entries, boxes=boxes)
    with vault.write() as tx:  # kept before the roster can name it: a cut in between must not lose the key
        for one in advances:
            keys.hold_pending(tx, kind=one.body.scope_kind, scope=one.body.scope, key=one.key)
    append_or_lose(link, request)
    return True


def append_or_lose(link: ServerLink, request: api.RosterAppend) -> bool:
    """Append entries; False when another was faster, and the roster is to be followed first."""
    try:
        link.append_roster(request)
    except Refused as refused:
        if refused.problem == "roster.moved":
            return False
        raise
    return True


def _due_advances(db: Reader, *, me: Identity, state: RosterState, ids: Ids) -> list[_Advance]:
    """The due scope that this device can advance; one at a time, for streams are boxed to groups."""
    mine = state.members[me.member]
    if mine.due:
        to = [Recipient(id=one.id, generation=0, public=one.kem) for one in state.devices_of(me.member)]
        made = _advance(
            db, me=me, state=state, kind=MEMBER, scope=me.member, generation=mine.generation, to=to, ids=ids
        )
        return [made]
    for group in state.groups_of(me.member):
        if group.due:
            members = [
                recipient_of(state=state, who=who) for who in sorted(group.members) if not state.members[who].due
            ]
            to = [one for one in members if one is not None]
            return [
                _advance(
                    db, me=me, state=state, kind=GROUP, scope=group.id, generation=group.generation, to=to, ids=ids
                )
            ]
    for name in state.streams_of(me.member):
        stream = state.streams[name]
        if stream.due and not any(state.groups[who].due for who in stream.subscribers if who in state.groups):
            subscribers = [recipient_of(state=state, who=who) for who in sorted(stream.subscribers)]
            to = [one for one in subscribers if one is not None]
            return [
                _advance(db, me=me, state=state, kind=STREAM, scope=name, generation=stream.generation, to=to, ids=ids)
            ]
    return []


def _advance(
    db: Reader,
    *,
    me: Identity,
    state: RosterState,
    kind: str,
    scope: bytes,
    generation: int,
    to: list[Recipient],
    ids: Ids,
) -> _Advance:
    older = keys.find_generation(db, kind=kind, scope=scope, generation=generation)
    if older is None:
        key, link = new_key(scope=scope, generation=generation + 1, ids=ids), b""
    else:
        key, link = advance_key(scope=scope, older=older, ids=ids)
    public = b"" if kind == STREAM else KemKey.from_seed(key.secret).public
    body = r.KeyAdvance(
        scope_kind=kind, scope=scope, generation=key.generation, public=public, key_id=key.key_id, link=link
    )
    own = {me.member, *(group.id for group in state.groups_of(me.member))}
    everyone = [*to, recovery_recipient(state.recovery_public)]
    boxes = [
        box_for(
            me=me,
            scope_kind=kind,
            scope=scope,
            key=key,
            to=one,
            under=seed_of(db, who=one.id, generation=one.generation) if one.id in own else None,
        )
        for one in everyone
    ]
    return _Advance(body=body, boxes=boxes, key=key)


def box_newcomers(vault: Vault, *, link: ServerLink, me: Identity, state: RosterState) -> int:
    """Box what is held to own devices, members of own groups, and subscribers that this device has not boxed yet."""
    with vault.read() as db:
        lacking = [
            (fact, box)
            for kind, scope, key, to in _shares(db, me=me, state=state)
            if not facts.find_number(db, fact := f"boxed/{kind}/{key.key_id.hex()}/{to.id.hex()}/{to.generation}")
            for box in [box_for(me=me, scope_kind=kind, scope=scope, key=key, to=to)]
        ]
    if lacking:
        link.post_boxes([box for _, box in lacking])
        with vault.write() as tx:
            for fact, _ in lacking:
                facts.put(tx, fact, 1)
    return len(lacking)


def note_boxed(tx: Writer, *, kind: str, key: HeldKey, to: Recipient) -> None:
    """Remember that a box went out with a roster entry."""
    facts.put(tx, f"boxed/{kind}/{key.key_id.hex()}/{to.id.hex()}/{to.generation}", 1)


def _shares(db: Reader, *, me: Identity, state: RosterState) -> list[tuple[str, bytes, HeldKey, Recipient]]:
    """What this device should box to whom: (kind, scope, key, recipient)."""
    found: list[tuple[str, bytes, HeldKey, Recipient]] = []
    mine = state.members[me.member]
    own = keys.find_generation(db, kind=MEMBER, scope=me.member, generation=mine.generation)
    if own is not None:
        others = [one for one in state.devices_of(me.member) if one.id != me.device.id]
        found += [(MEMBER, me.member, own, Recipient(one.id, 0, one.kem)) for one in others]
        found.append((MEMBER, me.member, own, recovery_recipient(state.recovery_public)))
    authority = me.member in state.authorities()
    for group in state.groups_of(me.member):
        seed = keys.find_generation(db, kind=GROUP, scope=group.id, generation=group.generation)
        if seed is None or (group.name == AGENCY_GROUP and not authority):
            continue
        members = [recipient_of(state=state, who=who) for who in sorted(group.members - {me.member})]
        found += [(GROUP, group.id, seed, one) for one in members if one is not None]
    if authority:
        found += _stream_shares(db, me=me, state=state)
    return found


def _stream_shares(db: Reader, *, me: Identity, state: RosterState) -> list[tuple[str, bytes, HeldKey, Recipient]]:
    found: list[tuple[str, bytes, HeldKey, Recipient]] = []
    for name in state.streams_of(me.member):
        stream = state.streams[name]
        key = keys.find_generation(db, kind=STREAM, scope=name, generation=stream.generation)
        if key is not None:
            subscribers = [recipient_of(state=state, who=who) for who in sorted(stream.subscribers)]
            found += [(STREAM, name, key, one) for one in subscribers if one is not None]
    return found


def beat(vault: Vault, *, link: ServerLink, me: Identity, state: RosterState, clock: Clock) -> bool:
    """Append a heartbeat if this device's last is over a day old. Returns whether the roster has grown."""
    last = state.heartbeats.get(me.device.id)
    if last is not None and clock.now() - last[1] < HEARTBEAT_MS:
        return False
    with vault.read() as db:
        places = [(one.stream, one.life, one.size, one.head) for one in stream_log.list_streams(db)]
    entries = sign_entries(me=me, state=state, bodies=[r.Heartbeat(places=places)], at=clock.now())
    append_or_lose(link, api.RosterAppend(size=state.size, head=state.head, entries=entries, boxes=[]))
    return True


def recipients_digest(state: RosterState) -> bytes:
    """A hash of all that says whom keys are boxed to; while it stands, the roster asks for no further box."""
    parts = [b"%s %d %d %d" % (m.id, m.generation, m.due, m.removed) for _, m in sorted(state.members.items())]
    for _, group in sorted(state.groups.items()):
        parts.append(b"%s %d %d " % (group.id, group.generation, group.due) + b"".join(sorted(group.members)))
    return sha256(*parts)
