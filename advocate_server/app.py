"""The web application: one handler for each declared route, one for every refusal, and the signs of life."""

import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

from litestar import HttpMethod, Litestar, Request, Response, route
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from advocate_app.wire.api import MEDIA_TYPE, PROBLEM_TYPE
from advocate_server import logs
from advocate_server.edge import answer
from advocate_server.office import Office
from advocate_server.openapi import document
from advocate_server.problems import Problem
from advocate_server.routes import ROUTES, Route
from advocate_server.store import agencies, migrating

_JSON: Final = "application/json"
_FULL: Final = ("disk is full", "disk i/o error", "no space left", "could not extend", "disk quota")


def build(office: Office) -> Litestar:
    """The application over one office."""
    described = document()
    return Litestar(
        route_handlers=[
            *(_served(office, each) for each in ROUTES),
            _plain("/healthz", _alive),
            _plain("/readyz", lambda: _ready(office)),
            _plain("/openapi.json", lambda: _described(described)),
        ],
        exception_handlers={Exception: _refuse},
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
        on_shutdown=[office.close],
    )


def _served(office: Office, each: Route) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        began = time.perf_counter()
        status, code, size = 200, "", 0
        try:
            body = await answer(office, each, request)
            size = len(body)
            return Response(content=body, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
        except Exception as error:  # noqa: BLE001  told in a reply and a log line, both without what it was about
            problem = _problem(error)
            status, code = problem.status, problem.code
            return _reply(problem)
        finally:
            logs.request(route=each.name, status=status, code=code, ms=_since(began), size=size)

    return route(each.path, http_method=HttpMethod(each.method), status_code=200)(handle)


def _plain(path: str, told: Callable[[], Awaitable[Response[bytes]]]) -> HTTPRouteHandler:
    async def handle() -> Response[bytes]:
        return await told()

    return route(path, http_method=HttpMethod.GET, status_code=200)(handle)


async def _alive() -> Response[bytes]:
    return Response(content=b'{"status":"ok"}', media_type=_JSON)


async def _ready(office: Office) -> Response[bytes]:
    """Whether the database answers and has taken every step."""
    try:
        step = await office.read(_step)
    except Exception as error:  # noqa: BLE001  whatever keeps the database from answering, the server is not ready
        logs.failure(error)
        return Response(content=b'{"status":"database"}', media_type=_JSON, status_code=503)
    if step != migrating.newest():
        return Response(content=b'{"status":"migrations"}', media_type=_JSON, status_code=503)
    return Response(content=b'{"status":"ok"}', media_type=_JSON)


def _step(tx: Connection) -> str | None:
    tx.execute(agencies.COUNT)
    return migrating.current(tx)


async def _described(described: bytes) -> Response[bytes]:
    return Response(content=described, media_type=_JSON)


def _refuse(_request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The reply to what reached no handler."""
    return _reply(_problem(error))


def _problem(error: Exception) -> Problem:
    """The refusal that an exception amounts to; what is our own fault is logged, without what it was about."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return Problem("route.method" if error.status_code == 405 else "route.unknown")
    logs.failure(error)
    if any(sign in str(each).lower() for each in _chain(error) for sign in _FULL):
        return Problem("server.storage_full")
    if isinstance(error, OperationalError):
        return Problem("server.busy", retry_after=5)
    return Problem("server.fault")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """What a database said, and what led to it: after a full disk, even the rollback may have failed."""
    while error is not None:
        if isinstance(error, DBAPIError):
            yield error.orig or error
        error = error.__cause__ or error.__context__


def _reply(problem: Problem) -> Response[bytes]:
    return Response(
        content=problem.body(), media_type=PROBLEM_TYPE, status_code=problem.status, headers=problem.headers()
    )


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
