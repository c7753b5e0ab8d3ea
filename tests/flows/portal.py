"""Something in between that answers instead of the server: a real HTTP server on loopback, in a thread."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def answering(status: int, *, headers: Mapping[str, str], body: bytes) -> Iterator[str]:
    """Answers everything in the same way; gives its address."""

    class Same(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815  names that the base class asks for

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    portal = ThreadingHTTPServer(("127.0.0.1", 0), Same)
    thread = threading.Thread(target=portal.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{portal.server_port}"
    finally:
        portal.shutdown()
        portal.server_close()
        thread.join(timeout=10)
