"""The relay: carries what lanes made home to the thread of the window."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from advocate_app.base.errors import Bug, Fault

Take = Callable[[Any], None]


class Relay(QObject):
    """One for the window. Results are taken in the order in which they come, on the thread that made the relay."""

    _home = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Queued even where a job was done before anybody could wait for it: an answer never comes within the question.
        self._home.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    def carry(self, future: "Future[Any]", *, then: Take, failed: Callable[[Fault], None]) -> None:
        """Hand a future's result to `then`, or its fault to `failed`, at home; nothing where it was cancelled."""
        future.add_done_callback(partial(self._leave, then=then, failed=failed))

    def send(self, job: Callable[[], None]) -> None:
        """Run a function at home; from any thread."""
        self._home.emit(job)

    def _leave(self, future: "Future[Any]", *, then: Take, failed: Callable[[Fault], None]) -> None:
        try:
            made = future.result()
        except CancelledError:
            return
        except Fault as fault:
            self._home.emit(partial(failed, fault))
        except Exception as error:  # noqa: BLE001  the last place before it would be lost; the kind alone is harmless
            self._home.emit(partial(failed, Bug("a job failed", where=type(error).__name__)))
        else:
            self._home.emit(partial(then, made))

    @Slot(object)
    def _arrive(self, job: Callable[[], None]) -> None:
        assert QThread.currentThread() == self.thread()
        job()
