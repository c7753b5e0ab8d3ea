"""Lanes: one thread each, on which plain functions run one after the other."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

Made = TypeVar("Made")

NAMES: Final = ("write", "read", "cpu")


class Lane:
    """One thread. What is given to it runs in that order, and never two at a time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"lane-{name}")

    def run(self, job: Callable[[], Made]) -> "Future[Made]":
        """Run a job behind all that was given before. RuntimeError after `close`."""
        return self._thread.submit(job)

    def close(self) -> None:
        """Let what runs end, drop what has not begun, and take nothing more."""
        self._thread.shutdown(wait=True, cancel_futures=True)


class Lanes:
    """The three lanes of a window: writing, reading, and what only takes the processor."""

    def __init__(self) -> None:
        self.write = Lane("write")
        self.read = Lane("read")
        self.cpu = Lane("cpu")

    def close(self) -> None:
        """Close every lane; writing first, for what somebody saved must reach the disk."""
        for lane in (self.write, self.read, self.cpu):
            lane.close()


def lane_of_this_thread() -> str | None:
    """The name of the lane whose thread this is; None on any other thread."""
    name = threading.current_thread().name
    return next((each for each in NAMES if name.startswith(f"lane-{each}_")), None)
