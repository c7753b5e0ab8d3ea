"""Lanes run one job at a time in order, stop when asked, and tell how far they are."""

import threading

import pytest

from advocate_app.jobs.lanes import Lane, Lanes, lane_of_this_thread
from advocate_app.jobs.progress import Progress, untold
from advocate_app.jobs.stopping import Stop, Stopped


def test_a_lane_runs_its_jobs_in_the_order_given_and_never_two_at_once() -> None:
    lane = Lane("read")
    running = threading.Lock()
    seen: list[int] = []

    def job(number: int) -> int:
        assert running.acquire(blocking=False), "two jobs at a time"
        seen.append(number)
        running.release()
        return number

    futures = [lane.run(lambda number=number: job(number)) for number in range(200)]
    assert [one.result(timeout=10) for one in futures] == list(range(200))
    assert seen == list(range(200))
    lane.close()


def test_three_lanes_do_not_wait_for_each_other() -> None:
    lanes = Lanes()
    meeting = threading.Barrier(3)
    futures = [lane.run(lambda: meeting.wait(timeout=10)) for lane in (lanes.write, lanes.read, lanes.cpu)]
    assert sorted(one.result(timeout=10) for one in futures) == [0, 1, 2]
    lanes.close()


def test_closing_lets_what_runs_end_and_drops_what_has_not_begun() -> None:
    lane = Lane("write")
    begun, go_on = threading.Event(), threading.Event()
    running = lane.run(lambda: (begun.set(), go_on.wait(timeout=10)))
    waiting = lane.run(lambda: None)
    assert begun.wait(timeout=10)
    closing = threading.Thread(target=lane.close)
    closing.start()
    go_on.set()
    closing.join(timeout=10)
    assert running.done()
    assert not running.cancelled()
    assert waiting.cancelled() or waiting.done()
    with pytest.raises(RuntimeError):
        lane.run(lambda: None)


def test_a_job_knows_its_lane_and_the_main_thread_has_none() -> None:
    lane = Lane("cpu")
    assert lane.run(lane_of_this_thread).result(timeout=10) == "cpu"
    assert lane_of_this_thread() is None
    lane.close()


def test_a_fault_comes_home_with_the_result_and_the_lane_goes_on() -> None:
    lane = Lane("read")
    with pytest.raises(KeyError):
        lane.run(lambda: {}["nothing"]).result(timeout=10)
    assert lane.run(lambda: 1).result(timeout=10) == 1
    lane.close()


def test_a_job_that_looks_ends_once_it_is_asked_to() -> None:
    stop, lane = Stop(), Lane("cpu")

    def counting() -> None:
        while True:
            stop.look()

    running = lane.run(counting)
    stop.ask()
    with pytest.raises(Stopped):
        running.result(timeout=10)
    assert stop()
    assert stop.asked
    lane.close()


@pytest.mark.parametrize(("done", "total", "share"), [(0, 0, None), (1, 4, 0.25), (9, 4, 1.0), (-1, 4, 0.0)])
def test_progress_is_a_share_between_nothing_and_all(done: int, total: int, share: float | None) -> None:
    progress = Progress(done=done, total=total)
    untold(progress)
    assert progress.share == share
