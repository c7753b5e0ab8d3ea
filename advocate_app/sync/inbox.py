"""The inbox: what a stream's log brings is verified, opened as far as the keys go, and handed to the event log."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from advocate_app.base.clock import Clock
from advocate_app.base.errors import Fault
from advocate_app.crypto import signing
from advocate_app.crypto.symmetric import open_sealed
from advocate_app.store import compartments, event_log, facts, keys, roster_log, sealed, stream_log
from advocate_app.store.changes import NOTHING, Changes
from advocate_app.store.connection import Writer
from advocate_app.store.event_log import Arrived
from advocate_app.store.sealed import CLOSED, REFUSED, WAITING, WHOLE, SealedParcel
from advocate_app.store.stream_log import Chain, StreamRow
from advocate_app.sync import keyring
from advocate_app.sync.errors import Attack, OtherHistory
from advocate_app.sync.identity import Identity
from advocate_app.sync.judging import judge
from advocate_app.wire import api, columns, envelope
from advocate_app.wire.delta import (
    Delta,
    Parcel,
    decode_delta,
    decode_keys,
    delta_context,
    keys_context,
    parcel_context,
)
from advocate_app.wire.envelope import Envelope
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.keybox import COMPARTMENT, STREAM, parse_box_header
from advocate_app.wire.log import Receipt, next_head
from advocate_app.wire.padding import unpad
from advocate_app.wire.roster_state import RosterState

APPLIED: Final = "applied"
SKIPPED: Final = "skipped"


@dataclass(slots=True)
class Taken:
    """What came of a page so far."""

    events: int = 0
    envelopes: int = 0
    sealed: int = 0
    refused: int = 0


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
        self._leaf = b""
        self.taken = Taken()

    def check_end(self, *, row: StreamRow, page: api.LogPage) -> None:
        """The page's end is what the server signs for. Raises `Attack`."""
        last = page.items[-1]
        if page.size < last.index or (page.size == last.index and page.head != row.head):
            raise Attack("the log does not end where the server says")
        leaf = self._leaf
        receipt = Receipt(
            agency=self._me.agency,
            stream=row.stream,
            life=page.life,
            index=last.index,
            leaf=leaf,
            head=row.head,
            received_at=last.received_at,
            roster_size=last.roster_size,
        )
        try:
            signing.verify(
                self._state.log_public, domain=signing.RECEIPT, message=receipt.signed(), signature=page.receipt
            )
        except signing.SignatureBroken as broken:
            raise Attack("the server's receipt for this log does not stand") from broken

    def take(self, tx: Writer, *, row: StreamRow, item: api.LogItem) -> StreamRow:
        """Take in one place of the log. Returns the stream's row behind it.

        Raises `Attack` and takes nothing when the place cannot stand here. The roster must have been followed to the
        size that the place is stamped with.
        """
        if item.index != row.size + 1:
            raise Attack("a place of the log is missing or out of order", index=item.index, expected=row.size + 1)
        if item.roster_size < row.roster_size:
            raise Attack("the log's roster size goes back", index=item.index)
        if item.roster_size > self._state.size:
            raise Attack("the log is stamped with a roster that nobody here has seen", index=item.index)
        try:
            parsed = envelope.parse_envelope(item.envelope)
        except WireBroken as broken:
            raise Attack("a place of the log holds no envelope", index=item.index) from broken
        device = self._check_signature(parsed, row=row, item=item)
        chain = stream_log.find_chain(tx, stream=row.row, device=device)
        header = parsed.header
        if header.seq != chain.seq + 1 or header.previous != chain.leaf or header.roster_size < chain.roster_size:
            raise Attack("a device's chain is broken", index=item.index, seq=header.seq)
        leaf = parsed.leaf
        head = next_head(
            before=row.head,
            index=item.index,
            leaf=leaf,
            received_at=item.received_at,
            roster_size=item.roster_size,
        )
        self._check_promise(tx, row=row, index=item.index, head=head)
        place = _Place(row=row, item=item, parsed=parsed, device=device, chain=chain)
        next_no, state, reason = self._take_content(tx, place)
        tx.run(
            "INSERT INTO log_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.row,
                item.index,
                leaf,
                head,
                item.received_at,
                item.roster_size,
                device,
                header.seq,
                header.kind,
                state,
                reason,
            ),
        )
        moved = Chain(seq=header.seq, leaf=leaf, next_no=next_no, roster_size=header.roster_size)
        stream_log.move_chain(tx, stream=row.row, device=device, chain=moved)
        stream_log.move_stream(tx, row=row.row, size=item.index, head=head, roster_size=item.roster_size)
        self._leaf = leaf
        self.taken.envelopes += 1
        return replace(row, size=item.index, head=head, roster_size=item.roster_size)

    def _check_signature(self, parsed: Envelope, *, row: StreamRow, item: api.LogItem) -> int:
        header = parsed.header
        author = self._state.devices.get(header.device)
        if author is None or header.stream != row.stream or header.roster_size > item.roster_size:
            raise Attack("an envelope of another stream, or of nobody on the roster", index=item.index)
        try:
            signing.verify(author.signing, domain=signing.ENVELOPE, message=parsed.signed, signature=parsed.signature)
        except signing.SignatureBroken as broken:
            raise Attack("an envelope's signature does not stand", index=item.index) from broken
        return self._rows[header.device]

    def begin(self, tx: Writer) -> None:
        """Get ready inside a transaction: devices and streams may have been added."""
        self._rows = roster_log.device_rows(tx)
        self._members = roster_log.device_members(tx)
        self._streams = {one.row: one.stream for one in stream_log.list_streams(tx)}
        self._arrived = []

    def finish(self, tx: Writer) -> Changes:
        """Hand what was opened in this transaction to the event log."""
        arrived, self._arrived = self._arrived, []
        return event_log.receive_all(tx, parcels=arrived) if arrived else NOTHING

    def _check_promise(self, tx: Writer, *, row: StreamRow, index: int, head: bytes) -> None:
        promised = facts.find_bytes(tx, _promise(row.stream, index))
        if promised and promised != head:
            raise Attack("the log is another one than the invitation vouched for", index=index)

    def _take_content(self, tx: Writer, place: "_Place") -> tuple[int, str, str | None]:
        """Next event number of the device, state and reason of the envelope."""
        header = place.parsed.header
        if header.device == self._me.device.id:
            own = stream_log.find_envelope(tx, stream=place.row.row, seq=header.seq)
            if own is not None and own.leaf == place.parsed.leaf:
                event_log.mark_logged(
                    tx, stream=place.row.row, first_no=own.first_no, count=own.count, log_index=place.item.index
                )
                stream_log.acknowledge(
                    tx, stream=place.row.row, seq=header.seq, log_index=place.item.index, receipt=b""
                )
                return own.first_no + own.count, APPLIED, None
            facts.put(tx, facts.COPY, 1)
        if header.kind not in (envelope.DELTA, envelope.KEYS):
            return place.chain.next_no, SKIPPED, "kind"
        key = keys.find_key(tx, kind=STREAM, scope=header.stream, key_id=header.key_id)
        if key is None:
            self._keep_whole(tx, place, state=WAITING, reason="stream_key")
            return 0, WAITING, "stream_key"
        try:
            return self._open(tx, place, key=key), APPLIED, None
        except Fault as fault:
            self._keep_whole(tx, place, state=REFUSED, reason=fault.code)
            self.taken.refused += 1
            return 0, REFUSED, fault.code

    def _keep_whole(self, tx: Writer, place: "_Place", *, state: str, reason: str) -> None:
        sealed.keep_parcel(
            tx,
            SealedParcel(
                stream=place.row.row,
                log_index=place.item.index,
                ordinal=WHOLE,
                device=place.device,
                seq=place.parsed.header.seq,
                first_no=0,
                count=0,
                key_id=place.parsed.header.key_id,
                cited=place.parsed.header.roster_size,
                roster_size=place.item.roster_size,
                devices=(),
                sealed=place.item.envelope,
                state=state,
                reason=reason,
                since=self._clock.now(),
            ),
        )

    def _open(self, tx: Writer, place: "_Place", *, key: bytes) -> int:
        """Open an envelope's content. Returns the device's next event number."""
        parsed = place.parsed
        if parsed.header.kind == envelope.KEYS:
            plain = open_sealed(key, context=keys_context(parsed.header_bytes), sealed=parsed.sealed)
            self._take_keys(tx, place, plain=unpad(plain))
            return place.chain.next_no
        plain = open_sealed(key, context=delta_context(parsed.header_bytes), sealed=parsed.sealed)
        delta = decode_delta(unpad(plain))
        self._check_seen(tx, place, roster_head=delta.roster_head, index=delta.seen.index, head=delta.seen.head)
        if place.chain.next_no and delta.first_no != place.chain.next_no:
            raise WireBroken("delta: its events are not numbered on from the last ones")
        devices = tuple(self._rows.get(device, 0) for device in delta.devices)
        number = delta.first_no
        for ordinal, parcel in enumerate(delta.parcels):
            self._take_parcel(
                tx, _parcel(place, delta, parcel, ordinal=ordinal, number=number, devices=devices, at=self._clock.now())
            )
            number += parcel.count
        return number

    def _check_seen(self, tx: Writer, place: "_Place", *, roster_head: bytes, index: int, head: bytes) -> None:
        known = roster_log.roster_hash(tx, place.parsed.header.roster_size - 1)
        if known != roster_head:
            raise OtherHistory("its author was shown another roster")
        if index >= place.item.index:
            raise WireBroken("delta: its author claims to have seen what comes after it")
        if index and stream_log.head_at(tx, stream=place.row.row, index=index) != head:
            raise OtherHistory("its author was shown another log")

    def _take_keys(self, tx: Writer, place: "_Place", *, plain: bytes) -> None:
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
            log_index=place.item.index,
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

    def retry_whole(self, tx: Writer) -> None:
        """Open envelopes that waited for their stream's key, in log order."""
        for key_id in sealed.parcel_keys(tx):
            for waiting in sealed.parcels_under(tx, key_id=key_id):
                if waiting.ordinal == WHOLE:
                    self._retry(tx, waiting)

    def _retry(self, tx: Writer, waiting: SealedParcel) -> None:
        parsed = envelope.parse_envelope(waiting.sealed)
        key = keys.find_key(tx, kind=STREAM, scope=parsed.header.stream, key_id=parsed.header.key_id)
        if key is None:
            return
        row = stream_log.find_stream(tx, parsed.header.stream)
        assert row is not None
        item = api.LogItem(
            index=waiting.log_index, received_at=0, roster_size=waiting.roster_size, envelope=waiting.sealed
        )
        chain = replace(stream_log.NO_CHAIN, next_no=0)
        place = _Place(row=row, item=item, parsed=parsed, device=waiting.device, chain=chain)
        sealed.drop_parcel(tx, waiting.row)
        try:
            number = self._open(tx, place, key=key)
        except Fault as fault:
            self._keep_whole(tx, place, state=REFUSED, reason=fault.code)
            return
        end = stream_log.find_chain(tx, stream=row.row, device=waiting.device)
        if end.seq == waiting.seq and number:
            stream_log.move_chain(tx, stream=row.row, device=waiting.device, chain=replace(end, next_no=number))

    def _take_parcel(self, tx: Writer, parcel: SealedParcel) -> None:
        """Open one parcel into the event log, or keep it sealed with its state."""
        row = compartments.compartment_under(tx, key_id=parcel.key_id)
        key = None
        if row is not None:
            scope = compartments.compartment_of(tx, row)
            key = keys.find_key(tx, kind=COMPARTMENT, scope=scope, key_id=parcel.key_id)
        if row is None or key is None:
            if not parcel.row:
                state = WAITING if row is None or self._addressed(tx, row=row, key_id=parcel.key_id) else CLOSED
                sealed.keep_parcel(tx, replace(parcel, state=state, reason="compartment_key"))
                self.taken.sealed += 1
            return
        if parcel.row:
            sealed.drop_parcel(tx, parcel.row)
        stream = self._streams[parcel.stream]
        device, author = self._members[parcel.device]
        try:
            context = parcel_context(
                stream=stream, device=device, seq=parcel.seq, compartment=scope, key_id=parcel.key_id
            )
            events = columns.decode(open_sealed(key, context=context, sealed=parcel.sealed))
            if len(events) != parcel.count:
                raise WireBroken("parcel: not as many events as it says")
        except Fault as fault:
            sealed.keep_parcel(tx, replace(parcel, state=REFUSED, reason=fault.code))
            self.taken.refused += 1
            return
        states = judge(
            state=self._state,
            device=device,
            stream=stream,
            log_index=parcel.log_index,
            cited=parcel.cited,
            stamped=parcel.roster_size,
            events=events,
        )
        self._arrived.append(
            Arrived(
                stream=parcel.stream,
                log_index=parcel.log_index,
                device=parcel.device,
                author=author,
                cited=parcel.cited,
                first_no=parcel.first_no,
                compartment=row,
                events=events,
                devices=parcel.devices,
                states=states,
            )
        )
        self.taken.events += len(events)

    def _addressed(self, tx: Writer, *, row: int, key_id: bytes) -> bool:
        """Whether a box names me or a group of mine for this key, though it could not be opened yet."""
        mine = (self._me.member, *(group.id for group in self._state.groups_of(self._me.member)))
        return any(box[0] == key_id for box in compartments.boxes_to(tx, compartment=row, recipients=mine))


@dataclass(frozen=True, slots=True)
class _Place:
    """One place of the log while it is read."""

    row: StreamRow
    item: api.LogItem
    parsed: Envelope
    device: int
    chain: Chain


def _parcel(
    place: _Place, delta: Delta, parcel: Parcel, *, ordinal: int, number: int, devices: Sequence[int], at: int
) -> SealedParcel:
    return SealedParcel(
        stream=place.row.row,
        log_index=place.item.index,
        ordinal=ordinal,
        device=place.device,
        seq=place.parsed.header.seq,
        first_no=number,
        count=parcel.count,
        key_id=parcel.key_id,
        cited=place.parsed.header.roster_size,
        roster_size=place.item.roster_size,
        devices=tuple(devices),
        sealed=parcel.sealed,
        since=at,
    )


def _promise(stream: bytes, index: int) -> str:
    """The fact that an invitation vouched for a head at this place."""
    return f"promise/{stream.hex()}/{index}"


def promise(tx: Writer, *, stream: bytes, index: int, head: bytes) -> None:
    """Remember that an invitation vouches for this head."""
    facts.put(tx, _promise(stream, index), head)
