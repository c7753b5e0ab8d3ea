"""The sync worker killed with kill -9 at many bytes of a push and of a pull: it resumes, nothing is lost or doubled."""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from advocate_app.commands import clients, notes
from advocate_app.store import facts, outbox
from advocate_app.sync.state import sync_state
from advocate_app.sync.words import SyncWord, silent
from advocate_app.sync.worker import Worker
from tests.agency import CLOCK, Colleague, FoundedAgency, done, founded_agency
from tests.commands.giving import give

OFFSETS = (1, 400, 900, 1_500, 2_500, 4_000, 6_000, 9_000, 14_000, 22_000)


class Wire:
    """A relay on loopback that calls somebody after so many bytes of one direction, and drops the connection."""

    def __init__(self, *, to_port: int) -> None:
        self._to = to_port
        self._lock = threading.Lock()
        self._left: dict[str, int] = {}
        self._then: Callable[[], None] = lambda: None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def cut_after(self, count: int, *, direction: str, then: Callable[[], None]) -> None:
        with self._lock:
            self._left = {direction: count}
            self._then = then

    def whole(self) -> None:
        with self._lock:
            self._left = {}

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._relay, args=(near,), daemon=True).start()

    def _relay(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self._to)) as far:
            ways = [
                threading.Thread(target=self._carry, args=way, daemon=True)
                for way in ((near, far, "up"), (far, near, "down"))
            ]
            for way in ways:
                way.start()
            for way in ways:
                way.join()

    def _carry(self, source: socket.socket, sink: socket.socket, direction: str) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(4096):
                if self._is_cut(direction, piece, sink):
                    break
                sink.sendall(piece)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _is_cut(self, direction: str, piece: bytes, sink: socket.socket) -> bool:
        with self._lock:
            left = self._left.get(direction)
            if left is None:
                return False
            self._left[direction] = left - len(piece)
            if left > len(piece):
                return False
            then, self._left = self._then, {}
        sink.sendall(piece[:left])
        then()
        return True


@dataclass(slots=True)
class Pair:
    """Ana writes, Bea reads; Ana's or Bea's worker meets the wire."""

    agency: FoundedAgency
    ana: Colleague
    bea: Colleague
    wire: Wire


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    agency = founded_agency(tmp_path_factory.mktemp("killed"))
    wire = Wire(to_port=agency.server.port)
    try:
        bea = agency.enrol("Bea", role="supervisor")
        for one in (agency.founder, bea):
            one.sync()
            with one.vault.write() as tx:
                facts.put(tx, facts.SERVER, f"http://127.0.0.1:{wire.port}")
        yield Pair(agency=agency, ana=agency.founder, bea=bea, wire=wire)
    finally:
        wire.close()
        agency.close()


def _work(who: Colleague) -> None:
    client = who.new_id()
    done(give(who, clients.add, client=client, wanted={"first_name": "Luz", "name_kind": "partial"}))
    for number in range(6):
        text = f"Visit {number}: {who.new_id().hex() * 40}"
        done(give(who, notes.write, note=who.new_id(), wanted={"client": client, "text": text}))


def _killed_round(pair: Pair, who: Colleague, *, after: int, direction: str) -> None:
    """One round by a worker process that is killed once so many bytes went one way."""
    worker = Worker(who.vault, tell=silent, repeat=False)
    try:
        pair.wire.cut_after(after, direction=direction, then=lambda: os.kill(worker.pid, signal.SIGKILL))
        worker.sync()
        next(worker.ends(), None)
    finally:
        pair.wire.whole()
        worker.close()


def _events(who: Colleague) -> list[tuple[object, ...]]:
    """Every event by what it says, sorted; a doubled one would stand twice."""
    with who.vault.read() as db:
        rows = db.rows(
            "SELECT hex(r.record_id), e.verb, e.recorded_at, e.state, d.device, e.no FROM event e "
            "JOIN record r ON r.id = e.record JOIN device d ON d.id = e.device"
        )
    return sorted(rows)


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("after", OFFSETS)
def test_a_worker_killed_at_any_byte_loses_and_doubles_nothing(pair: Pair, after: int, direction: str) -> None:
    _work(pair.ana)
    _killed_round(pair, pair.ana, after=after, direction=direction)
    with pair.ana.vault.read() as db:
        waiting = outbox.count_waiting(db).total
    word = sync_state(pair.ana.vault, now=CLOCK.now()).word
    assert (word is SyncWord.UP_TO_DATE) <= (waiting == 0), "up to date was said while something waits"
    pair.ana.sync()
    _killed_round(pair, pair.bea, after=after, direction=direction)
    pair.bea.sync()
    pair.ana.sync()
    assert _events(pair.ana) == _events(pair.bea)
    for one in (pair.ana, pair.bea):
        assert sync_state(one.vault, now=CLOCK.now()).word is SyncWord.UP_TO_DATE


def test_a_worker_ends_when_the_program_that_feeds_it_is_gone(pair: Pair) -> None:
    worker = Worker(pair.ana.vault, tell=silent, repeat=True)
    assert next(worker.ends()).code is None
    assert worker.close() == 0
