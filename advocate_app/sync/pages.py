"""Pages of a stream's log: every place is verified, and the server's word for the last one, before any is taken."""

from dataclasses import dataclass, replace

from advocate_app.crypto import signing
from advocate_app.store import facts, roster_log, stream_log
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.stream_log import Chain, StreamRow
from advocate_app.sync.errors import Attack
from advocate_app.sync.identity import Identity
from advocate_app.wire import api, envelope
from advocate_app.wire.envelope import Envelope
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.log import Receipt, next_head
from advocate_app.wire.roster_state import RosterState


@dataclass(frozen=True, slots=True)
class Place:
    """One verified place of a log: its envelope, leaf and head, and the device (row) that wrote it."""

    row: StreamRow
    index: int
    received_at: int
    roster_size: int
    parsed: Envelope
    data: bytes
    leaf: bytes
    head: bytes
    device: int


def check_page(db: Reader, *, state: RosterState, row: StreamRow, page: api.LogPage) -> list[Place]:
    """The places of a page that follows on what this vault has verified. Raises `Attack` and nothing is taken.

    The roster must have been followed to the size that the last place is stamped with. Checked are: index, roster
    sizes, signature, each device's chain, running head, the heads an invitation vouched for, and the receipt over the
    last place.
    """
    rows = roster_log.device_rows(db)
    chains: dict[int, Chain] = {}
    places: list[Place] = []
    at = row
    for item in page.items:
        place = _check_place(db, state=state, row=at, item=item, rows=rows, chains=chains)
        places.append(place)
        at = replace(at, size=place.index, head=place.head, roster_size=place.roster_size)
    last = places[-1]
    if page.size < last.index or (page.size == last.index and page.head != last.head):
        raise Attack("the log does not end where the server says")
    check_receipt(
        state=state,
        receipt=Receipt(
            agency=state.agency,
            stream=row.stream,
            life=page.life,
            index=last.index,
            leaf=last.leaf,
            head=last.head,
            received_at=last.received_at,
            roster_size=last.roster_size,
        ),
        signature=page.receipt,
    )
    return places


def check_receipt(*, state: RosterState, receipt: Receipt, signature: bytes) -> None:
    """The server's word stands under the rostered log key. Raises `Attack`."""
    try:
        signing.verify(state.log_public, domain=signing.RECEIPT, message=receipt.signed(), signature=signature)
    except signing.SignatureBroken as broken:
        raise Attack("a receipt does not stand under the agency's log key") from broken


def check_own_head(*, me: Identity, stream: bytes, head: api.DeviceHead) -> None:
    """What the server calls this device's newest envelope was signed by this device, in this stream. Raises `Attack`.

    Without this any server could make a vault believe that it is a copy, and stop it for good.
    """
    signed = head.header + head.sealed_hash
    try:
        header = envelope.parse_header(head.header)
        signing.verify(me.device.signer.public, domain=signing.ENVELOPE, message=signed, signature=head.signature)
    except (WireBroken, signing.SignatureBroken) as broken:
        raise Attack("what the server calls this device's envelope was not signed here") from broken
    leaf = envelope.leaf_of(signed=signed, signature=head.signature)
    if len(head.header) != envelope.HEADER_SIZE or (header.stream, header.seq, leaf) != (stream, head.seq, head.leaf):
        raise Attack("what the server says of this device's envelope does not fit it")


def promise(tx: Writer, *, stream: bytes, index: int, head: bytes) -> None:
    """Remember that an invitation vouches for this head."""
    facts.put(tx, _promise(stream, index), head)


def _promise(stream: bytes, index: int) -> str:
    return f"promise/{stream.hex()}/{index}"


def _check_place(
    db: Reader,
    *,
    state: RosterState,
    row: StreamRow,
    item: api.LogItem,
    rows: dict[bytes, int],
    chains: dict[int, Chain],
) -> Place:
    index = item.index
    if index != row.size + 1:
        raise Attack("a place of the log is missing or out of order", index=index, expected=row.size + 1)
    if not row.roster_size <= item.roster_size <= state.size:
        raise Attack("a place is stamped with a roster that cannot be", index=index)
    try:
        parsed = envelope.parse_envelope(item.envelope)
    except WireBroken as broken:
        raise Attack("a place of the log holds no envelope", index=index) from broken
    header = parsed.header
    author = state.devices.get(header.device)
    if author is None or header.stream != row.stream or header.roster_size > item.roster_size:
        raise Attack("an envelope of another stream, or of nobody on the roster", index=index)
    signed = parsed.signed
    try:
        signing.verify(author.signing, domain=signing.ENVELOPE, message=signed, signature=parsed.signature)
    except signing.SignatureBroken as broken:
        raise Attack("an envelope's signature does not stand", index=index) from broken
    device = rows[header.device]
    chain = chains.get(device) or stream_log.find_chain(db, stream=row.row, device=device)
    if header.seq != chain.seq + 1 or header.previous != chain.leaf or header.roster_size < chain.roster_size:
        raise Attack("a device's chain is broken", index=index, seq=header.seq)
    leaf = envelope.leaf_of(signed=signed, signature=parsed.signature)
    chains[device] = replace(chain, seq=header.seq, leaf=leaf, roster_size=header.roster_size)
    head = next_head(
        before=row.head, index=index, leaf=leaf, received_at=item.received_at, roster_size=item.roster_size
    )
    promised = facts.find_bytes(db, _promise(row.stream, index))
    if promised and promised != head:
        raise Attack("the log is another one than the invitation vouched for", index=index)
    return Place(
        row=row,
        index=index,
        received_at=item.received_at,
        roster_size=item.roster_size,
        parsed=parsed,
        data=item.envelope,
        leaf=leaf,
        head=head,
        device=device,
    )
