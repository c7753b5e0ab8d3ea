"""The failing disk of `shim.c` from Python: building it, starting a program on it, and telling it what to do."""

import ctypes
import os
import shutil
import subprocess
import sys
from enum import IntEnum
from pathlib import Path

from tests.faults.saving import ROOT


class Kind(IntEnum):
    """What happens at the n-th call that changes the disk; the numbers are those of `shim.c`."""

    KILL = 1
    TEAR_AND_KILL = 2
    """Half of a write is done, or all of another call, and then the program is killed."""
    EIO_ONCE = 3
    EIO_ON = 4
    """Every call fails from here on."""
    ENOSPC_ON = 5
    SHORT_THEN_ENOSPC = 6


def why_not() -> str | None:
    """Why the shim cannot be built here, if it cannot."""
    if not sys.platform.startswith("linux"):
        return "the shim is for Linux: the sweep over every disk call did not run"
    if shutil.which("cc") is None:
        return "no C compiler: the sweep over every disk call did not run"
    return None


def build(folder: Path) -> Path:
    """The shim, compiled into `folder`."""
    library = folder / "shim.so"
    source = str(Path(__file__).with_name("shim.c"))
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), source, "-ldl"], check=True)
    return library


def run_on(library: Path, script: str, *arguments: str) -> str:
    """What a script of this folder prints when its disk is the failing one."""
    run = subprocess.run(
        [sys.executable, str(Path(__file__).with_name(script)), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "LD_PRELOAD": str(library)},
    )
    return run.stdout


class Disk:
    """The shim inside a program that was started on it."""

    def __init__(self) -> None:
        self._shim = ctypes.CDLL(None)

    def arm(self, *, below: Path, kind: Kind, at: int) -> None:
        """Let the `at`-th call that changes something below a folder go wrong."""
        self._shim.fault_arm(os.fsencode(below), int(kind), at)

    def disarm(self) -> int:
        """Be a good disk again; how many calls were counted."""
        return int(self._shim.fault_disarm())

    def watch(self, *, below: Path) -> None:
        """Take over a folder, for now as a good disk."""
        self.log(below=below, descriptor=-1)

    def log(self, *, below: Path, descriptor: int) -> None:
        """Write down every call that changes something below a folder."""
        self._shim.fault_log(os.fsencode(below), descriptor)

    def note(self, number: int) -> None:
        """Write down that something was acknowledged here."""
        self._shim.fault_note(number)
