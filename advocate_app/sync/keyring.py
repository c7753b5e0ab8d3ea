"""The keys this member holds: opening boxes and links as they arrive, making boxes for others."""

from dataclasses import dataclass
from functools import lru_cache

from advocate_app.base.errors import Fault
from advocate_app.base.ids import Ids
from advocate_app.crypto.derive import key_id, sha256
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.keybox import check_box, make_box, make_own_box, open_box, open_own_box
from advocate_app.crypto.link import make_link, open_link
from advocate_app.store import compartments, keys
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.keys import HeldKey
from advocate_app.sync.identity import Identity
from advocate_app.wire.keybox import COMPARTMENT, GROUP, HPKE, MEMBER, OWN, STREAM, BoxHeader, parse_box_header
from advocate_app.wire.roster_state import RosterState


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a key is boxed to: 16-byte id, generation, and X-Wing public key."""

    id: bytes
    generation: int
    public: bytes


def recovery_recipient(public: bytes) -> Recipient:
    """The agency's recovery key as a recipient: id = SHA-256("ADV1/recovery\\0" || public key)[:16], generation 0."""
    return Recipient(id=sha256(b"ADV1/recovery\0", public)[:16], generation=0, public=public)


def new_key(*, scope: bytes, generation: int, ids: Ids) -> HeldKey:
    """A fresh 32-byte key of a scope."""
    secret = ids.secret(32)
    return HeldKey(generation=generation, key_id=key_id(secret, scope=scope), secret=secret)


def advance_key(*, scope: bytes, older: HeldKey, ids: Ids) -> tuple[HeldKey, bytes]:
    """The next generation of a scope's key, and the older one sealed under it."""
    newer = new_key(scope=scope, generation=older.generation + 1, ids=ids)
    return newer, make_link(newer=newer.secret, older=older.secret, scope=scope)


def box_for(
    *, me: Identity, scope_kind: str, scope: bytes, key: HeldKey, to: Recipient, under: bytes | None = None
) -> bytes:
    """A box with a key for a recipient; symmetric where `under`, the recipient's seed, is held here."""
    header = BoxHeader(
        kind=HPKE if under is None else OWN,
        scope_kind=scope_kind,
        scope=scope,
        key_id=key.key_id,
        generation=key.generation,
        recipient=to.id,
        recipient_generation=to.generation,
        sender=me.device.id,
    )
    if under is None:
        return make_box(header=header, secret=key.secret, recipient_public=to.public, signer=me.device.signer)
    return make_own_box(header=header, secret=key.secret, under=under, signer=me.device.signer)


def recipient_of(*, state: RosterState, who: bytes) -> Recipient | None:
    """A member or group as a recipient at its current generation; None when it is on the roster no more."""
    found = state.recipient(who)
    return None if found is None else Recipient(id=who, generation=found[1], public=found[0])


def seed_of(db: Reader, *, who: bytes, generation: int) -> bytes | None:
    """The seed of a member or group that this vault holds, or None."""
    for kind in (MEMBER, GROUP):
        held = keys.find_generation(db, kind=kind, scope=who, generation=generation)
        if held is not None:
            return held.secret
    return None


@lru_cache(maxsize=8)
def _kem_of(seed: bytes) -> KemKey:
    """The key of a seed; a pull opens thousands of boxes for the same few members and groups."""
    return KemKey.from_seed(seed)


def open_for_me(db: Reader, *, me: Identity, box: bytes, header: BoxHeader) -> bytes | None:
    """The key in a box whose signature stands, or None when it is not for me or its seed is not here yet.

    Raises `SealBroken`, `KeyMismatch`, `WireBroken` for a box that is bad.
    """
    if header.recipient == me.device.id:
        return open_box(box, kem=me.device.kem) if header.kind == HPKE else None
    seed = seed_of(db, who=header.recipient, generation=header.recipient_generation)
    if seed is None:
        return None
    return open_own_box(box, under=seed) if header.kind == OWN else open_box(box, kem=_kem_of(seed))


def rostered_key_id(*, state: RosterState, kind: str, scope: bytes, generation: int) -> bytes | None:
    """The key_id that the roster names for a generation; None where it names none, or only newer ones."""
    if kind == STREAM:
        stream = state.streams.get(scope)
        known = stream is not None and 1 <= generation <= stream.generation
        return stream.key_ids[generation - 1] if stream is not None and known else None
    holder = (state.members if kind == MEMBER else state.groups).get(scope)
    return holder.key_id if holder is not None and holder.generation == generation else None


def settle_pending(tx: Writer, *, state: RosterState) -> None:
    """Take keys that were made here into use once the roster names them; forget those it passed over."""
    for kind, scope, key in keys.pending_keys(tx):
        named = rostered_key_id(state=state, kind=kind, scope=scope, generation=key.generation)
        if named is not None:
            keys.settle_pending(tx, kind=kind, scope=scope, key=key, named=named == key.key_id)


def absorb_boxes(tx: Writer, *, me: Identity, state: RosterState) -> int:
    """Open what boxes of members, groups and streams can be opened now. Returns how many keys came of it."""
    opened = 0
    progress = True
    while progress:
        progress = False
        for number, box in keys.waiting_boxes(tx):
            outcome = _absorb(tx, me=me, state=state, box=box)
            if outcome != "waiting":
                keys.settle_box(tx, number=number, state=outcome)
                progress = progress or outcome == "opened"
                opened += outcome == "opened"
        progress = _absorb_links(tx, state=state) > 0 or progress
    return opened


def _absorb(tx: Writer, *, me: Identity, state: RosterState, box: bytes) -> str:
    """What becomes of one box: opened, waiting, or refused."""
    try:
        header = parse_box_header(box)
        sender = state.devices.get(header.sender)
        if sender is None:
            return "waiting"
        check_box(box, sender_public=sender.signing)
        # Whoever can box the very key that the roster names holds it; it came to them by right or is lost anyway.
        named = rostered_key_id(state=state, kind=header.scope_kind, scope=header.scope, generation=header.generation)
        if named != header.key_id:
            return _unnamed(state=state, header=header)
        secret = open_for_me(tx, me=me, box=box, header=header)
    except Fault:
        return "refused"
    if secret is None:
        return "waiting"
    held = HeldKey(generation=header.generation, key_id=header.key_id, secret=secret)
    keys.hold_key(tx, kind=header.scope_kind, scope=header.scope, key=held)
    return "opened"


def _unnamed(*, state: RosterState, header: BoxHeader) -> str:
    """A box of a key that the roster does not name (yet): older generations come by links, newer ones may follow."""
    if header.scope_kind == STREAM:
        stream = state.streams.get(header.scope)
        newest = stream.generation if stream is not None else 0
    else:
        holder = (state.members if header.scope_kind == MEMBER else state.groups).get(header.scope)
        newest = holder.generation if holder is not None else 0
    return "waiting" if header.generation > newest else "refused"


def _absorb_links(tx: Writer, *, state: RosterState) -> int:
    """Open what older generations the held ones seal. Returns how many."""
    found = 0
    for link in reversed(state.links):
        newer = keys.find_key(tx, kind=link.scope_kind, scope=link.scope, key_id=link.newer)
        if newer is None or keys.find_key(tx, kind=link.scope_kind, scope=link.scope, key_id=link.older) is not None:
            continue
        try:
            secret = open_link(link.sealed, newer=newer, older_id=link.older, scope=link.scope)
        except Fault:
            continue
        older = HeldKey(generation=link.generation - 1, key_id=link.older, secret=secret)
        keys.hold_key(tx, kind=link.scope_kind, scope=link.scope, key=older)
        found += 1
    return found


def absorb_compartment(tx: Writer, *, me: Identity, state: RosterState, row: int) -> list[bytes]:
    """Open what keys of a compartment can be opened now. Returns the key_ids that are new here."""
    compartment = compartments.compartment_of(tx, row)
    mine = (me.member, *(group.id for group in state.groups_of(me.member)))
    held = keys.held_ids(tx, kind=COMPARTMENT, scope=compartment)
    fresh: list[bytes] = []
    for name, _, _, box, _ in compartments.boxes_to(tx, compartment=row, recipients=mine):
        if name in held:
            continue
        try:
            secret = open_for_me(tx, me=me, box=box, header=parse_box_header(box))
        except Fault:
            continue  # a bad box costs nobody else anything; the same key may be boxed again
        if secret is not None:
            keys.hold_key(tx, kind=COMPARTMENT, scope=compartment, key=HeldKey(0, name, secret))
            held.add(name)
            fresh.append(name)
    progress = True
    while progress:
        progress = False
        for newer_id, older_id, sealed in compartments.links_of(tx, compartment=row):
            if newer_id not in held:
                continue
            newer = keys.find_key(tx, kind=COMPARTMENT, scope=compartment, key_id=newer_id)
            assert newer is not None
            try:
                secret = open_link(sealed, newer=newer, older_id=older_id, scope=compartment)
            except Fault:
                compartments.drop_compartment_link(tx, compartment=row, key_id=newer_id, older=older_id)
                continue
            if older_id in held:
                continue
            keys.hold_key(tx, kind=COMPARTMENT, scope=compartment, key=HeldKey(0, older_id, secret))
            held.add(older_id)
            fresh.append(older_id)
            progress = True
    return fresh
