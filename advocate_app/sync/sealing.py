"""Sealing: events of the outbox become signed envelopes, in one transaction with their numbers and their keys."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from advocate_app.base.clock import Clock
from advocate_app.base.errors import Bug
from advocate_app.base.ids import Ids
from advocate_app.crypto.signing import ENVELOPE
from advocate_app.crypto.symmetric import seal, sealed_size
from advocate_app.store import compartments, event_log, facts, keys, outbox, stream_log
from advocate_app.store.connection import Writer
from advocate_app.store.event_rows import decode_body
from advocate_app.store.keys import HeldKey
from advocate_app.store.outbox import UnsealedEvent
from advocate_app.store.readers import READERS_TYPE
from advocate_app.store.stream_log import Chain, OwnEnvelope, StreamRow
from advocate_app.sync.compartment_keys import KeyNotice, writing_key
from advocate_app.sync.errors import KeyMissing, VaultIsCopy
from advocate_app.sync.identity import Identity
from advocate_app.wire import columns, envelope
from advocate_app.wire.delta import (
    Delta,
    Keys,
    Parcel,
    Seen,
    delta_context,
    encode_content,
    keys_context,
    parcel_context,
)
from advocate_app.wire.events import SealedEvent
from advocate_app.wire.keybox import STREAM
from advocate_app.wire.padding import pad, padded_size
from advocate_app.wire.roster_state import RosterState

BATCH: Final = 4096
"""Events taken from the outbox for one delta at most."""
PARCEL_EVENTS: Final = 2048
ROOM: Final = 225_000
"""Bytes of parcels that one delta holds at most, well under the limit of an envelope after padding."""
BOXES_IN_ENVELOPE: Final = 150


@dataclass(frozen=True, slots=True)
class Sealer:
    """What sealing in one stream needs besides the vault."""

    me: Identity
    state: RosterState
    stream: StreamRow
    key: HeldKey
    clock: Clock
    ids: Ids
    chosen: dict[int, HeldKey] = field(default_factory=dict)
    """The key that each compartment (row) is written under in this sealing, once it was looked up."""


def open_sealer(tx: Writer, *, me: Identity, state: RosterState, stream: StreamRow, clock: Clock, ids: Ids) -> Sealer:
    """Get ready to seal in a stream. Raises `VaultIsCopy`, or `KeyMissing` while the stream's key is not here."""
    if facts.find_number(tx, facts.COPY):
        raise VaultIsCopy
    names = state.streams[stream.stream].key_ids if stream.stream in state.streams else ()
    for generation, name in reversed(list(enumerate(names, start=1))):
        secret = keys.find_key(tx, kind=STREAM, scope=stream.stream, key_id=name)
        if secret is not None:
            key = HeldKey(generation, name, secret)
            return Sealer(me=me, state=state, stream=stream, key=key, clock=clock, ids=ids)
    raise KeyMissing(kind=STREAM)


def seal_next(tx: Writer, sealer: Sealer) -> int:
    """Seal the next events of the outbox into envelopes. Returns how many events; 0 when there are none."""
    waiting = outbox.unsealed_events(tx, stream=sealer.stream.row, limit=BATCH)
    if not waiting:
        return 0
    grouped: dict[int, list[UnsealedEvent]] = {}
    for event in waiting:
        grouped.setdefault(event.compartment, []).append(event)
    chosen = sealer.chosen
    for compartment, events in grouped.items():
        if compartment in chosen and not any(event.record_type == READERS_TYPE for event in events):
            continue
        written = writing_key(tx, me=sealer.me, state=sealer.state, compartment=compartment, ids=sealer.ids)
        chosen[compartment] = written.key
        if written.notice is not None:
            seal_notice(tx, sealer, written.notice)
    return _seal_delta(tx, sealer, grouped=grouped, chosen=chosen)


def seal_notice(tx: Writer, sealer: Sealer, notice: KeyNotice) -> None:
    """Seal what is to be told of a compartment's key into keys envelopes."""
    compartment = compartments.compartment_of(tx, notice.compartment)
    starts = range(0, max(1, len(notice.boxes)), BOXES_IN_ENVELOPE)
    for start in starts:
        content = Keys(
            roster_head=sealer.state.head,
            seen=_seen(sealer),
            compartment=compartment,
            key_id=notice.key_id,
            boxes=list(notice.boxes[start : start + BOXES_IN_ENVELOPE]),
            links=list(notice.links) if start == 0 else [],
        )
        end = stream_log.sealed_end(tx, stream=sealer.stream.row)
        _write_envelope(tx, sealer, end=end, kind=envelope.KEYS, plain=pad(encode_content(content)), count=0)


def _seal_delta(
    tx: Writer, sealer: Sealer, *, grouped: dict[int, list[UnsealedEvent]], chosen: dict[int, HeldKey]
) -> int:
    end = stream_log.sealed_end(tx, stream=sealer.stream.row)
    seq = end.seq + 1
    parts = [
        (compartment, events[start : start + PARCEL_EVENTS])
        for compartment, events in grouped.items()
        for start in range(0, len(events), PARCEL_EVENTS)
    ]
    naming = _Naming(tx, sealer=sealer, first_no=end.next_no, parts=parts)
    parcels: list[Parcel] = []
    rows: list[int] = []
    room = ROOM
    for compartment, events in parts:
        plain, taken = _encode_within(naming.sealed(events), room=room)
        if not taken:
            break
        key = chosen[compartment]
        context = parcel_context(
            stream=sealer.stream.stream,
            device=sealer.me.device.id,
            seq=seq,
            compartment=compartments.compartment_of(tx, compartment),
            key_id=key.key_id,
        )
        sealed = seal(key.secret, context=context, plain=plain)
        parcels.append(Parcel(key_id=key.key_id, count=taken, sealed=sealed))
        rows.extend(event.id for event in events[:taken])
        room -= len(sealed)
        if taken < len(events):
            break  # what follows would be numbered behind events that are not in this delta
    if not parcels:
        raise Bug("an event is larger than an envelope can hold")
    content = Delta(
        roster_head=sealer.state.head,
        seen=_seen(sealer),
        first_no=end.next_no,
        devices=naming.devices(),
        parcels=parcels,
    )
    _write_envelope(tx, sealer, end=end, kind=envelope.DELTA, plain=pad(encode_content(content)), count=len(rows))
    event_log.mark_sealed(tx, stream=sealer.stream.row, rows=rows, first_no=end.next_no)
    return len(rows)


def _encode_within(events: Sequence[SealedEvent], *, room: int) -> tuple[bytes, int]:
    """As many of the events, from the first on, as fit into `room` bytes once encoded; the bytes and how many."""
    taken = len(events)
    while taken:
        plain = columns.encode(events[:taken])
        if sealed_size(len(plain)) <= room:
            return plain, taken
        taken = min(taken - 1, max(taken * room // (2 * sealed_size(len(plain))), 0)) if taken > 1 else 0
    return b"", 0


class _Naming:
    """Turns local ids in `over` into names: (index into the delta's devices, no)."""

    def __init__(
        self, tx: Writer, *, sealer: Sealer, first_no: int, parts: Sequence[tuple[int, list[UnsealedEvent]]]
    ) -> None:
        self._bodies = {event.id: decode_body(event.body) for _, events in parts for event in events}
        own = [event.id for _, events in parts for event in events]
        refs: set[int] = set()
        for body in self._bodies.values():
            for listed in body.over.values():
                refs.update(ref for ref in listed if isinstance(ref, int))
        self._names = outbox.names_of(tx, events=refs)
        self._names.update((event, (1, first_no + at)) for at, event in enumerate(own))
        self._ids: dict[int, bytes] = dict(tx.rows("SELECT id, device FROM device"))
        self._index: dict[int, int] = {}

    def sealed(self, events: Sequence[UnsealedEvent]) -> list[SealedEvent]:
        """The events as they are sealed."""
        return [self._sealed(event) for event in events]

    def _sealed(self, event: UnsealedEvent) -> SealedEvent:
        body = self._bodies[event.id]
        return SealedEvent(
            record_type=event.record_type,
            record_id=event.record_id,
            verb=event.verb,
            fields=body.fields,
            over={register: self._over(refs) for register, refs in body.over.items()},
            recorded_at=event.recorded_at,
            zone=body.zone,
            reason=body.reason,
            txn=body.txn,
        )

    def _over(self, refs: Sequence[int | list[int]]) -> list[tuple[int, int]]:
        named = (self._names.get(ref) if isinstance(ref, int) else (ref[0], ref[1]) for ref in refs)
        return [(self._place(name[0]), name[1]) for name in named if name is not None]

    def _place(self, device: int) -> int:
        return self._index.setdefault(device, len(self._index))

    def devices(self) -> list[bytes]:
        """The devices that `over` names, by index."""
        return [self._ids[row] for row in self._index]


def _seen(sealer: Sealer) -> Seen:
    return Seen(life=sealer.stream.life, index=sealer.stream.size, head=sealer.stream.head)


def _write_envelope(tx: Writer, sealer: Sealer, *, end: Chain, kind: int, plain: bytes, count: int) -> None:
    """Seal, sign and keep one envelope after the end of this device's chain."""
    header = envelope.Header(
        kind=kind,
        stream=sealer.stream.stream,
        device=sealer.me.device.id,
        seq=end.seq + 1,
        previous=end.leaf,
        roster_size=sealer.state.size,
        sealed_size=sealed_size(len(plain)),
        key_id=sealer.key.key_id,
    )
    header_bytes = header.pack()
    context = delta_context(header_bytes) if kind == envelope.DELTA else keys_context(header_bytes)
    sealed = seal(sealer.key.secret, context=context, plain=plain)
    unsigned = envelope.Envelope(header=header, header_bytes=header_bytes, sealed=sealed, signature=b"")
    signature = sealer.me.device.signer.sign(domain=ENVELOPE, message=unsigned.signed)
    made = envelope.Envelope(header=header, header_bytes=header_bytes, sealed=sealed, signature=signature)
    if len(plain) > envelope.MAX_ENVELOPE or padded_size(0) > len(plain):
        raise Bug("an envelope of impossible size", size=len(plain))
    own = OwnEnvelope(
        stream=sealer.stream.row,
        seq=header.seq,
        leaf=made.leaf,
        kind=kind,
        envelope=made.bytes(),
        flagged=False,
        first_no=end.next_no,
        count=count,
        log_index=None,
    )
    stream_log.keep_envelope(tx, own=own, sealed_at=sealer.clock.now())
