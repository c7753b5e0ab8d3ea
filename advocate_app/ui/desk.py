"""The desk: where screens ask and do. It owns the open vault, the lanes and the sync process."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from advocate_app.base.errors import Fault, Refusal
from advocate_app.commands.acting import Acting
from advocate_app.jobs.lanes import Lanes
from advocate_app.store.changes import Changes, Topic
from advocate_app.sync.words import SyncState, SyncWord
from advocate_app.ui.opened import Db, KeptDraft, Opened, RoundEnd, SyncWorker
from advocate_app.ui.relay import Relay

Made = TypeVar("Made")
Query = Callable[[Db], Made]
Command = Callable[[Db, Acting], Changes | Refusal]

_INDEXED_AT_ONCE = 200


class _Undone(Exception):
    """Carries a refusal out of the transaction that it undoes."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class Desk(QObject):
    """Asks on the read lane, does on the write lane, and tells on the window's thread. No method waits."""

    changed = Signal(object)
    """`Changes`: something was saved here, or came from the team."""
    sync_told = Signal(object)
    """`SyncState`."""
    round_ended = Signal(object)
    """A `RoundEnd`."""
    failed = Signal(object)
    """A `Fault` for which nobody else had an answer."""

    def __init__(self, opened: Opened, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.sync = SyncState(word=SyncWord.UP_TO_DATE)
        """The sync word as it was last told."""
        self._lanes = Lanes()
        self._relay = Relay(self)
        self._worker: SyncWorker | None = None
        self._reading: threading.Thread | None = None
        self._closed = False

    def ask(
        self, query: Query[Made], then: Callable[[Made], None], failed: Callable[[Fault], None] | None = None
    ) -> None:
        """Ask the vault; the answer comes later, on this thread."""
        if self._closed:
            return
        future = self._lanes.read.run(partial(_read, self.opened, query))
        self._relay.carry(future, then=then, failed=failed or self.failed.emit)

    def do(
        self,
        command: Command,
        then: Callable[[Changes | Refusal], None] | None = None,
        failed: Callable[[Fault], None] | None = None,
    ) -> None:
        """Give a command; `then` hears how it went when it is on the disk, and `changed` tells everyone else."""
        if self._closed:
            return
        future = self._lanes.write.run(partial(_write, self.opened, command))
        self._relay.carry(future, then=partial(self._done, then), failed=failed or self.failed.emit)

    def keep_draft(self, key: str, *, text: str, caret: int) -> None:
        """Keep what somebody is typing."""
        self._write_draft(partial(self.opened.drafts.keep, key=key, text=text, caret=caret))

    def drop_draft(self, key: str) -> None:
        """Forget what somebody was typing."""
        self._write_draft(partial(self.opened.drafts.drop, key=key))

    def find_draft(self, key: str, then: Callable[[KeptDraft | None], None]) -> None:
        """What somebody had typed under this key."""
        self.ask(partial(self.opened.drafts.find, key=key), then)

    def compute(self, job: Callable[[], Made], then: Callable[[Made], None]) -> None:
        """Run what takes only the processor, away from this thread."""
        if not self._closed:
            self._relay.carry(self._lanes.cpu.run(job), then=then, failed=self.failed.emit)

    def refresh_sync(self) -> None:
        """Find the sync word of the vault at rest and tell it."""
        if not self._closed:
            self._relay.carry(
                self._lanes.read.run(self.opened.sync_state), then=self._tell_sync, failed=self.failed.emit
            )

    def index(self) -> None:
        """Take what is new into the search, in small steps between other writing."""
        if not self._closed:
            self._relay.carry(
                self._lanes.write.run(partial(_index, self.opened)), then=self._index_on, failed=self.failed.emit
            )

    def start_sync(self) -> None:
        """Start the sync process; it then follows its schedule."""
        if self.opened.worker is None or self._reading is not None:
            return
        self._reading = threading.Thread(target=self._follow_worker, name="sync-reader", daemon=True)
        self._reading.start()

    def sync_now(self) -> None:
        """Ask for a round now."""
        worker = self._worker
        if worker is not None and not self._closed:
            self._lanes.cpu.run(worker.sync)

    @property
    def can_sync(self) -> bool:
        """Whether there is a sync process to ask."""
        return self._worker is not None

    def local(self, ms: int | None = None) -> datetime:
        """A moment (ms since 1970 UTC; now if not told) as the clock on the wall shows it."""
        clock = self.opened.clock
        zone = timezone(timedelta(minutes=clock.zone()))
        return datetime.fromtimestamp((clock.now() if ms is None else ms) / 1000, tz=zone).replace(tzinfo=None)

    def today(self) -> date:
        """The day where the laptop is."""
        return self.local().date()

    def close(self) -> None:
        """End the sync process, let what is saved reach the disk, and close the vault. At the end only: it waits."""
        if self._closed:
            return
        self._closed = True
        if self._worker is not None:
            self._worker.close()
        if self._reading is not None:
            self._reading.join(timeout=10)
        last = self._lanes.write.run(self.opened.vault.close)
        last.result(timeout=30)
        self._lanes.close()

    def _write_draft(self, change: Callable[[Db], None]) -> None:
        if not self._closed:
            future = self._lanes.write.run(partial(_write_plain, self.opened, change))
            self._relay.carry(future, then=_nothing, failed=self.failed.emit)

    def _done(self, then: Callable[[Changes | Refusal], None] | None, outcome: Changes | Refusal) -> None:
        if then is not None:
            then(outcome)
        if isinstance(outcome, Changes) and outcome:
            self.changed.emit(outcome)
            self.refresh_sync()
            self.index()

    def _index_on(self, looked_at: int) -> None:
        if looked_at >= _INDEXED_AT_ONCE:
            self.index()

    def _tell_sync(self, state: SyncState) -> None:
        self.sync = state
        self.sync_told.emit(state)

    def _follow_worker(self) -> None:
        """On the thread that reads the sync process: starting it and reading it may wait."""
        start = self.opened.worker
        assert start is not None
        worker = start(lambda state: self._relay.send(partial(self._tell_sync, state)))
        self._worker = worker
        for end in worker.ends():
            self._relay.send(partial(self._round_end, end))

    def _round_end(self, end: RoundEnd) -> None:
        known = frozenset(Topic(topic) for topic in end.topics if topic in set(Topic))
        changes = Changes(topics=known, clients=frozenset(bytes.fromhex(client) for client in end.clients))
        if changes:
            self.changed.emit(changes)
            self.index()
        self.refresh_sync()
        self.round_ended.emit(end)


def _read(opened: Opened, query: Query[Made]) -> Made:
    with opened.vault.read() as db:
        return query(db)


def _write(opened: Opened, command: Command) -> Changes | Refusal:
    try:
        with opened.vault.write() as tx:
            outcome = command(tx, opened.who(tx))
            if isinstance(outcome, Refusal):
                raise _Undone(outcome)
            return outcome
    except _Undone as undone:
        return undone.refusal


def _write_plain(opened: Opened, change: Callable[[Db], None]) -> None:
    with opened.vault.write() as tx:
        change(tx)


def _index(opened: Opened) -> int:
    with opened.vault.write() as tx:
        return opened.index(tx, _INDEXED_AT_ONCE)


def _nothing(_made: Any) -> None:
    """Nobody waits for this."""
