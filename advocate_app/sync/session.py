"""One sync round: roster, boxes, own heads, pull, seal, push, key work; it can be cut anywhere and resumes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from advocate_app.base.clock import Clock
from advocate_app.base.ids import Ids
from advocate_app.store import compartments, event_log, facts, keys, outbox, roster_log, stream_log
from advocate_app.store.changes import NOTHING, Changes
from advocate_app.store.stream_log import OwnEnvelope, StreamRow
from advocate_app.store.vault import Vault
from advocate_app.sync import key_work, keyring
from advocate_app.sync.compartment_keys import missing_boxes
from advocate_app.sync.errors import Attack, KeyMissing, Refused, Revoked, VaultIsCopy
from advocate_app.sync.following import follow_roster
from advocate_app.sync.identity import Identity
from advocate_app.sync.inbox import Inbox
from advocate_app.sync.pages import check_own_head, check_page, check_receipt
from advocate_app.sync.sealing import open_sealer, seal_next, seal_notice
from advocate_app.sync.server_link import ServerLink
from advocate_app.sync.words import SyncState, SyncWord, Tell, silent
from advocate_app.wire import api, compression
from advocate_app.wire.log import Receipt
from advocate_app.wire.roster_state import RosterState

PAGE_BYTES: Final = 2 * 1024 * 1024
FIRST_PUSH_BYTES: Final = 16 * 1024
"""A second's worth at 128 kbit/s: what a first request risks on a link that may break. Each success doubles it."""
PUSH_BYTES: Final = 2 * 1024 * 1024
EVENTS_IN_TRANSACTION: Final = 1500
"""About as many arrived events as a transaction of some 50 ms takes; the window's saves wait no longer."""
KEPT_MS: Final = 90 * 24 * 60 * 60 * 1000
"""How long acknowledged envelopes are kept, to be pushed again to a server that was restored."""

_AUDITED: Final = "audited"
_BOXED_GROUPS: Final = "boxed_groups"
_READS: Final = "reads"
"""The newest dictionary that the program which synced last could read, as a fact."""
_ACCEPTED: Final = frozenset({"stored", "stale", "duplicate"})


class Stopped(Exception):
    """Somebody asked the round to stop; it goes on from here next time."""


@dataclass(slots=True)
class Round:
    """What one sync round did."""

    pulled: int = 0
    """Events that arrived and could be opened."""
    pushed: int = 0
    """Events for which a receipt came."""
    sealed: int = 0
    """Parcels that arrived and stay sealed here."""
    refused: int = 0
    """Parcels and envelopes set aside with a reason."""
    bytes_sent: int = 0
    bytes_received: int = 0
    changes: Changes = field(default=NOTHING)


class SyncSession:
    """Runs sync rounds for one vault against one server."""

    def __init__(
        self,
        vault: Vault,
        *,
        link: ServerLink,
        me: Identity,
        clock: Clock,
        ids: Ids,
        tell: Tell = silent,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._vault = vault
        self._link = link
        self._me = me
        self._clock = clock
        self._ids = ids
        self._tell = tell
        self._should_stop = should_stop
        self._state: RosterState | None = None

    def run(self) -> Round:
        """One whole round. Raises what stopped it; what was done before stands."""
        done = Round()
        sent, received = self._link.bytes_sent, self._link.bytes_received
        self._link.meta()
        state = self._follow()
        self._take_boxes(state)
        rows = self._streams(state)
        for row in rows:
            self._check_own_head(row)
        for row in rows:
            state = self._pull(row, done=done)
        touched = self._seal(state, done=done)
        self._push(state, done=done)
        state = self._work_on_keys(state)
        if self._audit(state, touched=touched, changes=done.changes):
            self._push(state, done=done)
        with self._vault.write() as tx:
            facts.put(tx, facts.LAST_CONTACT, self._clock.now())
            stream_log.forget_logged(tx, before=self._clock.now() - KEPT_MS)
        done.bytes_sent = self._link.bytes_sent - sent
        done.bytes_received = self._link.bytes_received - received
        return done

    def _follow(self) -> RosterState:
        if self._state is None:
            with self._vault.read() as db:
                self._state = roster_log.load_roster(db)
        state = follow_roster(self._vault, link=self._link, state=self._state, device=self._me.device.id)
        self._state = state
        mine = state.devices.get(self._me.device.id)
        if mine is None or mine.until is not None:
            raise Revoked
        with self._vault.write() as tx:
            keyring.settle_pending(tx, state=state)
        return state

    def _take_boxes(self, state: RosterState) -> None:
        """Fetch key boxes, open what can be opened, and then what had waited for it."""
        groups = b"".join(sorted(group.id for group in state.groups_of(self._me.member)))
        with self._vault.read() as db:
            after = facts.find_number(db, facts.BOXES_AFTER)
            if facts.find_bytes(db, _BOXED_GROUPS) != groups:
                after = 0  # boxes for a group that this member has joined since may have lower numbers
        more = True
        while more:
            answer = self._link.boxes(after=after)
            more = answer.more
            with self._vault.write() as tx:
                for stored in answer.boxes:
                    if stored.number <= after:
                        raise Attack("key boxes come out of order")
                    after = stored.number
                    recipient = stored.box[36:52]
                    keys.keep_box(tx, number=stored.number, recipient=recipient, box=stored.box)
                facts.put(tx, facts.BOXES_AFTER, after)
                facts.put(tx, _BOXED_GROUPS, groups)
        with self._vault.write() as tx:
            opened = keyring.absorb_boxes(tx, me=self._me, state=state)
            reads = facts.find_number(tx, _READS)
            facts.put(tx, _READS, compression.NEWEST)
        if opened or reads != compression.NEWEST:
            self._reopen(state)

    def _reopen(self, state: RosterState) -> None:
        """A key of a member, group or stream is new here: open what waited for it."""
        inbox = Inbox(me=self._me, state=state, clock=self._clock)
        with self._vault.write() as tx:
            inbox.begin(tx)
            inbox.retry_waiting(tx)
            for (row,) in tx.rows("SELECT id FROM compartment ORDER BY id"):
                inbox.open_compartment(tx, row)
            inbox.finish(tx)

    def _streams(self, state: RosterState) -> list[StreamRow]:
        with self._vault.write() as tx:
            return [
                stream_log.ensure_stream(tx, agency=self._me.agency, stream=stream)
                for stream in state.streams_of(self._me.member)
            ]

    def _check_own_head(self, row: StreamRow) -> None:
        """Before anything is sealed: does the server hold envelopes of this device that this vault lacks?"""
        heads = self._link.heads(stream=row.stream)
        if heads.life != row.life or heads.size < row.size:
            raise Attack("the server's log is shorter than the one this vault has verified")
        with self._vault.read() as db:
            mine = stream_log.sealed_end(db, stream=row.row)
            logged = stream_log.find_chain(db, stream=row.row, device=1)
            acknowledged = stream_log.acknowledged_seq(db, stream=row.row)
        theirs = next((head for head in heads.devices if head.device == self._me.device.id), None)
        seq = 0 if theirs is None else theirs.seq
        if seq < acknowledged:
            raise Attack("the server has lost envelopes that it had acknowledged")
        if theirs is None:
            return
        check_own_head(me=self._me, stream=row.stream, head=theirs)
        with self._vault.read() as db:
            own = stream_log.find_envelope(db, stream=row.row, seq=seq)
        known = own.leaf if own is not None else logged.leaf if logged.seq == seq else None
        if seq > mine.seq or known != theirs.leaf:
            with self._vault.write() as tx:
                facts.put(tx, facts.COPY, 1)
            raise VaultIsCopy

    def _pull(self, row: StreamRow, *, done: Round) -> RosterState:
        """Read a stream's log to its end, page by page."""
        state = self._state
        assert state is not None
        start = row.size
        while True:
            page = self._link.log(stream=row.stream, since=row.size + 1, max_bytes=PAGE_BYTES)
            if page.life != row.life or page.size < row.size:
                raise Attack("the server's log is shorter than the one this vault has verified")
            if not page.items:
                if page.size > row.size or page.head != row.head:
                    raise Attack("the server holds back a part of the log, or shows another one")
                return state
            if page.items[-1].roster_size > state.size:
                state = self._follow()
                self._take_boxes(state)
            if page.items[-1].roster_size > state.size:
                raise Attack("the log is stamped with a roster that the server holds back")
            row = self._take_page(row, page=page, state=state, start=start, done=done)

    def _take_page(
        self, row: StreamRow, *, page: api.LogPage, state: RosterState, start: int, done: Round
    ) -> StreamRow:
        with self._vault.read() as db:
            places = check_page(db, state=state, row=row, page=page)
        inbox = Inbox(me=self._me, state=state, clock=self._clock)
        at = 0
        while at < len(places):
            if self._should_stop():
                raise Stopped
            with self._vault.write_page() as tx:
                inbox.begin(tx)
                before = inbox.taken.events
                while at < len(places) and inbox.taken.events - before < EVENTS_IN_TRANSACTION:
                    inbox.take(tx, places[at])
                    at += 1
                done.changes |= inbox.finish(tx)
            last = places[at - 1]
            row = replace(row, size=last.index, head=last.head, roster_size=last.roster_size)
            self._tell(SyncState(word=SyncWord.SYNCING, done=row.size - start, total=max(page.size, row.size) - start))
        done.pulled += inbox.taken.events
        done.sealed += inbox.taken.sealed
        done.refused += inbox.taken.refused
        return row

    def _seal(self, state: RosterState, *, done: Round) -> set[int]:
        """Seal the whole outbox. Returns the compartments that events were sealed in."""
        touched: set[int] = set()
        with self._vault.read() as db:
            rows = stream_log.list_streams(db)
            if not outbox.count_waiting(db).unsealed:
                return touched
        for row in rows:
            try:
                with self._vault.write() as tx:
                    sealer = open_sealer(tx, me=self._me, state=state, stream=row, clock=self._clock, ids=self._ids)
            except KeyMissing:
                continue
            more = True
            while more:
                if self._should_stop():
                    raise Stopped
                with self._vault.write() as tx:
                    more = seal_next(tx, sealer) > 0
            touched.update(sealer.chosen)
        return touched

    def _push(self, state: RosterState, *, done: Round) -> None:
        with self._vault.read() as db:
            rows = stream_log.list_streams(db)
            total = outbox.count_waiting(db).total
        pushed = 0
        size = FIRST_PUSH_BYTES
        for row in rows:
            while True:
                if self._should_stop():
                    raise Stopped
                with self._vault.read() as db:
                    batch = stream_log.unlogged_envelopes(db, stream=row.row, limit_bytes=size)
                if not batch:
                    break
                with self._vault.write() as tx:  # flagged before the first byte leaves
                    stream_log.flag_envelopes(tx, stream=row.row, last_seq=batch[-1].seq)
                results = self._link.push(stream=row.stream, envelopes=[own.envelope for own in batch])
                pushed += self._take_receipts(row, state=state, batch=batch, results=results, done=done)
                size = min(2 * size, PUSH_BYTES)
                self._tell(SyncState(word=SyncWord.SYNCING, done=pushed, total=max(total, pushed)))

    def _take_receipts(
        self,
        row: StreamRow,
        *,
        state: RosterState,
        batch: list[OwnEnvelope],
        results: list[api.PushResult],
        done: Round,
    ) -> int:
        pushed = 0
        failed: api.PushResult | None = None
        with self._vault.write() as tx:
            for own, result in zip(batch, results, strict=True):
                if result.status not in _ACCEPTED:
                    failed = result
                    break
                self._check_receipt(row, state=state, own=own, result=result)
                stream_log.acknowledge(tx, stream=row.row, seq=own.seq, log_index=result.index, receipt=result.receipt)
                done.changes |= event_log.mark_logged(
                    tx, stream=row.row, first_no=own.first_no, count=own.count, log_index=result.index
                )
                pushed += own.count
        done.pushed += pushed
        if failed is not None:
            self._explain(failed)
        return pushed

    def _check_receipt(self, row: StreamRow, *, state: RosterState, own: OwnEnvelope, result: api.PushResult) -> None:
        if result.leaf != own.leaf or result.life != row.life:
            raise Attack("a receipt for another envelope")
        receipt = Receipt(
            agency=self._me.agency,
            stream=row.stream,
            life=result.life,
            index=result.index,
            leaf=result.leaf,
            head=result.head,
            received_at=result.received_at,
            roster_size=result.roster_size,
        )
        check_receipt(state=state, receipt=receipt, signature=result.receipt)

    def _explain(self, result: api.PushResult) -> None:
        """Raise what a refused envelope means."""
        if result.status == "equivocation":
            # A word without proof: if it is true, the own-heads check of the next round shows the other envelope.
            raise Attack("the server says that another envelope of this device stands in this place")
        if result.status == "gap":
            raise Attack("the server lacks envelopes that it had acknowledged")
        if result.status == "shelved":
            raise Revoked
        raise Refused("the server refused an envelope", problem=f"push.{result.status}")

    def _work_on_keys(self, state: RosterState) -> RosterState:
        """Advance what is due, box what is lacking, beat once a day."""
        for _ in range(8):
            if not key_work.advance_due(
                self._vault, link=self._link, me=self._me, state=state, clock=self._clock, ids=self._ids
            ):
                break
            state = self._follow()
        key_work.box_newcomers(self._vault, link=self._link, me=self._me, state=state)
        if key_work.beat(self._vault, link=self._link, me=self._me, state=state, clock=self._clock):
            state = self._follow()
        return state

    def _audit(self, state: RosterState, *, touched: set[int], changes: Changes) -> bool:
        """Box compartments' keys for readers who lack them. Returns whether something is to be pushed."""
        digest = key_work.recipients_digest(state)
        with self._vault.write() as tx:
            held = compartments.held_compartments(tx)
            if facts.find_bytes(tx, _AUDITED) == digest:
                held = [one for one in held if one[0] in touched or one[1] in changes.records]
            if facts.find_number(tx, facts.COPY):
                return False
            rows = {row.row: row for row in stream_log.list_streams(tx)}
            said = False
            for row, _, stream in held:
                for notice in missing_boxes(tx, me=self._me, state=state, compartment=row):
                    sealer = open_sealer(
                        tx, me=self._me, state=state, stream=rows[stream], clock=self._clock, ids=self._ids
                    )
                    seal_notice(tx, sealer, notice)
                    said = True
            facts.put(tx, _AUDITED, digest)
        return said
