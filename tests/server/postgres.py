"""A PostgreSQL of the test run's own, where the machine has its programs."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

_ROOT = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder of the newest PostgreSQL programs."""
    found = sorted(_ROOT.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def why_not() -> str:
    """Why no PostgreSQL can be started here, or nothing."""
    if programs() is None:
        return "no PostgreSQL programs under /usr/lib/postgresql"
    if os.geteuid() == 0 and not _account():
        return "PostgreSQL does not run as root, and there is no account postgres"
    return ""


@contextmanager
def running() -> Iterator[str]:
    """The address of a fresh cluster's database server, without a database."""
    folder = Path(tempfile.mkdtemp(prefix="advocate-pg-"))
    who: dict[str, Any] = {}
    account = _account()
    if os.geteuid() == 0 and account:
        os.chown(folder, account.pw_uid, account.pw_gid)
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    bin_ = programs()
    assert bin_ is not None
    port = _free_port()
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **who}
    make = [bin_ / "initdb", "-D", folder / "data", "-U", "advocate", "-A", "trust", "-E", "UTF8", "--no-sync"]
    try:
        subprocess.run(make, check=True, **quiet)
        start = [bin_ / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "start"]
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        subprocess.run([*start, "-o", options], check=True, **quiet)
        try:
            yield f"127.0.0.1:{port}"
        finally:
            subprocess.run([bin_ / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"], check=True, **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(where: str, name: str) -> str:
    """Make a database; its address."""
    with psycopg.connect(f"postgresql://advocate@{where}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"postgresql+psycopg://advocate@{where}/{name}"


def _account() -> "pwd.struct_passwd | None":
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
