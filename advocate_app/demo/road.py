"""The road between laptops and server: a relay on loopback that counts bytes, can be closed, and can break mid-push."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Final

_PUSH: Final = b"/envelopes HTTP/1.1"
_CHUNK: Final = 16 * 1024


class Road:
    """Relays TCP to the server's port. It knows nothing of what it carries but where a push begins."""

    def __init__(self, *, to_port: Callable[[], int]) -> None:
        self._to_port = to_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._open = True
        self._break_at: int | None = None
        self._on_break: Callable[[], None] = lambda: None
        self._pushes = 0
        self._lose_answer = False
        self.bytes_up = 0
        self.bytes_down = 0
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(timeout=10)

    @property
    def address(self) -> str:
        """The server's address as everybody types it."""
        return f"http://127.0.0.1:{self.port}"

    def close_road(self) -> None:
        """No connection gets through from now on."""
        self._open = False

    def open_road(self) -> None:
        """Connections get through again."""
        self._open = True

    def break_in_push(self, number: int, *, then: Callable[[], None]) -> None:
        """When the `number`-th push from now on is half way through, call `then` and drop the connection."""
        self._pushes = 0
        self._break_at = number
        self._on_break = then

    def lose_answer_to_push(self, *, then: Callable[[], None]) -> None:
        """When the server answers the next push, call `then` and drop the connection: the answer never arrives."""
        self._pushes = 0
        self._break_at = 1
        self._lose_answer = True
        self._on_break = then

    def end(self) -> None:
        """Stop relaying."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)

    async def _listen(self) -> int:
        server = await asyncio.start_server(self._carry, host="127.0.0.1", port=0)
        return int(server.sockets[0].getsockname()[1])

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if not self._open:
            back.close()
            return
        try:
            far, onward = await asyncio.open_connection("127.0.0.1", self._to_port())
        except OSError:
            back.close()
            return
        downward = asyncio.ensure_future(self._down(far, back))
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._up(near, onward)
        downward.cancel()
        for end in (onward, back):
            end.close()

    async def _up(self, near: asyncio.StreamReader, onward: asyncio.StreamWriter) -> None:
        while piece := await near.read(_CHUNK):
            if _PUSH in piece:
                self._pushes += 1
                if self._pushes == self._break_at and not self._lose_answer:
                    self._break_at = None
                    onward.write(piece[: len(piece) // 2])
                    await onward.drain()
                    self._on_break()
                    return
            self.bytes_up += len(piece)
            onward.write(piece)
            await onward.drain()

    async def _down(self, far: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await far.read(_CHUNK):
                if self._lose_answer and self._pushes == self._break_at:
                    self._break_at, self._lose_answer = None, False
                    self._on_break()
                    break
                self.bytes_down += len(piece)
                back.write(piece)
                await back.drain()
            back.close()
