"""Where requests become calls: rates, session, media type and size first, then strict decoding, then the answer."""

import asyncio
from typing import Any

from litestar import Request
from litestar.exceptions import HTTPException

from advocate_app.wire.api import MEDIA_TYPE, decode, encode
from advocate_app.wire.errors import WireBroken
from advocate_server.calls import Call
from advocate_server.office import Office
from advocate_server.problems import Problem
from advocate_server.routes import NEEDED, NONE, Query, Route
from advocate_server.sessions import Session

LONGEST_SECONDS = 900
_BEARER = "Bearer "
_NUMBER_DIGITS = 19

AnyRequest = Request[Any, Any, Any]


async def answer(office: Office, route: Route, request: AnyRequest) -> bytes:
    """The reply's body. Raises `Problem`."""
    now = office.clock.now()
    address = peer(request, trusted=office.settings.trusted_proxies)
    _slow_down(office.by_address.take(address, now=now))
    session = _session(office, route, request)
    if session is None:
        _slow_down(office.by_door.take(address, now=now))
    else:
        _slow_down(office.by_device.take(session.device, now=now))
    call = Call(
        host=request.headers.get("host", ""),
        session=session,
        parts={name: str(value) for name, value in request.path_params.items()},
        query=_query(route, request),
        message=await _message(office, route, request),
    )
    return encode(await route.answer(office, call))


def peer(request: AnyRequest, *, trusted: tuple[str, ...]) -> str:
    """The network address that asks; a trusted proxy's word is taken for it. Never logged, never stored."""
    address = request.client.host if request.client else ""
    told = request.headers.get("x-forwarded-for")
    if told and address in trusted:
        return told.rpartition(",")[2].strip()
    return address


def _slow_down(wait: int) -> None:
    if wait:
        raise Problem("rate.exceeded", retry_after=wait)


def _session(office: Office, route: Route, request: AnyRequest) -> Session | None:
    given = request.headers.get("authorization")
    if route.session == NONE:
        return None
    if given is None:
        if route.session == NEEDED:
            raise Problem("auth.missing")
        return None
    session = office.sessions.find(given.removeprefix(_BEARER)) if given.startswith(_BEARER) else None
    if session is None:
        raise Problem("auth.session")
    return session


def _query(route: Route, request: AnyRequest) -> dict[str, int]:
    """The whole numbers of the address; unknown, repeated or misspelt ones are refused."""
    asked = list(request.query_params.multi_items())
    names = [name for name, _ in asked]
    declared = {query.name: query for query in route.query}
    if len(set(names)) != len(names) or not set(names) <= set(declared):
        raise Problem("request.query", "unknown or repeated")
    given = dict(asked)
    return {name: _number(query, given.get(name)) for name, query in declared.items()}


def _number(query: Query, text: str | None) -> int:
    if text is None:
        return query.default
    if not (text.isascii() and text.isdigit() and len(text) <= _NUMBER_DIGITS):
        raise Problem("request.query", f"{query.name} is a whole number")
    if not query.least <= int(text) <= query.most:
        raise Problem("request.query", f"{query.name} is from {query.least} to {query.most}")
    return int(text)


async def _message(office: Office, route: Route, request: AnyRequest) -> Any:
    """The decoded message, or None where the route takes none. Raises `Problem`."""
    if route.takes is None:
        return None
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Problem("request.media_type", f"send {MEDIA_TYPE}")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Problem("request.media_type", "send it without content encoding")
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise Problem("request.unreadable", "the length is not a number")
    if len(length) > _NUMBER_DIGITS or int(length) > route.most:
        raise Problem("request.too_large", f"at most {route.most} bytes")
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            data = await _body(request, most=route.most, pause=office.settings.body_seconds)
    except TimeoutError:
        raise Problem("request.slow") from None
    except HTTPException:
        raise Problem("request.unreadable", "it was cut short") from None
    try:
        return decode(data, route.takes)
    except WireBroken:
        raise Problem("request.unreadable", f"it is not one {route.takes.__name__}") from None


async def _body(request: AnyRequest, *, most: int, pause: int) -> bytes:
    """The body, a piece at a time, never more than `most` bytes and never waiting longer than `pause` seconds."""
    pieces: list[bytes] = []
    size = 0
    stream = request.stream()
    while True:
        try:
            piece = await asyncio.wait_for(anext(stream), timeout=pause)
        except StopAsyncIteration:
            return b"".join(pieces)
        size += len(piece)
        if size > most:
            raise Problem("request.too_large", f"at most {most} bytes")
        pieces.append(piece)
