"""The inbox: what a stream's log brings is verified, opened as far as the keys go, and handed to the event log."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from advocate_app.base.clock import Clock
from advocate_app.base.errors import Fault
from advocate_app.crypto.symmetric import open_sealed
from advocate_app.store import compartments, event_log, facts, keys, roster_log, sealed, stream_log
from advocate_app.store.admissions import settle_admissions
from advocate_app.store.changes import NOTHING, Changes, Topic
from advocate_app.store.connection import Writer
from advocate_app.store.event_log import Arrived
from advocate_app.store.event_rows import EventState
from advocate_app.store.sealed import CLOSED, REFUSED, WAITING, WHOLE, SealedParcel
from advocate_app.store.stream_log import Chain, OwnEnvelope
from advocate_app.sync import keyring
from advocate_app.sync.errors import OtherHistory
from advocate_app.sync.identity import Identity
from advocate_app.sync.judging import judge_of
from advocate_app.sync.pages import Place
from advocate_app.wire import columns, envelope
from advocate_app.wire.delta import (
    Delta,
    Parcel,
    decode_delta,
    decode_keys,
    delta_context,
    keys_context,
    parcel_context,
)
from advocate_app.wire.errors import WireBroken, WireNewer
from advocate_app.wire.keybox import COMPARTMENT, STREAM, parse_box_header
from advocate_app.wire.log import first_head
from advocate_app.wire.padding import unpad
from advocate_app.wire.roster_state import RosterState

APPLIED: Final = "applied"
SKIPPED: Final = "skipped"
_OWN_APPLIED: Final = """SELECT e.id, r.type, e.verb FROM event e JOIN record r ON r.id = e.record
  WHERE e.stream = ? AND e.device = 1 AND e.no BETWEEN ? AND ? AND e.state = 0"""


@dataclass(slots=True)
class Taken:
    """What came of a page so far."""

    events: int = 0
    envelopes: int = 0
    sealed: int = 0
    refused: int = 0


class _Opened(NamedTuple):
    """A compartment key's compartment (row, id, home stream), and the key where it is held."""

    row: int
    scope: bytes
    home: int
    key: bytes | None


class Inbox:
    """Reads one stream from where the vault stands."""

    def __init__(self, *, me: Identity, state: RosterState, clock: Clock) -> None:
        self._me = me
        self._state = state
        self._clock = clock
        self._rows: dict[bytes, int] = {}
        self._members: dict[int, tuple[bytes, bytes]] = {}
        self._streams: dict[int, bytes] = {}
        self._arrived: list[Arrived] = []
        self._changes = NOTHING
        self._opened: dict[bytes, _Opened] = {}
        self._stream_keys: dict[bytes, bytes] = {}
        self._hashes: dict[int, bytes | None] = {}
        self._chains: dict[tuple[int, int], Chain] = {}
        self._last: Place | None = None
        self.taken = Taken()

    def take(self, tx: Writer, place: Place) -> None:
        """Take in one verified place of the log."""
        header, row = place.parsed.header, place.row
        whose = (row.row, place.device)
        chain = self._chains.get(whose) or stream_log.find_chain(tx, stream=row.row, device=place.device)
        next_no, state, reason = self._take_content(tx, place, chain=chain)
        tx.run(
            "INSERT INTO log_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.row,
                place.index,
                place.leaf,
                place.head,
                place.received_at,
                place.roster_size,
                place.device,
                header.seq,
                header.kind,
                state,
                reason,
            ),
        )
        self._chains[whose] = Chain(seq=header.seq, leaf=place.leaf, next_no=next_no, roster_size=header.roster_size)
        self._last = place
        self.taken.envelopes += 1

    def begin(self, tx: Writer) -> None:
        """Get ready inside a transaction: devices and streams may have been added."""
        self._rows = roster_log.device_rows(tx)
        self._members = roster_log.device_members(tx)
        self._streams = {one.row: one.stream for one in stream_log.list_streams(tx)}
        self._arrived, self._changes = [], NOTHING

    def finish(self, tx: Writer) -> Changes:
        """Write how far the log was taken, and hand what was opened in this transaction to the event log."""
        for (stream, device), chain in self._chains.items():
            stream_log.move_chain(tx, stream=stream, device=device, chain=chain)
        if self._last is not None:
            last = self._last
            stream_log.move_stream(tx, row=last.row.row, size=last.index, head=last.head, roster_size=last.roster_size)
        self._chains, self._last = {}, None
        changes = self._changes
        if self._arrived:
            changes |= event_log.receive_all(tx, parcels=self._arrived)
        if changes.touch(Topic.ADMISSION):
            changes |= settle_admissions(tx)
        self._arrived, self._changes = [], NOTHING
        return changes

    def _take_content(self, tx: Writer, place: Place, *, chain: Chain) -> tuple[int, str, str | None]:
        """Next event number of the device, state and reason of the envelope."""
        header = place.parsed.header
        if header.device == self._me.device.id:
            own = stream_log.find_envelope(tx, stream=place.row.row, seq=header.seq)
            if own is not None and own.leaf == place.leaf:
                self._own_is_logged(tx, place, own=own)
                return own.first_no + own.count, APPLIED, None
            facts.put(tx, facts.COPY, 1)
        if header.kind not in (envelope.DELTA, envelope.KEYS):
            return chain.next_no, SKIPPED, "kind"
        key = self._stream_keys.get(header.key_id)
        if key is None:
            key = keys.find_key(tx, kind=STREAM, scope=header.stream, key_id=header.key_id)
        if key is None:
            self._keep_whole(tx, place, state=WAITING, reason="stream_key")
            return 0, WAITING, "stream_key"
        self._stream_keys[header.key_id] = key
        try:
            return self._open(tx, place, key=key, chain=chain), APPLIED, None
        except Fault as fault:
            self._keep_whole(tx, place, state=REFUSED, reason=fault.code)
            self.taken.refused += 1
            return 0, REFUSED, fault.code

    def _own_is_logged(self, tx: Writer, place: Place, *, own: OwnEnvelope) -> None:
        """An envelope of this device came back: it is where everybody else has it, and judged as they judge it."""
        row, last = place.row.row, own.first_no + own.count - 1
        stream_log.acknowledge(tx, stream=row, seq=own.seq, log_index=place.index, receipt=b"")
        self._changes |= event_log.mark_logged(
            tx, stream=row, first_no=own.first_no, count=own.count, log_index=place.index
        )
        header = place.parsed.header
        judge = judge_of(
            state=self._state,
            device=header.device,
            stream=place.row.stream,
            log_index=place.index,
            cited=header.roster_size,
            stamped=place.roster_size,
        )
        for state in (EventState.ADMISSION, EventState.REFUSED):
            aside = [
                event
                for event, record_type, verb in tx.rows(_OWN_APPLIED, (row, own.first_no, last))
                if judge.state_of(record_type=record_type, verb=verb) is state
            ]
            if aside:
                self._changes |= event_log.set_state(tx, events=aside, state=state)

    def _keep_whole(self, tx: Writer, place: Place, *, state: str, reason: str) -> None:
        sealed.keep_parcel(
            tx,
            SealedParcel(
                stream=place.row.row,
                log_index=place.index,
                ordinal=WHOLE,
                device=place.device,
                seq=place.parsed.header.seq,
                first_no=0,
                count=0,
                key_id=place.parsed.header.key_id,
                cited=place.parsed.header.roster_size,
                roster_size=place.roster_size,
                devices=(),
                sealed=place.data,
                state=state,
                reason=reason,
                since=self._clock.now(),
            ),
        )

    def _open(self, tx: Writer, place: Place, *, key: bytes, chain: Chain) -> int:
        """Open an envelope's content. Returns the device's next event number."""
        parsed = place.parsed
        if parsed.header.kind == envelope.KEYS:
            plain = open_sealed(key, context=keys_context(parsed.header_bytes), sealed=parsed.sealed)
            self._take_keys(tx, place, plain=unpad(plain))
            return chain.next_no
        plain = open_sealed(key, context=delta_context(parsed.header_bytes), sealed=parsed.sealed)
        delta = decode_delta(unpad(plain))
        self._check_seen(tx, place, roster_head=delta.roster_head, index=delta.seen.index, head=delta.seen.head)
        if chain.next_no and delta.first_no != chain.next_no:
            raise WireBroken("delta: its events are not numbered on from the last ones")
        devices = tuple(self._rows.get(device, 0) for device in delta.devices)
        number = delta.first_no
        for ordinal, parcel in enumerate(delta.parcels):
            self._take_parcel(
                tx, _parcel(place, delta, parcel, ordinal=ordinal, number=number, devices=devices, at=self._clock.now())
            )
            number += parcel.count
        return number

    def _check_seen(self, tx: Writer, place: Place, *, roster_head: bytes, index: int, head: bytes) -> None:
        last = place.parsed.header.roster_size - 1
        if last not in self._hashes:
            self._hashes[last] = roster_log.roster_hash(tx, last)
        if self._hashes[last] != roster_head:
            raise OtherHistory("its author was shown another roster")
        if index >= place.index:
            raise WireBroken("delta: its author claims to have seen what comes after it")
        beginning = first_head(agency=self._me.agency, stream=place.row.stream)
        known = stream_log.head_at(tx, stream=place.row.row, index=index) if index else beginning
        if known != head:
            raise OtherHistory("its author was shown another log")

    def _take_keys(self, tx: Writer, place: Place, *, plain: bytes) -> None:
        content = decode_keys(plain)
        self._check_seen(tx, place, roster_head=content.roster_head, index=content.seen.index, head=content.seen.head)
        boxes = [(parse_box_header(box), box) for box in content.boxes]
        for header, _ in boxes:
            if (header.scope_kind, header.scope, header.key_id) != (COMPARTMENT, content.compartment, content.key_id):
                raise WireBroken("keys: a box of another key")
            if header.sender != place.parsed.header.device:
                raise WireBroken("keys: a box of another device")
        row = compartments.compartment_row(tx, compartment=content.compartment, stream=place.row.row)
        compartments.keep_compartment_key(
            tx,
            compartment=row,
            key_id=content.key_id,
            maker=place.device,
            stream=place.row.row,
            log_index=place.index,
        )
        for header, box in boxes:
            compartments.keep_compartment_box(
                tx,
                compartment=row,
                key_id=content.key_id,
                recipient=header.recipient,
                generation=header.recipient_generation,
                box=box,
                sender=place.device,
            )
        for older, link in content.links:
            compartments.keep_compartment_link(tx, compartment=row, key_id=content.key_id, older=older, sealed=link)
        self.open_compartment(tx, row)

    def open_compartment(self, tx: Writer, row: int) -> None:
        """Open what keys of a compartment can be opened now, and the parcels that waited for them."""
        for key_id in keyring.absorb_compartment(tx, me=self._me, state=self._state, row=row):
            for parcel in sealed.parcels_under(tx, key_id=key_id):
                if parcel.ordinal != WHOLE:
                    self._take_parcel(tx, parcel)

    def retry_waiting(self, tx: Writer) -> None:
        """Open, in log order, envelopes that waited for their stream's key, and parcels that waited for an update."""
        for key_id in sealed.parcel_keys(tx):
            for waiting in sealed.parcels_under(tx, key_id=key_id):
                if waiting.ordinal == WHOLE:
                    self._retry(tx, waiting)
                elif waiting.reason == WireNewer.code:
                    self._take_parcel(tx, waiting)

    def _retry(self, tx: Writer, waiting: SealedParcel) -> None:
        parsed = envelope.parse_envelope(waiting.sealed)
        key = keys.find_key(tx, kind=STREAM, scope=parsed.header.stream, key_id=parsed.header.key_id)
        if key is None:
            return
        row = stream_log.find_stream(tx, parsed.header.stream)
        assert row is not None
        place = Place(
            row=row,
            index=waiting.log_index,
            received_at=0,
            roster_size=waiting.roster_size,
            parsed=parsed,
            data=waiting.sealed,
            leaf=b"",
            head=b"",
            device=waiting.device,
        )
        sealed.drop_parcel(tx, waiting.row)
        try:
            number = self._open(tx, place, key=key, chain=replace(stream_log.NO_CHAIN, next_no=0))
        except Fault as fault:
            self._keep_whole(tx, place, state=REFUSED, reason=fault.code)
            return
        end = stream_log.find_chain(tx, stream=row.row, device=waiting.device)
        if end.seq == waiting.seq and number:
            stream_log.move_chain(tx, stream=row.row, device=waiting.device, chain=replace(end, next_no=number))

    def _take_parcel(self, tx: Writer, parcel: SealedParcel) -> None:
        """Open one parcel into the event log, or keep it sealed with its state."""
        opened = self._opened.get(parcel.key_id) or self._find_key(tx, key_id=parcel.key_id)
        if opened is None or opened.key is None:
            if not parcel.row:
                addressed = opened is None or self._addressed(tx, row=opened.row, key_id=parcel.key_id)
                state = WAITING if addressed else CLOSED
                sealed.keep_parcel(tx, replace(parcel, state=state, reason="compartment_key"))
                self.taken.sealed += 1
            return
        self._opened[parcel.key_id] = opened
        if parcel.row:
            sealed.drop_parcel(tx, parcel.row)
        stream = self._streams[parcel.stream]
        device, author = self._members[parcel.device]
        try:
            context = parcel_context(
                stream=stream, device=device, seq=parcel.seq, compartment=opened.scope, key_id=parcel.key_id
            )
            events = columns.decode(open_sealed(opened.key, context=context, sealed=parcel.sealed))
            if len(events) != parcel.count:
                raise WireBroken("parcel: not as many events as it says")
            if opened.home != parcel.stream:
                raise WireBroken("parcel: outside its compartment's stream")
        except WireNewer as newer:
            sealed.keep_parcel(tx, replace(parcel, state=WAITING, reason=newer.code))
            self.taken.sealed += 1
            return
        except Fault as fault:
            sealed.keep_parcel(tx, replace(parcel, state=REFUSED, reason=fault.code))
            self.taken.refused += 1
            return
        judge = judge_of(
            state=self._state,
            device=device,
            stream=stream,
            log_index=parcel.log_index,
            cited=parcel.cited,
            stamped=parcel.roster_size,
        )
        self._arrived.append(
            Arrived(
                stream=parcel.stream,
                log_index=parcel.log_index,
                device=parcel.device,
                author=author,
                cited=parcel.cited,
                first_no=parcel.first_no,
                compartment=opened.row,
                events=events,
                devices=parcel.devices,
                states=judge.states_of((event.record_type, event.verb) for event in events),
            )
        )
        self.taken.events += len(events)

    def _find_key(self, tx: Writer, *, key_id: bytes) -> "_Opened | None":
        found = compartments.compartment_under(tx, key_id=key_id)
        if found is None:
            return None
        row, scope, home = found
        return _Opened(row, scope, home, keys.find_key(tx, kind=COMPARTMENT, scope=scope, key_id=key_id))

    def _addressed(self, tx: Writer, *, row: int, key_id: bytes) -> bool:
        """Whether a box names me or a group of mine for this key, though it could not be opened yet."""
        mine = (self._me.member, *(group.id for group in self._state.groups_of(self._me.member)))
        return any(box[0] == key_id for box in compartments.boxes_to(tx, compartment=row, recipients=mine))


def _parcel(
    place: Place, delta: Delta, parcel: Parcel, *, ordinal: int, number: int, devices: Sequence[int], at: int
) -> SealedParcel:
    return SealedParcel(
        stream=place.row.row,
        log_index=place.index,
        ordinal=ordinal,
        device=place.device,
        seq=place.parsed.header.seq,
        first_no=number,
        count=parcel.count,
        key_id=parcel.key_id,
        cited=place.parsed.header.roster_size,
        roster_size=place.roster_size,
        devices=tuple(devices),
        sealed=parcel.sealed,
        since=at,
    )
