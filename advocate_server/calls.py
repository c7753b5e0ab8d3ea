"""One request as an answer sees it: read, checked, and told apart from the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advocate_app.base.errors import Fault
from advocate_server.problems import Problem
from advocate_server.sessions import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`parts` are the named parts of the path; `query` holds whole numbers; `message` is of the route's type."""

    host: str
    session: Session | None
    parts: Mapping[str, str]
    query: Mapping[str, int]
    message: Any

    def id(self, name: str, *, unknown: str, sizes: tuple[int, ...] = (16,)) -> bytes:
        """An id of the path. Raises the `Problem` of the code `unknown` when it is none."""
        text = self.parts[name]
        if len(text) % 2 or not set(text) <= set("0123456789abcdef") or len(text) // 2 not in sizes:
            raise Problem(unknown)
        return bytes.fromhex(text)


def words(fault: Fault) -> str:
    """What a fault says, with its harmless facts."""
    return str(fault)
