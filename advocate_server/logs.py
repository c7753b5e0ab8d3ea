"""What the server writes down while it runs: routes, codes, times and sizes; no address, id, token or content."""

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

_LOG: Final = logging.getLogger("advocate_server")


def start(*, style: str) -> None:
    """Write one line for each event to standard error: `json` or `plain`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if style == "json" else _Plain())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _LOG.setLevel(logging.INFO)


def event(what: str, **facts: str | int) -> None:
    """Something happened that an administrator may want to know."""
    _LOG.info(what, extra={"facts": facts})


def request(*, route: str, status: int, code: str, ms: int, size: int) -> None:
    """A request was answered."""
    _LOG.info("request", extra={"facts": {"route": route, "status": status, "code": code, "ms": ms, "bytes": size}})


def failure(error: BaseException) -> None:
    """Something went wrong: its kind and where, not what it said, for that may hold what was being stored."""
    frames = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-8:]]
    kinds = [type(each).__name__ for each in (error, error.__cause__ or error.__context__) if each is not None]
    _LOG.error("failure", extra={"facts": {"kind": " < ".join(kinds), "where": " > ".join(frames)}})


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One JSON object."""
        return msgspec.json.encode(_parts(record)).decode("utf-8")


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One line of words."""
        parts = _parts(record)
        rest = " ".join(f"{name}={value}" for name, value in parts.items() if name not in ("at", "level", "event"))
        return f"{parts['at']} {parts['level']} {parts['event']} {rest}".rstrip()


def _parts(record: logging.LogRecord) -> dict[str, Any]:
    at = datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds")
    ours = record.name.startswith("advocate_server")
    what = record.getMessage() if ours else f"{record.name}: {record.msg}"
    return {"at": at, "level": record.levelname.lower(), "event": what, **getattr(record, "facts", {})}
