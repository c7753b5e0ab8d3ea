"""Which key a compartment is written under, and whom it still has to be boxed to."""

from dataclasses import dataclass

from advocate_app.base.ids import Ids
from advocate_app.crypto.link import make_link
from advocate_app.store import compartments, keys
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.keys import HeldKey
from advocate_app.store.readers import readers_of
from advocate_app.sync.identity import Identity
from advocate_app.sync.keyring import Recipient, box_for, new_key, recipient_of, seed_of
from advocate_app.wire.keybox import COMPARTMENT
from advocate_app.wire.roster_state import RosterState


@dataclass(frozen=True, slots=True)
class KeyNotice:
    """What a keys envelope has to say of one key of one compartment."""

    compartment: int
    key_id: bytes
    boxes: tuple[bytes, ...]
    links: tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class WritingKey:
    """The key to seal under, and what has to be told of it first (None: nothing)."""

    key: HeldKey
    notice: KeyNotice | None


def expected_recipients(*, state: RosterState, readers: frozenset[bytes], me: bytes) -> list[Recipient]:
    """Whom a key must be boxed to: the readers as the roster has them now.

    While a group's key is due its members are boxed one by one; a member whose own key is due is left out for now.
    """
    wanted: dict[bytes, Recipient] = {}
    for who in sorted(readers or {me}):
        group = state.groups.get(who)
        if group is None or not group.due:
            persons = [who]
        else:
            persons = sorted(group.members)
        for person in persons:
            member = state.members.get(person)
            if member is not None and member.due and person != me:
                continue
            found = recipient_of(state=state, who=person)
            if found is not None:
                wanted[person] = found
    return list(wanted.values())


def writing_key(tx: Writer, *, me: Identity, state: RosterState, compartment: int, ids: Ids) -> WritingKey:
    """The key that this device writes a compartment under now, made if need be and kept in the vault.

    The lowest key_id whose boxes cover exactly the current readers at their current generations; else a held key that
    lacks only boxes; else a new key, which seals those it succeeds.
    """
    scope = compartments.compartment_of(tx, compartment)
    readers = readers_of(tx, compartment=compartment)
    wanted = expected_recipients(state=state, readers=readers, me=me.member)
    covering = {(one.id, one.generation) for one in wanted}
    entitled = _entitled_makers(tx, state=state, readers=readers, me=me)
    known = compartments.keys_of(tx, compartment=compartment, trusted=entitled)
    candidates = [
        (one, secret)
        for one in known
        if not one.succeeded
        and one.maker in entitled
        and one.boxed <= covering
        and (secret := keys.find_key(tx, kind=COMPARTMENT, scope=scope, key_id=one.key_id)) is not None
    ]
    for one, secret in candidates:
        if one.boxed == covering:
            return WritingKey(HeldKey(0, one.key_id, secret), None)
    if candidates:
        one, secret = candidates[0]
        held = HeldKey(0, one.key_id, secret)
        lacking = [each for each in wanted if (each.id, each.generation) not in one.boxed]
        return WritingKey(held, _notice(tx, me=me, state=state, row=compartment, key=held, to=lacking, links=()))
    fresh = new_key(scope=scope, generation=0, ids=ids)
    keys.hold_key(tx, kind=COMPARTMENT, scope=scope, key=fresh)
    links = tuple(
        (one.key_id, make_link(newer=fresh.secret, older=older, scope=scope))
        for one in known
        if not one.succeeded
        and (older := keys.find_key(tx, kind=COMPARTMENT, scope=scope, key_id=one.key_id)) is not None
    )
    return WritingKey(fresh, _notice(tx, me=me, state=state, row=compartment, key=fresh, to=wanted, links=links))


def missing_boxes(tx: Writer, *, me: Identity, state: RosterState, compartment: int) -> list[KeyNotice]:
    """Boxes that readers of a compartment still lack for keys held here which no other succeeds.

    A key whose boxes name somebody who reads no more is left as it is: the next sealing makes a new one.
    """
    scope = compartments.compartment_of(tx, compartment)
    readers = readers_of(tx, compartment=compartment)
    if not readers:
        return []
    wanted = expected_recipients(state=state, readers=readers, me=me.member)
    if not _reads(state=state, readers=readers, member=me.member):
        return []
    notices = []
    trusted = _entitled_makers(tx, state=state, readers=readers, me=me)
    for one in compartments.keys_of(tx, compartment=compartment, trusted=trusted):
        if one.succeeded:
            continue
        lacking = [each for each in wanted if (each.id, each.generation) not in one.boxed]
        lacking = [each for each in lacking if not _held_by_older(one=one.boxed, who=each)]
        secret = keys.find_key(tx, kind=COMPARTMENT, scope=scope, key_id=one.key_id)
        if not lacking or secret is None:
            continue
        held = HeldKey(0, one.key_id, secret)
        notices.append(_notice(tx, me=me, state=state, row=compartment, key=held, to=lacking, links=()))
    return notices


def _held_by_older(*, one: frozenset[tuple[bytes, int]], who: Recipient) -> bool:
    """Whether a recipient can open the key already through an older generation, which its newer ones link to."""
    return any(boxed == who.id and generation < who.generation for boxed, generation in one)


def _reads(*, state: RosterState, readers: frozenset[bytes], member: bytes) -> bool:
    known = state.members.get(member)
    if known is None or known.removed:
        return False
    return member in readers or any(group.id in readers for group in state.groups_of(member))


def _entitled_makers(db: Reader, *, state: RosterState, readers: frozenset[bytes], me: Identity) -> frozenset[int]:
    """Device rows whose keys may be written under: readers' devices, and this one."""
    rows = db.rows("SELECT id, member FROM device")
    return frozenset(
        row for row, member in rows if member == me.member or _reads(state=state, readers=readers, member=member)
    )


def _notice(
    tx: Writer,
    *,
    me: Identity,
    state: RosterState,
    row: int,
    key: HeldKey,
    to: list[Recipient],
    links: tuple[tuple[bytes, bytes], ...],
) -> KeyNotice:
    """Make the boxes, and note in the vault that they are made."""
    scope = compartments.compartment_of(tx, row)
    own = {me.member, *(group.id for group in state.groups_of(me.member))}
    stream = tx.row("SELECT stream FROM compartment WHERE id = ?", (row,))
    assert stream is not None
    compartments.keep_compartment_key(tx, compartment=row, key_id=key.key_id, maker=1, stream=stream[0], log_index=None)
    boxes = []
    for one in to:
        under = seed_of(tx, who=one.id, generation=one.generation) if one.id in own else None
        box = box_for(me=me, scope_kind=COMPARTMENT, scope=scope, key=key, to=one, under=under)
        compartments.keep_compartment_box(
            tx, compartment=row, key_id=key.key_id, recipient=one.id, generation=one.generation, box=box, sender=1
        )
        boxes.append(box)
    for older, sealed in links:
        compartments.keep_compartment_link(tx, compartment=row, key_id=key.key_id, older=older, sealed=sealed)
    return KeyNotice(compartment=row, key_id=key.key_id, boxes=tuple(boxes), links=links)
