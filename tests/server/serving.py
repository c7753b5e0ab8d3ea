"""A real server process on loopback, and a laptop's side of its HTTP surface."""

import io
import os
import re
import socket
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import requests
from requests.adapters import HTTPAdapter

from advocate_app.crypto.signing import AUTH
from advocate_app.wire import api
from advocate_app.wire.invitation import FoundingToken, read_founding_token
from advocate_server.admin.agency import add as add_agency
from advocate_server.problems import KINDS
from advocate_server.routes import ANYWHERE, ROUTES, Route
from advocate_server.settings import Settings
from tests.server.people import CLOCK, IDS, Agency, Device, agency_of, joins, new_device

T = TypeVar("T")
PROGRAM = [sys.executable, "-m", "advocate_server.main"]
BY_NAME = {route.name: route for route in ROUTES}
SEEN: set[tuple[str, int]] = set()
"""Every (route, status) that a laptop of this process was answered with since it was last cleared."""


@dataclass(kw_only=True)
class Server:
    """One server process over one data folder or database; it can be killed and started again."""

    data: Path
    database: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[str] | None" = None
    port: int = 0

    def environment(self) -> dict[str, str]:
        own = {f"ADVOCATE_SERVER_{name.upper()}": value for name, value in self.settings.items()}
        if self.database:
            own["ADVOCATE_SERVER_DATABASE"] = self.database
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ADVOCATE_SERVER_")}
        return {**clean, **own, "ADVOCATE_SERVER_DATA": str(self.data)}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the server's console."""
        return subprocess.run(
            [*PROGRAM, *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def init(self) -> "Server":
        done = self.run("init")
        assert done.returncode == 0, done.stderr
        return self

    def start(self, *, port: int = 0) -> "Server":
        """Start and wait for the line that says where it listens."""
        with (self.data / "log").open("a") as log:
            self.process = subprocess.Popen(
                [*PROGRAM, "run", "--port", str(port), "--port-file", str(self.data / "port")],
                env=self.environment(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        told = re.search(r":(\d+)$", line.strip())
        assert told, (line, (self.data / "log").read_text())
        self.port = int(told[1])
        return self

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self._ended()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        return self._ended()

    def _ended(self) -> int:
        assert self.process is not None
        code = self.process.wait(timeout=30)
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None
        return code

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def token(self) -> FoundingToken:
        """A founding token, as the server's console makes it; without the second that a new process takes."""
        settings = Settings(data=str(self.data), database=self.database)
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()):
            add_agency(settings, label="A team", clock=CLOCK, ids=IDS)
        return read_founding_token(out.getvalue())

    def unfounded(self) -> Agency:
        return agency_of(self.token())

    def founded(self) -> "Team":
        """A founded agency with its founder's laptop."""
        agency = self.unfounded()
        place = Laptop(self).ok("found", agency.founding(), api.RosterPlace)
        assert agency.genesis is not None
        agency.took(agency.genesis)
        assert (place.size, place.head) == (agency.size, agency.head)
        return Team(server=self, agency=agency, boss=Laptop(self, agency=agency, device=agency.founder).login())


class From(HTTPAdapter):
    """Requests from another loopback address."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, source_address=(self.address, 0))


class Laptop:
    """A device's side: asks by the route's name, and notes what it was answered with."""

    def __init__(self, server: Server, *, agency: Agency | None = None, device: Device | None = None) -> None:
        self.server = server
        self.agency = agency
        self.device = device
        self.http = requests.Session()
        self.token = ""

    def from_address(self, address: str) -> "Laptop":
        self.http.mount("http://", From(address))
        return self

    def url(self, name: str, query: str = "", **parts: str) -> str:
        path = BY_NAME[name].path.replace(":str}", "}").format(**parts)
        return f"http://{self.server.host}{path}{query}"

    def ask(
        self,
        name: str,
        message: msgspec.Struct | bytes | None = None,
        *,
        query: str = "",
        headers: dict[str, str] | None = None,
        data: Any = None,
        **parts: str,
    ) -> requests.Response:
        """The server's reply. `data` goes as it is; parts of the path in hex."""
        route = BY_NAME[name]
        sent = dict(headers or {})
        if self.token and "Authorization" not in sent:
            sent["Authorization"] = f"Bearer {self.token}"
        if message is not None:
            data = message if isinstance(message, bytes) else api.encode(message)
            sent.setdefault("Content-Type", api.MEDIA_TYPE)
        reply = self.http.request(route.method, self.url(name, query, **parts), data=data, headers=sent, timeout=30)
        SEEN.add((name, reply.status_code))
        return reply

    def ok(
        self,
        name: str,
        message: msgspec.Struct | None = None,
        kind: type[T] = api.Done,  # type: ignore[assignment]  # the default fits
        *,
        query: str = "",
        **parts: str,
    ) -> T:
        """The message that the server answers with."""
        reply = self.ask(name, message, query=query, **parts)
        assert reply.status_code == 200, reply.text
        assert reply.headers["content-type"] == api.MEDIA_TYPE
        return api.decode(reply.content, kind)

    def refused(self, code: str, name: str, message: Any = None, *, query: str = "", **parts: str) -> str:
        """Assert that the server refuses with this code; the detail that it gives."""
        return refusal(self.ask(name, message, query=query, **parts), route=BY_NAME[name], code=code)

    def proof(self, *, host: str | None = None, nonce: bytes | None = None) -> api.Proof:
        """A signed answer to a fresh challenge."""
        assert self.agency is not None
        assert self.device is not None
        if nonce is None:
            asked = api.Challenge(agency=self.agency.id, device=self.device.id)
            nonce = self.ok("auth.challenge", asked, api.Nonce).nonce
        where = host or self.server.host
        message = api.auth_message(agency=self.agency.id, nonce=nonce, device=self.device.id, host=where)
        return api.Proof(
            agency=self.agency.id,
            device=self.device.id,
            nonce=nonce,
            host=where,
            signature=self.device.key.sign(domain=AUTH, message=message),
        )

    def login(self) -> "Laptop":
        self.token = ""
        self.token = self.ok("auth.session", self.proof(), api.Session).token
        return self

    def push(self, *envelopes: bytes, stream: bytes | None = None) -> list[api.PushResult]:
        """What became of each envelope."""
        assert self.agency is not None
        where = stream or self.agency.stream
        return self.ok("log.push", api.Push(envelopes=list(envelopes)), api.PushResults, stream=where.hex()).results

    def log(self, *, start: int = 1, max_bytes: int = 2**20, stream: bytes | None = None) -> api.LogPage:
        assert self.agency is not None
        where = stream or self.agency.stream
        query = f"?from={start}&max_bytes={max_bytes}"
        return self.ok("log.page", None, api.LogPage, query=query, stream=where.hex())

    def heads(self, *, stream: bytes | None = None) -> api.Heads:
        assert self.agency is not None
        return self.ok("log.heads", None, api.Heads, stream=(stream or self.agency.stream).hex())

    def boxes(self, after: int = 0) -> api.Boxes:
        return self.ok("boxes.read", None, api.Boxes, query=f"?after={after}")


@dataclass
class Team:
    """A founded agency on a server, with its founder's laptop."""

    server: Server
    agency: Agency
    boss: Laptop

    def join(self, *, roles: list[str] | None = None) -> Laptop:
        """A new member's laptop, with a session."""
        device = new_device()
        self.append(joins(device, roles=roles or ["advocate"]))
        return Laptop(self.server, agency=self.agency, device=device).login()

    def append(self, *bodies: Any) -> api.RosterPlace:
        return self.boss.ok("roster.append", self.agency.growing(*bodies), api.RosterPlace)


def refusal(reply: requests.Response, *, route: Route | None, code: str) -> str:
    """Assert that a reply refuses with this code, in the one shape; the detail that it gives."""
    assert reply.headers["content-type"] == api.PROBLEM_TYPE, reply.content
    told = reply.json()
    assert set(told) == {"type", "title", "status", "code", "detail"}
    assert told["code"] == code, told
    assert reply.status_code == told["status"] == KINDS[code].status
    assert told["title"] == KINDS[code].title
    assert route is None or code in (*route.codes, *ANYWHERE), f"{route.name} does not declare {code}"
    if reply.status_code in (429, 503):
        assert int(reply.headers["retry-after"]) >= 1
    return str(told["detail"])


def raw(server: Server, data: bytes) -> bytes:
    """Send bytes as they are; status and body of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(data)
        return answer_on(connection)


def answer_on(connection: socket.socket) -> bytes:
    """Status line and body of the answer that comes."""
    with HTTPResponse(connection) as response:
        response.begin()
        return f"{response.status} ".encode() + response.read()
