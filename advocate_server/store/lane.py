"""The one lane that writes: jobs that wait together are committed together, each answered only after the commit."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")
TOGETHER: Final = 64
WAITING: Final = 512


class LaneFull(Exception):
    """More is waiting to be written than this server takes on."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Connection], Any]
    told: "Future[Any]"


class WriteLane:
    """A thread with the only writing connection. A job that raises leaves no trace and spoils no other."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: queue.Queue[_Job | None] = queue.Queue(maxsize=WAITING)
        self._thread = threading.Thread(target=self._run, name="write-lane", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Have `work` done in a transaction; its future is told after the commit. Raises `LaneFull`."""
        job = _Job(work=work, told=Future())
        try:
            self._waiting.put_nowait(job)
        except queue.Full:
            raise LaneFull from None
        return job.told

    def close(self) -> None:
        """Finish what waits and end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        open_ = True
        while open_:
            batch, open_ = self._next_batch()
            if batch:
                self._commit(batch)

    def _next_batch(self) -> tuple[list[_Job], bool]:
        batch: list[_Job] = []
        while len(batch) < TOGETHER:
            try:
                job = self._waiting.get(block=not batch)
            except queue.Empty:
                break
            if job is None:
                return batch, False
            batch.append(job)
        return batch, True

    def _commit(self, batch: list[_Job]) -> None:
        """Do the jobs in one transaction, each in a savepoint of its own."""
        outcomes: list[tuple[Any, BaseException | None]] = []
        try:
            with self._engine.begin() as tx:
                outcomes = [_attempt(tx, job.work) for job in batch]
        except Exception as error:  # noqa: BLE001  whatever the commit met, each of its jobs is told
            outcomes = [(None, error)] * len(batch)
        for job, (result, failure) in zip(batch, outcomes, strict=True):
            if failure is None:
                job.told.set_result(result)
            else:
                job.told.set_exception(failure)


def _attempt(tx: Connection, work: Callable[[Connection], Any]) -> tuple[Any, BaseException | None]:
    try:
        with tx.begin_nested():
            return work(tx), None
    except Exception as error:  # noqa: BLE001  the job's own failure, for whoever asked for it
        return None, error
