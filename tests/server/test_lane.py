"""The write lane: jobs that wait together are committed together, and one that fails spoils no other."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from advocate_server.store.engine import Engines, open_engines, sqlite_address
from advocate_server.store.lane import WAITING, LaneFull, WriteLane


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[Engines]:
    """A database with one table."""
    engines = open_engines(sqlite_address(tmp_path / "lane.db"))
    with engines.write.begin() as tx:
        tx.execute(text("CREATE TABLE number (value INTEGER)"))
    yield engines
    engines.close()


def adding(value: int, *, then: Exception | None = None) -> Callable[[Connection], int]:
    def work(tx: Connection) -> int:
        tx.execute(text("INSERT INTO number VALUES (:value)"), {"value": value})
        if then is not None:
            raise then
        return value

    return work


def numbers(engines: Engines) -> list[int]:
    with engines.read.begin() as tx:
        return list(tx.execute(text("SELECT value FROM number ORDER BY value")).scalars())


def test_jobs_that_wait_are_committed_together_in_their_order(engines: Engines) -> None:
    commits: list[int] = []
    event.listen(engines.write, "commit", lambda _connection: commits.append(1))
    lane = WriteLane(engines.write)
    go = threading.Event()
    held = lane.submit(lambda _tx: go.wait(30))
    told = [lane.submit(adding(value)) for value in range(20)]
    go.set()
    assert held.result(30)
    assert [future.result(30) for future in told] == list(range(20))
    assert len(commits) < 5
    assert numbers(engines) == list(range(20))
    lane.close()


def test_a_job_that_fails_leaves_no_trace_and_spoils_no_other(engines: Engines) -> None:
    lane = WriteLane(engines.write)
    go = threading.Event()
    lane.submit(lambda _tx: go.wait(30))
    good, bad, after = (
        lane.submit(adding(1)),
        lane.submit(adding(2, then=ValueError("no"))),
        lane.submit(adding(3)),
    )
    go.set()
    assert (good.result(30), after.result(30)) == (1, 3)
    with pytest.raises(ValueError, match="no"):
        bad.result(30)
    assert numbers(engines) == [1, 3]
    lane.close()


def test_more_than_can_wait_is_refused_and_what_waits_is_done_before_the_end(engines: Engines) -> None:
    lane = WriteLane(engines.write)
    go, begun = threading.Event(), threading.Event()
    lane.submit(lambda _tx: (begun.set(), go.wait(30)))
    assert begun.wait(30)
    told = [lane.submit(adding(value)) for value in range(WAITING)]
    with pytest.raises(LaneFull):
        lane.submit(adding(-1))
    go.set()
    lane.close()
    assert [future.result(0) for future in told] == list(range(WAITING))
    assert numbers(engines) == list(range(WAITING))
