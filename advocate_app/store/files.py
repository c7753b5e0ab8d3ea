"""Files of the vault on disk: written whole or not at all, and only for this account."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from advocate_app.store.errors import DiskFault, DiskFull, VaultReadOnly

if sys.platform != "win32":
    import fcntl

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if hasattr(errno, "EDQUOT") else {errno.ENOSPC, errno.EFBIG}
_READ_ONLY = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def disk_faults() -> Iterator[None]:
    """Turn the system's errors inside into DiskFull, VaultReadOnly or DiskFault, without the path they carry."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull from None
        if error.errno in _READ_ONLY:
            raise VaultReadOnly from None
        raise DiskFault(errno=error.errno) from None


def make_private_folder(path: Path) -> None:
    """A folder that only this account may enter (0700); it may exist already."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    sync_folder(path.parent)


def make_private_file(path: Path, *, content: bytes = b"") -> None:
    """Write a file that only this account may read (0600), in place of any there, and see it to the disk."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        _sync(file.fileno())


def replace_file(path: Path, *, content: bytes) -> None:
    """Put new content in a file's place: after a cut at any moment the file holds all of the old or all of the new."""
    fresh = path.with_name(path.name + ".new")
    make_private_file(fresh, content=content)
    move_file(fresh, to=path)


def move_file(path: Path, *, to: Path) -> None:
    """Give a file another name in the same folder, in place of any there, and see it to the disk."""
    path.replace(to)
    sync_folder(to.parent)


def sync_folder(path: Path) -> None:
    """See a folder's names to the disk; Windows keeps them in order by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(descriptor: int) -> None:
    # On macOS fsync stops at the drive's cache; only this goes through it.
    if sys.platform == "darwin":
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)
