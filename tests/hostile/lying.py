"""A proxy process between a laptop and the real server that tells one lie at a time.

`python -m tests.hostile.lying --to PORT --database FILE --seen FILE`: prints its port, then reads the names of lies
from standard input and answers "ok". It holds the server's own log key, as a server that lies does. Whatever it sees of
requests and answers goes to the file `seen`.
"""

import argparse
import http.client
import sqlite3
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from advocate_app.crypto.signing import RECEIPT, SigningKey
from advocate_app.wire import api, envelope
from advocate_app.wire.log import Receipt, first_head, next_head


@dataclass
class Exchange:
    """One request and the true answer to it."""

    method: str
    path: str
    body: bytes
    status: int
    answer: bytes
    content: str


class Liar:
    """Knows the log key, and which lie is told now."""

    def __init__(self, *, database: Path, seen: Path, to: int) -> None:
        self.lie = "none"
        self.to = to
        self._seen = seen
        self._lock = threading.Lock()
        found = (
            sqlite3.connect(f"file:{database}?mode=ro", uri=True).execute("SELECT id, log_seed FROM agency").fetchone()
        )
        self.agency: bytes = found[0]
        self._log = SigningKey(found[1])
        self.forked: api.LogPage | None = None
        self.kept_pages: dict[str, bytes] = {}

    def note(self, data: bytes) -> None:
        with self._lock, self._seen.open("ab") as file:
            file.write(data)

    def withholds(self, method: str, path: str) -> bool:
        """Whether the request is not even passed on."""
        return self.lie in ("claim_stored", "captive") and (self.lie == "captive" or _is_push(method, path))

    def answer(self, exchange: Exchange) -> Exchange:
        """The answer as the laptop gets it."""
        told = _LIES.get(self.lie)
        return exchange if told is None else told(self, exchange)

    def resign(self, page: api.LogPage, *, stream: bytes, items: list[api.LogItem], size: int | None = None) -> bytes:
        """A page of another log, with heads and a receipt that stand under the log key. It begins at index 1."""
        head = first_head(agency=self.agency, stream=stream)
        signature = b""
        for item in items:
            leaf = envelope.parse_envelope(item.envelope).leaf
            head = next_head(
                before=head,
                index=item.index,
                leaf=leaf,
                received_at=item.received_at,
                roster_size=item.roster_size,
            )
            receipt = Receipt(
                agency=self.agency,
                stream=stream,
                life=page.life,
                index=item.index,
                leaf=leaf,
                head=head,
                received_at=item.received_at,
                roster_size=item.roster_size,
            )
            signature = self._log.sign(domain=RECEIPT, message=receipt.signed())
        return api.encode(
            api.LogPage(
                life=page.life, size=len(items) if size is None else size, head=head, items=items, receipt=signature
            )
        )


def _is_push(method: str, path: str) -> bool:
    return method == "POST" and path.endswith("/envelopes")


def _is_log(exchange: Exchange) -> bool:
    return "/log?" in exchange.path and exchange.status == 200


def _on_items(change: Callable[[list[api.LogItem]], list[api.LogItem]]) -> Callable[[Liar, Exchange], Exchange]:
    def lie(liar: Liar, exchange: Exchange) -> Exchange:
        if _is_log(exchange):
            page = api.decode(exchange.answer, api.LogPage)
            if len(page.items) >= 2:
                exchange.answer = api.encode(msgspec.structs.replace(page, items=change(list(page.items))))
        return exchange

    return lie


def _altered(items: list[api.LogItem]) -> list[api.LogItem]:
    data = bytearray(items[-1].envelope)
    data[len(data) // 2] ^= 1
    return [*items[:-1], msgspec.structs.replace(items[-1], envelope=bytes(data))]


def _swapped(items: list[api.LogItem]) -> list[api.LogItem]:
    first, second, *rest = items
    return [
        msgspec.structs.replace(second, index=first.index),
        msgspec.structs.replace(first, index=second.index),
        *rest,
    ]


def _replayed(items: list[api.LogItem]) -> list[api.LogItem]:
    again = msgspec.structs.replace(items[0], index=items[-1].index + 1)
    return [*items, again]


def _backdated(items: list[api.LogItem]) -> list[api.LogItem]:
    return [msgspec.structs.replace(item, received_at=item.received_at - 1) for item in items]


def _rolled_back(liar: Liar, exchange: Exchange) -> Exchange:
    stream = _stream(exchange.path)
    if _is_log(exchange) and stream:
        head = first_head(agency=liar.agency, stream=stream)
        exchange.answer = api.encode(api.LogPage(life=1, size=0, head=head, items=[], receipt=b""))
    if exchange.path.endswith("/heads") and stream:
        head = first_head(agency=liar.agency, stream=stream)
        exchange.answer = api.encode(api.Heads(life=1, size=0, head=head, devices=[]))
    return exchange


def _forked(liar: Liar, exchange: Exchange) -> Exchange:
    """Show a log without its second half, with heads and receipts that stand under the server's own log key."""
    stream = _stream(exchange.path)
    if _is_log(exchange) and stream and "from=1&" in exchange.path:
        page = api.decode(exchange.answer, api.LogPage)
        kept = page.items[: max(1, len(page.items) // 2)]
        moved = [msgspec.structs.replace(item, received_at=item.received_at + 1) for item in kept]
        exchange.answer = liar.resign(page, stream=stream, items=moved)
        liar.forked = api.decode(exchange.answer, api.LogPage)
    elif _is_log(exchange) and liar.forked is not None:
        exchange.answer = api.encode(msgspec.structs.replace(liar.forked, items=[], receipt=b""))
    return exchange


def _short_roster(liar: Liar, exchange: Exchange) -> Exchange:
    if exchange.path.startswith("/v1/roster?"):
        page = api.decode(exchange.answer, api.RosterPage)
        exchange.answer = api.encode(api.RosterPage(size=1, head=bytes(32), entries=page.entries[:1]))
    return exchange


def _hidden_roster(liar: Liar, exchange: Exchange) -> Exchange:
    """The newest entries of the roster are not shown."""
    if exchange.path.startswith("/v1/roster?"):
        since = int(exchange.path.rpartition("from=")[2])
        page = api.decode(exchange.answer, api.RosterPage)
        last = liar.kept_pages.get("head")
        if page.entries and last is not None:
            exchange.answer = api.encode(api.RosterPage(size=since, head=last, entries=[]))
        elif not page.entries:
            liar.kept_pages["head"] = page.head
    return exchange


def _false_receipt(liar: Liar, exchange: Exchange) -> Exchange:
    if _is_push(exchange.method, exchange.path):
        results = api.decode(exchange.answer, api.PushResults).results
        false = [msgspec.structs.replace(one, receipt=bytes(64)) for one in results]
        exchange.answer = api.encode(api.PushResults(results=false))
    return exchange


def _claimed(liar: Liar, exchange: Exchange) -> Exchange:
    """The envelopes were thrown away, and are called stored, with a receipt under the server's own log key."""
    if not _is_push(exchange.method, exchange.path):
        return exchange
    stream = _stream(exchange.path)
    results = []
    for at, data in enumerate(api.decode(exchange.body, api.Push).envelopes):
        parsed = envelope.parse_envelope(data)
        receipt = Receipt(
            agency=liar.agency,
            stream=stream,
            life=1,
            index=10_000 + at,
            leaf=parsed.leaf,
            head=bytes(32),
            received_at=1,
            roster_size=parsed.header.roster_size,
        )
        results.append(
            api.PushResult(
                status="stored",
                life=1,
                index=receipt.index,
                leaf=receipt.leaf,
                head=receipt.head,
                received_at=1,
                roster_size=receipt.roster_size,
                receipt=liar._log.sign(domain=RECEIPT, message=receipt.signed()),  # its own key
            )
        )
    exchange.status, exchange.content = 200, api.MEDIA_TYPE
    exchange.answer = api.encode(api.PushResults(results=results))
    return exchange


def _captive(liar: Liar, exchange: Exchange) -> Exchange:
    exchange.status, exchange.content = 200, "text/html"
    exchange.answer = b"<html>Welcome to the motel. Please sign in.</html>"
    return exchange


def _busy(liar: Liar, exchange: Exchange) -> Exchange:
    exchange.status, exchange.content = 503, api.PROBLEM_TYPE
    exchange.answer = b'{"type":"about:blank","status":503,"code":"server.busy"}'
    return exchange


def _newer(liar: Liar, exchange: Exchange) -> Exchange:
    if exchange.path.endswith("/meta"):
        meta = api.decode(exchange.answer, api.Meta)
        exchange.answer = api.encode(msgspec.structs.replace(meta, api=99))
    return exchange


def _wrong_clock(liar: Liar, exchange: Exchange) -> Exchange:
    if exchange.path.endswith("/meta"):
        meta = api.decode(exchange.answer, api.Meta)
        exchange.answer = api.encode(msgspec.structs.replace(meta, time=meta.time + 3_600_000))
    return exchange


def _other_heads(liar: Liar, exchange: Exchange) -> Exchange:
    """Call another device's newest envelope this device's own."""
    if exchange.path.endswith("/heads"):
        heads = api.decode(exchange.answer, api.Heads)
        if len(heads.devices) > 1:
            turned = [*heads.devices[1:], heads.devices[0]]
            named = [
                msgspec.structs.replace(other, device=each.device)
                for each, other in zip(heads.devices, turned, strict=True)
            ]
            exchange.answer = api.encode(msgspec.structs.replace(heads, devices=named))
    return exchange


def _garbage(liar: Liar, exchange: Exchange) -> Exchange:
    exchange.answer = exchange.answer[: len(exchange.answer) // 2]
    return exchange


_LIES: dict[str, Callable[[Liar, Exchange], Exchange]] = {
    "drop": _on_items(lambda items: items[1:]),
    "alter": _on_items(_altered),
    "reorder": _on_items(_swapped),
    "replay": _on_items(_replayed),
    "backdate": _on_items(_backdated),
    "cut_short": _on_items(lambda items: items[:-1]),
    "roll_back": _rolled_back,
    "fork": _forked,
    "short_roster": _short_roster,
    "hidden_roster": _hidden_roster,
    "false_receipt": _false_receipt,
    "claim_stored": _claimed,
    "captive": _captive,
    "busy": _busy,
    "newer": _newer,
    "wrong_clock": _wrong_clock,
    "other_heads": _other_heads,
    "garbage": _garbage,
}


def _stream(path: str) -> bytes:
    part = path.partition("/streams/")[2].partition("/")[0]
    return bytes.fromhex(part) if part else b""


def _proxy(liar: Liar) -> type[BaseHTTPRequestHandler]:
    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _carry(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            liar.note(body)
            exchange = Exchange(self.command, self.path, body, 200, b"", api.MEDIA_TYPE)
            if not liar.withholds(self.command, self.path):
                onward = http.client.HTTPConnection("127.0.0.1", liar.to, timeout=30)
                onward.request(self.command, self.path, body=body or None, headers=dict(self.headers))
                true = onward.getresponse()
                exchange.status, exchange.answer = true.status, true.read()
                exchange.content = (true.getheader("Content-Type") or "").split(";")[0]
                onward.close()
            liar.note(exchange.answer)
            exchange = liar.answer(exchange)
            self.send_response(exchange.status)
            self.send_header("Content-Type", exchange.content)
            if exchange.status == 503:
                self.send_header("Retry-After", "120")
            self.send_header("Content-Length", str(len(exchange.answer)))
            self.end_headers()
            self.wfile.write(exchange.answer)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    for method in ("GET", "POST", "PUT", "DELETE"):
        setattr(Proxy, f"do_{method}", Proxy._carry)  # names that the library calls
    return Proxy


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=int, required=True)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--seen", type=Path, required=True)
    asked = parser.parse_args()
    liar = Liar(database=asked.database, seen=asked.seen, to=asked.to)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _proxy(liar))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        liar.lie = line.strip()
        sys.stdout.write("ok\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
