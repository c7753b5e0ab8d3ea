"""`advocate-server run`: listen, serve, and stop in good order."""

import asyncio
import ipaddress
import os
import signal
import socket
from pathlib import Path

import uvicorn

from advocate_app.base.clock import Clock
from advocate_app.base.ids import Ids
from advocate_server import logs
from advocate_server.admin.place import Refused, ready_database
from advocate_server.app import build
from advocate_server.office import Office
from advocate_server.settings import Settings

GRACE_SECONDS = 10


def run(settings: Settings, *, clock: Clock, ids: Ids) -> None:
    """Serve until SIGTERM or SIGINT. Raises `Refused` for plain HTTP beyond loopback."""
    if not settings.tls_cert and not is_loopback(settings.host):
        raise Refused(
            "plain HTTP is for loopback only: give --tls-cert and --tls-key, or let a reverse proxy on this machine "
            "speak TLS and listen on 127.0.0.1"
        )
    if not settings.host_names and not is_loopback(settings.host):
        raise Refused("say under which names laptops know this server: --host-names server.example.org")
    os.umask(0o077)
    logs.start(style=settings.log_format)
    with ready_database(settings) as engines:
        office = Office(settings=settings, engines=engines, clock=clock, ids=ids)
        listening = _listen(settings.host, settings.port)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        asyncio.run(_Server(_config(settings, office), settings).serve(sockets=[listening]))
        logs.event("stopped")


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. It names TCP, for only then does asyncio send small replies at once (TCP_NODELAY)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    listening.listen(256)
    return listening


def _config(settings: Settings, office: Office) -> uvicorn.Config:
    return uvicorn.Config(
        build(office),
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_SECONDS,
        h11_max_incomplete_event_size=16 * 1024,
    )


class _Server(uvicorn.Server):
    """Tells where it listens once it does."""

    def __init__(self, config: uvicorn.Config, settings: Settings) -> None:
        super().__init__(config)
        self._settings = settings

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then write the port file and say so in one line."""
        await super().startup(sockets=sockets)
        assert sockets is not None
        port = sockets[0].getsockname()[1]
        if self._settings.port_file:
            _write_whole(Path(self._settings.port_file), f"{port}\n")
        scheme = "https" if self._settings.tls_cert else "http"
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        print(f"advocate-server listens on {scheme}://{host}:{port}", flush=True)
        logs.event("listening", port=port)


def _write_whole(path: Path, content: str) -> None:
    """Write a file so that whoever waits for it never sees half of it."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(content, encoding="utf-8")
    beside.replace(path)
