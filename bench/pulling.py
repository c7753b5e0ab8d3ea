"""B7: a fresh device pulls the whole log from a real server through the real worker process."""

import gc
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, sleep
from typing import Final

from advocate_app.crypto import signing
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.keybox import check_box, open_box, open_own_box
from advocate_app.crypto.symmetric import open_sealed
from advocate_app.sample.corpus import stream
from advocate_app.store import stream_log
from advocate_app.store.event_rows import encode_body
from advocate_app.store.vault import Vault
from advocate_app.sync.sealing import Sealer
from advocate_app.sync.words import SyncState, SyncWord
from advocate_app.sync.worker import RoundEnd, Worker
from advocate_app.wire import columns, envelope
from advocate_app.wire.delta import decode_delta, decode_keys, delta_context, keys_context, parcel_context
from advocate_app.wire.keybox import HPKE, parse_box_header
from advocate_app.wire.padding import unpad
from bench.agency import Agency
from bench.measure import Figure, Setting, Target, timed
from bench.vaults import EVENT_TABLE, INSERT_EVENT, bare_database, insert_all

_EVENTS: Final = 100_000
_PAGE: Final = 1500
_SAMPLING: Final = 0.05
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class _Pull:
    """One pull: seconds until all events were in the tables, until the round's end, and memory in MB."""

    events: int
    pulled_after: float
    ended_after: float
    idle: float
    highest: float


def measure(setting: Setting) -> list[Figure]:
    """100,000 events of a corpus, in the compartments of their clients; each round enrols a device of its own."""
    agency = Agency(setting.home / "pulling")
    try:
        agency.record(stream(setting.size(_EVENTS), seed=setting.seed))
        agency.sync()
        pulls: list[_Pull] = []
        floors: list[float] = []
        for number in range(setting.rounds):
            vault = agency.enrol(f"fresh-{number}")
            pulls.append(_pull(vault))
            vault.close()
            floors.append(_floor(agency, home=setting.home, number=number))
    finally:
        agency.close()
    return _figures(pulls, floors)


def _figures(pulls: Sequence[_Pull], floors: Sequence[float]) -> list[Figure]:
    return [
        Figure(
            id="B7",
            what="a fresh device pulls 100,000 events over HTTP on loopback until lists can be read",
            unit="events/s",
            product=[one.events / one.pulled_after for one in pulls],
            beside_what="floor: check signatures, open key boxes, seals and columns, write the event rows to SQLCipher",
            beside=floors,
            target=Target(at_least=0.65),
        ),
        Figure(
            id="B7.round",
            what="the same until the whole first round has ended, with the audit of every compartment's readers",
            unit="events/s",
            product=[one.events / one.ended_after for one in pulls],
        ),
        Figure(
            id="B7.idle",
            what="resident memory of the worker process after unlock, before its first round",
            unit="MB",
            product=[one.idle for one in pulls],
        ),
        Figure(
            id="B7.memory",
            what="highest resident memory of the worker process",
            unit="MB",
            product=[one.highest for one in pulls],
            target=Target(at_most=250, of_median=True),
        ),
    ]


def _pull(vault: Vault) -> _Pull:
    """Pull with a worker process, as the window does, and watch its memory from outside."""
    told: list[tuple[float, SyncState]] = []
    worker = Worker(vault, tell=lambda state: told.append((perf_counter(), state)), repeat=False)
    sizes: list[float] = []
    done = threading.Event()
    try:
        idle = _settled(worker.pid)
        watching = threading.Thread(target=_watch, args=(worker.pid, sizes, done))
        watching.start()
        start = perf_counter()
        worker.sync()
        ended: RoundEnd = next(worker.ends())
        after = perf_counter() - start
    finally:
        done.set()
        worker.close()
    watching.join()
    if ended.code is not None:
        raise RuntimeError(f"the round ended with {ended.code}")
    pulled = [at for at, state in told if state.word is SyncWord.SYNCING and state.done == state.total]
    return _Pull(
        events=ended.pulled,
        pulled_after=(pulled[0] if pulled else start + after) - start,
        ended_after=after,
        idle=idle,
        highest=max(sizes, default=idle),
    )


def _settled(pid: int) -> float:
    """Memory once the worker has opened the vault and waits: when it has been the same for a while."""
    last, same = 0.0, 0
    while same < 10:
        sleep(_SAMPLING)
        now = _resident(pid)
        same = same + 1 if now == last and now else 0
        last = now
    return last


def _watch(pid: int, sizes: list[float], done: threading.Event) -> None:
    while not done.wait(_SAMPLING):
        sizes.append(_resident(pid))


def _resident(pid: int) -> float:
    """Resident memory of a process in MB; 0 where the system does not tell it this way."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * 4096 / _MEGABYTE


# --- the floor


def _floor(agency: Agency, *, home: Path, number: int) -> float:
    """Events a second of what nobody can leave out, on the very envelopes that were pulled."""
    row, sealer = agency.sealer()
    with agency.vault.read() as db:
        rows = db.rows("SELECT bytes FROM envelope WHERE stream = ? ORDER BY seq", (row.row,))
        own = stream_log.find_chain(db, stream=row.row, device=1)
        seeds = dict(db.rows("SELECT scope, secret FROM key_held WHERE kind IN ('U','G')"))
    assert own.seq == len(rows)
    bare = bare_database(home / f"floor-{number}.db", durable=False)
    bare.execute(EVENT_TABLE)
    floor = _Floor(sealer=sealer, seeds=seeds)
    took = timed(partial(floor.read, [data for (data,) in rows], bare))
    bare.close()
    return floor.events / took


class _Floor:
    """Reads a log without keeping anything but event rows."""

    def __init__(self, *, sealer: Sealer, seeds: dict[bytes, bytes]) -> None:
        self._stream_key = sealer.key.secret
        self._public = sealer.me.device.signer.public
        self._seeds = seeds
        self._kems = {scope: KemKey.from_seed(seed) for scope, seed in seeds.items()}
        self._keys: dict[bytes, tuple[bytes, bytes]] = {}
        self.events = 0

    def read(self, log: Sequence[bytes], bare: object) -> None:
        """All of it, a transaction for each 1,500 events."""
        rows: list[tuple[object, ...]] = []
        for index, data in enumerate(log, start=1):
            self._take(data, index=index, rows=rows)
            if len(rows) >= _PAGE:
                insert_all(bare, INSERT_EVENT, rows)
                rows.clear()
        insert_all(bare, INSERT_EVENT, rows)
        gc.collect(0)

    def _take(self, data: bytes, *, index: int, rows: list[tuple[object, ...]]) -> None:
        parsed = envelope.parse_envelope(data)
        signing.verify(self._public, domain=signing.ENVELOPE, message=parsed.signed, signature=parsed.signature)
        if parsed.header.kind == envelope.KEYS:
            plain = open_sealed(self._stream_key, context=keys_context(parsed.header_bytes), sealed=parsed.sealed)
            self._take_keys(unpad(plain))
            return
        plain = open_sealed(self._stream_key, context=delta_context(parsed.header_bytes), sealed=parsed.sealed)
        delta = decode_delta(unpad(plain))
        no = delta.first_no
        for parcel in delta.parcels:
            compartment, key = self._keys[parcel.key_id]
            context = parcel_context(
                stream=parsed.header.stream,
                device=parsed.header.device,
                seq=parsed.header.seq,
                compartment=compartment,
                key_id=parcel.key_id,
            )
            for event in columns.decode(open_sealed(key, context=context, sealed=parcel.sealed)):
                self.events += 1
                body = encode_body((event.zone, event.fields, event.over, event.reason, event.txn))
                rows.append((self.events, 0, 2, 1, no, index, 1, event.verb, 0, event.recorded_at, body))
                no += 1

    def _take_keys(self, plain: bytes) -> None:
        content = decode_keys(plain)
        for box in content.boxes:
            header = parse_box_header(box)
            if header.recipient not in self._seeds:
                continue
            check_box(box, sender_public=self._public)
            if header.kind == HPKE:
                secret = open_box(box, kem=self._kems[header.recipient])
            else:
                secret = open_own_box(box, under=self._seeds[header.recipient])
            self._keys[content.key_id] = content.compartment, secret
            return
