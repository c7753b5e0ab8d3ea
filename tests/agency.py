"""An agency on a real server process over loopback, with members whose vaults are open in this process."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from advocate_app.base.clock import SystemClock
from advocate_app.base.errors import Refusal
from advocate_app.base.ids import SystemIds
from advocate_app.base.private import Private
from advocate_app.commands.acting import Acting
from advocate_app.crypto.slots import FLOOR
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Reader
from advocate_app.store.vault import Vault
from advocate_app.sync import enrolment
from advocate_app.sync.founding import Founded, found_agency
from advocate_app.sync.rounds import run_round
from advocate_app.sync.server_link import ServerLink
from advocate_app.sync.session import Round
from advocate_app.wire.invitation import FoundingToken, read_founding_token
from advocate_app.wiring import connect, make_vault, who_acts

PASSPHRASE = "pinyon mesa lantern tortoise seven"
CLOCK = SystemClock()
IDS = SystemIds(CLOCK)
_PATIENT = [f"--{who}-{what}" for who in ("door", "device", "address", "mailbox") for what in ("per-second", "burst")]
"""Limits that a whole test run from one address would meet; each is set to 10,000."""
_SERVER = [sys.executable, "-m", "advocate_server.main"]


@dataclass(kw_only=True)
class RunningServer:
    """One server process over one data folder; it can be killed and started again on its port."""

    data: Path
    port: int = 0
    process: "subprocess.Popen[str] | None" = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def console(self, *arguments: str) -> str:
        """What a command of the server's console prints."""
        done = subprocess.run(
            [*_SERVER, *arguments, "--data", str(self.data)],
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> "RunningServer":
        limits = [word for flag in _PATIENT for word in (flag, "10000")]
        with (self.data / "log").open("a") as log:
            self.process = subprocess.Popen(
                [*_SERVER, "run", "--data", str(self.data), "--port", str(self.port), *limits],
                env=_environment(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        told = re.search(r":(\d+)\s*$", self.process.stdout.readline())
        assert told, (self.data / "log").read_text()
        self.port = int(told[1])
        return self

    def kill(self) -> None:
        """kill -9, by its pid."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait(timeout=30)
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None

    def token(self) -> FoundingToken:
        """A new founding token."""
        return read_founding_token(self.console("agency", "--name", "A team"))


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ADVOCATE_")}


@dataclass(kw_only=True)
class Colleague:
    """A member with an open vault of their own."""

    name: str
    vault: Vault

    def acting(self) -> Acting:
        with self.vault.read() as db:
            return self.acting_in(db)

    def acting_in(self, db: Reader) -> Acting:
        return who_acts(db, clock=CLOCK, ids=IDS)

    def new_id(self) -> bytes:
        return IDS.next()

    @property
    def id(self) -> bytes:
        return self.acting().member

    def sync(self) -> Round:
        return run_round(self.vault, clock=CLOCK, ids=IDS)


def done(outcome: Changes | Refusal) -> Changes:
    """The changes of a command that was not refused."""
    assert isinstance(outcome, Changes), outcome
    return outcome


def code_of(outcome: Changes | Refusal) -> str:
    """The code of a command that was refused."""
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


@dataclass(kw_only=True)
class FoundedAgency:
    """A founded agency: its server, its founder (authority and supervisor), and everyone enrolled."""

    server: RunningServer
    home: Path
    founder: Colleague
    founded: Founded
    everyone: list[Colleague] = field(default_factory=list)

    def enrol(self, name: str, *, role: str = "advocate") -> Colleague:
        """Invite, apply, approve, finish and sync: a further member, ready to work."""
        office = connect(self.founder.vault, clock=CLOCK)
        try:
            invited = enrolment.invite(
                self.founder.vault, link=office.link, me=office.me, state=office.state, role=role, clock=CLOCK, ids=IDS
            )
            assert not isinstance(invited, Refusal), invited
            vault = new_vault(self.home / name)
            nobody = ServerLink(server=self.server.address, clock=CLOCK)
            words = enrolment.apply(
                vault,
                link=nobody,
                server=self.server.address,
                secret=invited.secret,
                fingerprint=self.founded.fingerprint,
                name=name,
                clock=CLOCK,
                ids=IDS,
            )
            nobody.close()
            assert isinstance(words, tuple), words
            waiting = enrolment.applicants(self.founder.vault, link=office.link, me=office.me, state=office.state)
            mailbox = next(one.mailbox for one in waiting if one.name == name)
            approved = enrolment.approve(
                self.founder.vault,
                link=office.link,
                me=office.me,
                state=office.state,
                mailbox=mailbox,
                typed=" ".join(words),
                clock=CLOCK,
            )
            assert isinstance(approved, bytes), approved
        finally:
            office.link.close()
        assert enrolment.finish(vault, clock=CLOCK) is True
        one = Colleague(name=name, vault=vault)
        self.everyone.append(one)
        self.founder.sync()
        one.sync()
        return one

    def close(self) -> None:
        for one in self.everyone:
            one.vault.close()
        self.server.kill()


def new_vault(path: Path) -> Vault:
    """A new vault at the lowest cost that is allowed; its passphrase is PASSPHRASE."""
    return make_vault(path, passphrase=Private(PASSPHRASE), cost=FLOOR, clock=CLOCK, ids=IDS)


def running_server(path: Path) -> RunningServer:
    """A fresh server, started."""
    path.mkdir()
    server = RunningServer(data=path)
    server.console("init")
    return server.start()


def founded_agency(home: Path) -> FoundedAgency:
    """A running server and a founder; close it when done."""
    server = running_server(home / "server")
    vault = new_vault(home / "founder")
    try:
        founded = _found(vault, server=server)
        founder = Colleague(name="Ana", vault=vault)
        founder.sync()
    except BaseException:
        vault.close()
        server.kill()
        raise
    return FoundedAgency(server=server, home=home, founder=founder, founded=founded, everyone=[founder])


def _found(vault: Vault, *, server: RunningServer) -> Founded:
    link = ServerLink(server=server.address, clock=CLOCK)
    try:
        return found_agency(
            vault, link=link, server=server.address, token=server.token(), name="Ana", clock=CLOCK, ids=IDS
        )
    finally:
        link.close()
