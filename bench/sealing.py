"""B3: sealing the outbox, beside the bare calls on the same events."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from advocate_app.crypto.signing import ENVELOPE, SigningKey
from advocate_app.crypto.symmetric import open_sealed, seal
from advocate_app.sample.corpus import stream
from advocate_app.store import keys, stream_log
from advocate_app.store.compartments import compartment_of, compartment_under
from advocate_app.store.connection import Reader
from advocate_app.sync.sealing import Sealer
from advocate_app.wire import columns, envelope
from advocate_app.wire.delta import Delta, Parcel, decode_delta, delta_context, encode_content, parcel_context
from advocate_app.wire.events import SealedEvent
from advocate_app.wire.keybox import COMPARTMENT
from advocate_app.wire.padding import pad, unpad
from bench.agency import Agency
from bench.measure import Figure, Setting, Target, timed

_EVENTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Content:
    """What one envelope held: its header, its delta without seals, and the events of each parcel with their key."""

    header: bytes
    delta: Delta
    parcels: Sequence[tuple[Sequence[SealedEvent], bytes, bytes]]
    """Events, key, context."""


def measure(setting: Setting) -> list[Figure]:
    """10,000 events out of the outbox into kept envelopes, the keys of their compartments being there."""
    size = setting.size(_EVENTS)
    events = stream(size * setting.rounds, seed=setting.seed)
    agency = Agency(setting.home / "sealing")
    product: list[float] = []
    beside: list[float] = []
    try:
        for number in range(setting.rounds):
            agency.record(events[number * size : (number + 1) * size])
            agency.make_keys()
            row, sealer = agency.sealer()
            with agency.vault.read() as db:
                before = stream_log.sealed_end(db, stream=row.row).seq
            mine = timed(partial(agency.seal_all, sealer))
            with agency.vault.read() as db:
                contents = _contents(db, sealer=sealer, after=before)
            count = sum(len(part) for one in contents for part, _, _ in one.parcels)
            other = timed(partial(_seal_bare, contents, sealer.key.secret, sealer.me.device.signer))
            product.append(count / mine)
            beside.append(count / other)
    finally:
        agency.close()
    return [
        Figure(
            id="B3",
            what="seal 10,000 events as they fall into compartments: read, name, seal, sign, keep, mark, commit (FULL)",
            unit="events/s",
            product=product,
            beside_what="bare columns, zstd, Cobblestone and Ed25519 on the same parcels and envelopes, nothing kept",
            beside=beside,
            target=Target(at_least=0.5),
        )
    ]


def _contents(db: Reader, *, sealer: Sealer, after: int) -> list[_Content]:
    rows = db.rows("SELECT bytes FROM envelope WHERE seq > ? AND kind = ? ORDER BY seq", (after, envelope.DELTA))
    return [_content(db, sealer=sealer, data=data) for (data,) in rows]


def _content(db: Reader, *, sealer: Sealer, data: bytes) -> _Content:
    parsed = envelope.parse_envelope(data)
    plain = open_sealed(sealer.key.secret, context=delta_context(parsed.header_bytes), sealed=parsed.sealed)
    delta = decode_delta(unpad(plain))
    parcels = []
    for parcel in delta.parcels:
        found = compartment_under(db, key_id=parcel.key_id)
        row = found[0] if isinstance(found, tuple) else found
        assert row is not None
        scope = compartment_of(db, row)
        key = keys.find_key(db, kind=COMPARTMENT, scope=scope, key_id=parcel.key_id)
        assert key is not None
        context = parcel_context(
            stream=parsed.header.stream,
            device=parsed.header.device,
            seq=parsed.header.seq,
            compartment=scope,
            key_id=parcel.key_id,
        )
        parcels.append((columns.decode(open_sealed(key, context=context, sealed=parcel.sealed)), key, context))
    return _Content(header=parsed.header_bytes, delta=delta, parcels=parcels)


def _seal_bare(contents: Sequence[_Content], stream_key: bytes, signer: SigningKey) -> None:
    for one in contents:
        parcels = [
            Parcel(
                key_id=parcel.key_id,
                count=len(events),
                sealed=seal(key, context=context, plain=columns.encode(events)),
            )
            for parcel, (events, key, context) in zip(one.delta.parcels, one.parcels, strict=True)
        ]
        delta = Delta(
            roster_head=one.delta.roster_head,
            seen=one.delta.seen,
            first_no=one.delta.first_no,
            devices=one.delta.devices,
            parcels=parcels,
        )
        plain = pad(encode_content(delta))
        sealed = seal(stream_key, context=delta_context(one.header), plain=plain)
        signed = envelope.Envelope(
            header=envelope.parse_header(one.header), header_bytes=one.header, sealed=sealed, signature=b""
        ).signed
        signer.sign(domain=ENVELOPE, message=signed)
