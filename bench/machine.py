"""What a run was made on: machine, versions, command."""

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

_PACKAGES: Final = ("cryptography", "msgspec", "zstandard", "sqlcipher3-wheels", "requests", "uvicorn", "sqlalchemy")


def machine() -> dict[str, Any]:
    """The machine as it tells of itself, and how busy it was."""
    return {
        "system": platform.platform(terse=True),
        "processor": _core_name(),
        "cores": os.cpu_count(),
        "memory_gb": _memory_gb(),
        "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def versions() -> dict[str, str]:
    """What was measured: Python, SQLCipher, packages, and the commit if there is one."""
    connection = sqlcipher.connect(":memory:")
    cipher = connection.execute("PRAGMA cipher_version").fetchone()
    connection.close()
    found = {"python": platform.python_version(), "sqlite": sqlcipher.sqlite_version}
    found["sqlcipher"] = str(cipher[0]) if cipher else "?"
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except ImportError:
            continue
    found["commit"] = _commit()
    return found


def command() -> str:
    """How the run was started."""
    return " ".join(["python -m bench", *sys.argv[1:]])


def _core_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (ValueError, OSError, AttributeError):
        return None


def _commit() -> str:
    try:
        done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "none"
    return done.stdout.strip()
