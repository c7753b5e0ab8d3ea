"""Taking envelopes into a stream's log, each with a signed receipt; what may not enter is told why."""

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from advocate_app.crypto.signing import RECEIPT, SigningKey
from advocate_app.wire.api import Push, PushResult, PushResults
from advocate_app.wire.log import Receipt, next_head
from advocate_server import judging
from advocate_server.calls import Call
from advocate_server.judging import Incoming, Judgement, Last
from advocate_server.office import Office, Standing
from advocate_server.problems import Problem
from advocate_server.store import agencies, audit, streams

MOST_ENVELOPES = 8192
SHELF_DAYS = 180
_DAY_MS = 86_400_000


async def push(office: Office, call: Call) -> PushResults:
    """Append envelopes, each judged by its own device, each device's in its order."""
    stream = call.id("stream", unknown="stream.unknown")
    asked: Push = call.message
    if len(asked.envelopes) > MOST_ENVELOPES:
        raise Problem("request.too_large", f"at most {MOST_ENVELOPES} envelopes")
    incoming = await office.read(partial(_prepare, office, call, stream, asked.envelopes))
    return await office.write(partial(_append, office, call, stream, incoming))


def _prepare(office: Office, call: Call, stream: bytes, envelopes: list[bytes], tx: Connection) -> list[Incoming]:
    """Parse, hash and verify before the write lane is asked for; the lane then only looks the answers up."""
    who = office.standing(tx, call.session)
    _need_subscriber(who, stream)
    incoming = [Incoming(data) for data in envelopes]
    for item in incoming:
        judging.judge_before_log(item, stream=stream, state=who.state)
    return incoming


def _need_subscriber(who: Standing, stream: bytes) -> None:
    if stream not in who.state.streams:
        raise Problem("stream.unknown")
    if not who.subscribed(stream):
        raise Problem("stream.not_subscribed")


def _append(office: Office, call: Call, stream: bytes, incoming: list[Incoming], tx: Connection) -> PushResults:
    who = office.standing(tx, call.session, hold=True)
    _need_subscriber(who, stream)
    log = _Log.open(tx, who=who, stream=stream, at=office.clock.now(), key=office.log_key(who.agency))
    results = [_take(log, item) for item in incoming]
    log.close(room=office.settings.agency_bytes, shelf_room=office.settings.shelf_bytes)
    return PushResults(results=results)


def _take(log: "_Log", item: Incoming) -> PushResult:
    """What becomes of one envelope."""
    found = judging.judge_before_log(item, stream=log.stream, state=log.who.state)
    if found is not None:
        return PushResult(status=found.status, reason=found.reason)
    assert item.envelope is not None
    header = item.envelope.header
    last = log.last_of(header.device)
    logged = log.at(device=header.device, seq=header.seq) if header.seq <= last.seq else None
    if logged is not None and logged.leaf == item.leaf:
        return logged
    verdict = judging.judge(
        item,
        stream=log.stream,
        state=log.who.state,
        last=last,
        other_leaf=logged is not None,
        stopped=header.device in log.stopped,
    )
    if verdict.status in (judging.STORED, judging.STALE):
        return log.append(item, status=verdict.status)
    if verdict.status == judging.SHELVED:
        return log.shelve(item, verdict=verdict)
    log.stopped.add(header.device)
    if verdict.status == judging.EQUIVOCATION:
        log.note("envelope.equivocation", device=header.device)
    return PushResult(status=verdict.status, reason=verdict.reason, leaf=item.leaf)


@dataclass(slots=True, kw_only=True)
class _Log:
    """One stream's log while a push is taken in: what it will be, written once at the end."""

    tx: Connection
    who: Standing
    stream: bytes
    key: SigningKey
    at_ms: int
    life: int
    size: int
    head: bytes
    total: int
    items: dict[tuple[bytes, int], dict[str, Any]]
    lasts: dict[bytes, Last]
    newest: dict[bytes, Incoming]
    late: dict[bytes, Incoming]
    stopped: set[bytes]
    new: set[bytes]

    @classmethod
    def open(cls, tx: Connection, *, who: Standing, stream: bytes, at: int, key: SigningKey) -> "_Log":
        """The log as it stands."""
        life, size, head, total = tx.execute(streams.PLACE, {"agency": who.agency.id, "stream": stream}).one()
        return cls(
            tx=tx,
            who=who,
            stream=stream,
            key=key,
            at_ms=at,
            life=life,
            size=size,
            head=head,
            total=total,
            items={},
            lasts={},
            newest={},
            late={},
            stopped=set(),
            new=set(),
        )

    @property
    def ids(self) -> dict[str, bytes]:
        """The log's name, as every statement wants it."""
        return {"agency": self.who.agency.id, "stream": self.stream}

    def last_of(self, device: bytes) -> Last:
        """A device's newest envelope here, those of this push included."""
        if device not in self.lasts:
            found = self.tx.execute(streams.HEAD_OF, {**self.ids, "device": device}).one_or_none()
            self.lasts[device] = Last(seq=found[0], leaf=found[1], roster_size=found[2]) if found else Last()
            if found is None:
                self.new.add(device)
        return self.lasts[device]

    def at(self, *, device: bytes, seq: int) -> PushResult:
        """What a device's logged envelope of this number was told, those of this push included."""
        item = self.items.get((device, seq))
        if item is None:
            found = self.tx.execute(streams.BY_SEQ, {**self.ids, "device": device, "seq": seq}).one()
            item = dict(found._mapping)
        return self._told(item, status=judging.DUPLICATE)

    def append(self, item: Incoming, *, status: str) -> PushResult:
        """Give an envelope the next place."""
        assert item.envelope is not None
        header = item.envelope.header
        place = self.size + 1
        roster_size = self.who.state.size
        total = self.total + len(item.data)
        head = next_head(before=self.head, index=place, leaf=item.leaf, received_at=self.at_ms, roster_size=roster_size)
        receipt = Receipt(
            **self.ids,
            life=self.life,
            index=place,
            leaf=item.leaf,
            head=head,
            received_at=self.at_ms,
            roster_size=roster_size,
        )
        row = {
            **self.ids,
            "place": place,
            "device": header.device,
            "seq": header.seq,
            "leaf": item.leaf,
            "head": head,
            "receipt": self.key.sign(domain=RECEIPT, message=receipt.signed()),
            "received_at": self.at_ms,
            "roster_size": roster_size,
            "size": len(item.data),
            "total": total,
            "gone": b"",
            "envelope": item.data,
        }
        self.size, self.head, self.total = place, head, total
        self.items[header.device, header.seq] = row
        self.lasts[header.device] = Last(seq=header.seq, leaf=item.leaf, roster_size=header.roster_size)
        self.newest[header.device] = item
        return self._told(row, status=status)

    def shelve(self, item: Incoming, *, verdict: Judgement) -> PushResult:
        """Lay an envelope of a removed device onto the late shelf, once."""
        lies = self.tx.execute(streams.ON_SHELF, {**self.ids, "leaf": item.leaf}).one_or_none()
        if lies is None:
            self.late[item.leaf] = item
        return PushResult(status=verdict.status, reason=verdict.reason, leaf=item.leaf)

    def note(self, code: str, *, device: bytes) -> None:
        """A line of the audit."""
        audit.note(self.tx, at=self.at_ms, code=code, agency=self.who.agency.id, device=device)

    def close(self, *, room: int, shelf_room: int) -> None:
        """Write what was taken in. Raises `Problem` where the agency has no room for it: then nothing is taken."""
        if self.late:
            self._clear_overdue()
        stored = sum(row["size"] for row in self.items.values())
        shelved = sum(len(item.data) for item in self.late.values())
        agency = self.tx.execute(agencies.FIND, {"agency": self.who.agency.id}).one() if self.late else self.who.agency
        full = stored > 0 and agency.stored_bytes + stored > room
        if full or (shelved > 0 and agency.shelf_bytes + shelved > shelf_room):
            raise Problem("quota.full")
        if self.items:
            self._write_items()
        if self.late:
            self._write_late()
        if stored or shelved:
            self.tx.execute(
                agencies.MOVE_BYTES,
                {"for_agency": self.who.agency.id, "more_stored": stored, "more_shelf": shelved},
            )

    def _write_items(self) -> None:
        self.tx.execute(streams.APPEND, list(self.items.values()))
        self.tx.execute(
            streams.MOVE,
            {
                "for_agency": self.who.agency.id,
                "for_stream": self.stream,
                "new_size": self.size,
                "new_head": self.head,
                "new_total": self.total,
            },
        )
        for device, item in self.newest.items():
            assert item.envelope is not None
            last = self.lasts[device]
            fields = {
                "seq": last.seq,
                "leaf": last.leaf,
                "roster_size": last.roster_size,
                "header": item.envelope.header_bytes,
                "sealed_hash": hashlib.sha256(item.envelope.sealed).digest(),
                "signature": item.envelope.signature,
            }
            if device in self.new:
                self.tx.execute(streams.ADD_HEAD, {**self.ids, "device": device, **fields})
                continue
            named = {f"new_{name}": value for name, value in fields.items()}
            names = {"for_agency": self.who.agency.id, "for_stream": self.stream, "for_device": device}
            self.tx.execute(streams.MOVE_HEAD, {**names, **named})

    def _write_late(self) -> None:
        for leaf, item in self.late.items():
            assert item.envelope is not None
            header = item.envelope.header
            row = {"leaf": leaf, "device": header.device, "seq": header.seq, "received_at": self.at_ms}
            self.tx.execute(streams.SHELVE, {**self.ids, **row, "size": len(item.data), "envelope": item.data})
            self.note("envelope.shelved", device=header.device)

    def _clear_overdue(self) -> None:
        """Make room on the shelf of what has lain there for too long."""
        before = {"before": self.at_ms - SHELF_DAYS * _DAY_MS}
        for agency, size in self.tx.execute(streams.OVERDUE, before).all():
            moved = {"for_agency": agency, "more_stored": 0, "more_shelf": -int(size)}
            self.tx.execute(agencies.MOVE_BYTES, moved)
        self.tx.execute(streams.CLEAR_OVERDUE, before)

    def _told(self, row: dict[str, Any], *, status: str) -> PushResult:
        return PushResult(
            status=status,
            life=self.life,
            index=row["place"],
            leaf=row["leaf"],
            head=row["head"],
            received_at=row["received_at"],
            roster_size=row["roster_size"],
            receipt=row["receipt"],
        )
