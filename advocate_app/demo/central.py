"""The central server of the field day: a process of its own that is started, killed by its pid, and started again."""

import os
import signal
import sqlite3
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from advocate_app.base.paths import program
from advocate_app.demo.errors import NotSo, must
from advocate_app.demo.people import environment


@dataclass(slots=True)
class Central:
    """One server over one data folder."""

    folder: Path
    port: int = 0
    starts: int = 0
    kills: int = 0
    _process: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    @property
    def log(self) -> Path:
        """Where the server's log lines go."""
        return self.folder / "server.log"

    @property
    def pid(self) -> int:
        """The running server's process id."""
        if self._process is None:
            raise NotSo("the server does not run")
        return self._process.pid

    def console(self, *words: str) -> str:
        """What a command of the server's console prints."""
        done = subprocess.run(
            [program(), "-m", "advocate_server.main", *words, "--data", str(self.folder)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment(self.folder.parent),
        )
        must(done.returncode == 0, f"advocate-server {words[0]} ended with {done.returncode}")
        return done.stdout.strip()

    def start(self) -> None:
        """Start it on its port (the first time on any that is free)."""
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [
                    *(program(), "-m", "advocate_server.main", "run", "--data", str(self.folder)),
                    *("--port", str(self.port), "--door-per-second", "1000", "--door-burst", "10000"),
                ],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment(self.folder.parent),
            )
        assert self._process.stdout is not None
        told = self._process.stdout.readline().strip().rpartition(":")[2]
        must(told.isdigit(), "the server did not tell its port")
        self.port = int(told)
        self.starts += 1

    def envelopes(self) -> int:
        """How many envelopes stand in the server's database, looked up from outside."""
        return self._count("count(*)")

    def different_envelopes(self) -> int:
        """How many of them differ by device and number: fewer than `envelopes` if one stood there twice."""
        return self._count("count(DISTINCT hex(device) || '/' || hex(stream) || '/' || seq)")

    def _count(self, what: str) -> int:
        database = sqlite3.connect(f"file:{self.folder / 'advocate.db'}?mode=ro", uri=True)
        try:
            return int(database.execute(f"SELECT {what} FROM log_item").fetchone()[0])  # noqa: S608  constants
        finally:
            database.close()

    def kill(self) -> None:
        """kill -9, by its pid."""
        if self._process is None:
            return
        os.kill(self._process.pid, signal.SIGKILL)
        self.kills += 1
        self._end()

    def stop(self) -> None:
        """Ask it to end, as a service is asked."""
        if self._process is not None:
            self._process.terminate()
            self._end()

    def _end(self) -> None:
        assert self._process is not None
        self._process.wait(timeout=30)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
