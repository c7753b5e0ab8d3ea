"""Locks of the operating system on files beside the vault; they end with the program that holds them."""

import os
import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_POLL_SECONDS = 0.001


class Lock:
    """One lock, held by at most one `Lock` of any process or thread at a time.

    The file stays when the lock is given back: removing it would let two programs lock two files of one name.
    """

    def __init__(self, path: Path) -> None:
        """Open the lock's file, made when first needed (0600). Raises OSError."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, *, seconds: float) -> bool:
        """Take the lock, waiting at most `seconds` for it; False when somebody else kept it."""
        if self._try():
            return True
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
            if self._try():
                return True
        return False

    def give_back(self) -> None:
        """Let the next one have the lock."""
        if sys.platform == "win32":
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            msvcrt.locking(self._descriptor, msvcrt.LK_UNLCK, 1)
        else:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the lock back, if held, and be done with it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _try(self) -> bool:
        try:
            if sys.platform == "win32":
                os.lseek(self._descriptor, 0, os.SEEK_SET)
                msvcrt.locking(self._descriptor, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        return True


def is_held(path: Path) -> bool:
    """Whether some running program holds the lock of this file."""
    if not path.exists():
        return False
    lock = Lock(path)
    try:
        return not lock.take(seconds=0)
    finally:
        lock.close()
