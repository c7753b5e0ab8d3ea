"""Stopping: a job asks now and then whether anybody still wants its result."""

import threading


class Stopped(Exception):
    """The job ended because it was told to; what it had done whole stays done."""


class Stop:
    """A wish that a job should end, which any thread may utter and the job itself looks for."""

    def __init__(self) -> None:
        self._wish = threading.Event()

    def ask(self) -> None:
        """Wish that the job ends at its next look."""
        self._wish.set()

    @property
    def asked(self) -> bool:
        """Whether somebody wishes it."""
        return self._wish.is_set()

    def look(self) -> None:
        """Raise `Stopped` if somebody wishes it; for the places where a job can end without leaving half a thing."""
        if self._wish.is_set():
            raise Stopped

    def __call__(self) -> bool:
        """Whether somebody wishes it, for jobs that take a plain function."""
        return self._wish.is_set()
