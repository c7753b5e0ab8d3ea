"""The sync worker: a process of its own, so that the window's never waits; it dies with the pipe that feeds it.

The parent writes the keys (32 bytes vault key || 64 bytes device secret) and then lines: `sync` or `stop`. The worker
answers with JSON lines: {"tell": ...} while it runs, {"ended": ...} after each round. The end of its input ends it.
"""

import contextlib
import gc
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from advocate_app.base.clock import Clock, SystemClock
from advocate_app.base.errors import Fault
from advocate_app.base.ids import Ids, SystemIds
from advocate_app.base.paths import program
from advocate_app.store.vault import Vault, open_with_key
from advocate_app.sync.rounds import index_waiting, replay_known, run_round
from advocate_app.sync.schedule import Between, Schedule
from advocate_app.sync.session import Round, Stopped
from advocate_app.sync.words import SyncState, SyncWord, Tell

KEY_SIZE: Final = 32
SECRET_SIZE: Final = 64
_SYNC: Final = "sync"
_STOP: Final = "stop"
_END: Final = ""


@dataclass(frozen=True, slots=True)
class RoundEnd:
    """How one round of the worker ended: the fault's code (None: well), and what it did."""

    code: str | None
    pulled: int
    pushed: int
    sealed: int
    refused: int
    bytes_sent: int
    bytes_received: int
    topics: tuple[str, ...]
    clients: tuple[str, ...]
    """Ids (hex) of clients whose records changed, for screens that show them."""


class Worker:
    """The parent's side: a running worker process for one open vault."""

    def __init__(self, vault: Vault, *, tell: Tell, repeat: bool) -> None:
        command = [program(), "-m", "advocate_app.main", "sync-worker", str(vault.path)]
        if repeat:
            command.append("--repeat")
        self._tell = tell
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._say_bytes(vault.secret.vault_key + vault.secret.device_secret)

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    def sync(self) -> None:
        """Ask for a round now."""
        self._say_bytes(b"sync\n")

    def stop_round(self) -> None:
        """Ask the running round to stop where it can go on later."""
        self._say_bytes(b"stop\n")

    def ends(self) -> Iterator[RoundEnd]:
        """Each round's end as it comes, telling what is said in between; until the worker ends."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            if "tell" in said:
                told = said["tell"]
                self._tell(SyncState(**{**told, "word": SyncWord(told["word"])}))
            elif "ended" in said:
                ended = said["ended"]
                yield RoundEnd(**{**ended, "topics": tuple(ended["topics"]), "clients": tuple(ended["clients"])})

    def close(self, *, seconds: float = 10.0) -> int:
        """End the worker by ending its input; kill it if it does not listen. Returns its exit status."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            status = self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._process.stdout.close()
        return status

    def _say_bytes(self, said: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # the worker has ended; whoever reads its ends sees that
            self._process.stdin.write(said)
            self._process.stdin.flush()


def run_worker(path: Path, *, repeat: bool, source: IO[bytes], out: IO[bytes]) -> int:
    """The worker's side; returns its exit status: 0 when its input ended."""
    keys = source.read(KEY_SIZE + SECRET_SIZE)
    if len(keys) != KEY_SIZE + SECRET_SIZE:
        return 2
    clock = SystemClock()
    told = _Told(out)
    try:
        vault = open_with_key(path, vault_key=keys[:KEY_SIZE], device_secret=keys[KEY_SIZE:])
    except Fault as fault:
        told.end(code=fault.code, done=Round())
        return 3
    del keys
    _relax_collector()
    said: queue.Queue[str] = queue.Queue()
    listening = threading.Thread(target=_listen, args=(source, said), daemon=True)
    listening.start()
    try:
        _serve(vault, repeat=repeat, said=said, told=told, clock=clock, ids=SystemIds(clock))
    finally:
        vault.close()
    return 0


def _relax_collector() -> None:
    """Let the garbage collector look less often: a pull makes millions of small objects and hardly any cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _listen(source: IO[bytes], said: "queue.Queue[str]") -> None:
    for line in source:
        said.put(line.decode("ascii", "replace").strip())
    said.put(_END)


def _serve(vault: Vault, *, repeat: bool, said: "queue.Queue[str]", told: "_Told", clock: Clock, ids: Ids) -> None:
    """Rounds as they are asked for and, with `repeat`, as the schedule has them."""
    schedule = Schedule()
    replay_known(vault)
    wait: float | None = 0.0 if repeat else None
    while True:
        try:
            word = said.get(timeout=wait)
        except queue.Empty:
            word = _SYNC
        if word == _END:
            return
        if word != _SYNC:
            continue
        interrupted = _Interrupted(said)
        fault: Fault | None = None
        done = Round()
        try:
            done = run_round(vault, clock=clock, ids=ids, tell=told.tell, should_stop=interrupted)
            told.end(code=None, done=done)
        except Fault as failed:
            fault = failed
            told.end(code=fault.code, done=done)
        except Stopped:
            told.end(code="sync.stopped", done=done)
        index_waiting(vault, should_stop=interrupted.by_anything)
        if interrupted.ended:
            return
        if interrupted.asked:
            said.put(_SYNC)
        if repeat:
            schedule, wait = schedule.after(fault, between=_between(ids))


def _between(ids: Ids) -> Between:
    """A number between two, from this process's randomness."""

    def between(low: float, high: float) -> float:
        return low + (high - low) * int.from_bytes(ids.secret(4), "big") / (1 << 32)

    return between


class _Interrupted:
    """Whether the parent said `stop`, or ended the input, while a round runs; a `sync` said meanwhile is not lost."""

    def __init__(self, said: "queue.Queue[str]") -> None:
        self._said = said
        self.ended = False
        self.asked = False
        self._stopped = False

    def by_anything(self) -> bool:
        """Whether the parent said anything at all, another `sync` among it."""
        return self() or self.asked

    def __call__(self) -> bool:
        while True:
            try:
                word = self._said.get_nowait()
            except queue.Empty:
                return self._stopped or self.ended
            self._stopped = self._stopped or word == _STOP
            self.asked = self.asked or word == _SYNC
            self.ended = self.ended or word == _END


class _Told:
    """Writes JSON lines to the parent."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def tell(self, state: SyncState) -> None:
        """What the sync says while it runs."""
        self._write({"tell": asdict(state)})

    def end(self, *, code: str | None, done: Round) -> None:
        """How a round ended."""
        ended = RoundEnd(
            code=code,
            pulled=done.pulled,
            pushed=done.pushed,
            sealed=done.sealed,
            refused=done.refused,
            bytes_sent=done.bytes_sent,
            bytes_received=done.bytes_received,
            topics=tuple(sorted(done.changes.topics)),
            clients=tuple(sorted(client.hex() for client in done.changes.clients)),
        )
        self._write({"ended": asdict(ended)})

    def _write(self, message: dict[str, Any]) -> None:
        try:
            self._out.write(json.dumps(message).encode("ascii") + b"\n")
            self._out.flush()
        except BrokenPipeError:
            sys.exit(0)  # nobody listens: the program that started this worker is gone
