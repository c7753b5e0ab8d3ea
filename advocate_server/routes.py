"""Every address of the server: what it takes, what it gives, how it may refuse. The edge and OpenAPI follow from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from advocate_app.wire import api
from advocate_server.answers import auth, boxes, log, mailbox, meta, push, roster
from advocate_server.calls import Call
from advocate_server.office import Office
from advocate_server.problems import KINDS

NEEDED: Final = "needed"
NONE: Final = "none"
OPTIONAL: Final = "optional"
SMALL: Final = 16 * 1024
SLACK: Final = 64 * 1024
MOST: Final = 2**63 - 1
ANYWHERE: Final = ("server.fault", "server.busy", "server.storage_full")
"""Refusals that any route may give and that none is the cause of."""

Answer = Callable[[Office, Call], Awaitable[msgspec.Struct]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A whole number in the address."""

    name: str
    default: int
    least: int
    most: int
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address and method. `most` is the largest message in bytes; `refuses` are codes of `problems.KINDS`."""

    name: str
    method: str
    path: str
    summary: str
    answer: Answer
    gives: type[msgspec.Struct]
    takes: type[msgspec.Struct] | None = None
    most: int = 0
    session: str = NEEDED
    query: tuple[Query, ...] = ()
    refuses: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that this route itself may refuse with."""
        message = ("request.unreadable", "request.slow", "request.too_large", "request.media_type")
        named = ("request.query", "rate.exceeded", *(message if self.takes else ()))
        session = {
            NEEDED: ("auth.missing", "auth.session", "auth.revoked"),
            OPTIONAL: ("auth.session", "auth.revoked"),
            NONE: (),
        }[self.session]
        return tuple(dict.fromkeys((*named, *session, *self.refuses)))

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every HTTP status that this route itself may answer with, 200 first."""
        return (200, *sorted({KINDS[code].status for code in self.codes}))


def _large(limit: int) -> int:
    return limit + SLACK


_MAILBOX: Final = "/v1/mailbox/{mailbox:str}/{step:str}"
_STREAM: Final = "/v1/streams/{stream:str}"
_AUTHORITY: Final = ("auth.missing", "authority.needed")

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        name="meta",
        method="GET",
        path="/v1/meta",
        summary="Program, version, suites and time of this server.",
        answer=meta.meta,
        gives=api.Meta,
        session=NONE,
    ),
    Route(
        name="auth.challenge",
        method="POST",
        path="/v1/auth/challenge",
        summary="A nonce for a device to sign.",
        answer=auth.challenge,
        takes=api.Challenge,
        gives=api.Nonce,
        most=SMALL,
        session=NONE,
    ),
    Route(
        name="auth.session",
        method="POST",
        path="/v1/auth/session",
        summary="A session of a quarter of an hour for a signed nonce.",
        answer=auth.session,
        takes=api.Proof,
        gives=api.Session,
        most=SMALL,
        session=NONE,
        refuses=("auth.refused", "auth.host", "auth.revoked"),
    ),
    Route(
        name="found",
        method="POST",
        path="/v1/found",
        summary="Found an agency under a one-time founding token.",
        answer=roster.found,
        takes=api.Found,
        gives=api.RosterPlace,
        most=2**20,
        session=NONE,
        refuses=(
            "found.refused",
            "found.already",
            "roster.refused",
            "roster.log_key",
            "box.refused",
            "quota.full",
        ),
    ),
    Route(
        name="roster.read",
        method="GET",
        path="/v1/roster",
        summary="Roster entries from a place on.",
        answer=roster.read,
        gives=api.RosterPage,
        query=(Query(name="from", default=0, least=0, most=2**31 - 1, meaning="index of the first entry"),),
    ),
    Route(
        name="roster.append",
        method="POST",
        path="/v1/roster",
        summary="Append roster entries and their boxes, by compare-and-swap.",
        answer=roster.append,
        takes=api.RosterAppend,
        gives=api.RosterPlace,
        most=_large(api.MAX_BATCH_BYTES),
        refuses=("roster.moved", "roster.refused", "roster.log_key", "box.refused", "quota.full"),
    ),
    Route(
        name="log.page",
        method="GET",
        path=f"{_STREAM}/log",
        summary="A page of a stream's log, for its subscribers.",
        answer=log.page,
        gives=api.LogPage,
        query=(
            Query(name="from", default=1, least=1, most=MOST, meaning="index of the first item, from 1"),
            Query(
                name="max_bytes",
                default=2**20,
                least=1,
                most=api.MAX_PAGE_BYTES,
                meaning="most bytes of envelopes; one item comes in any case",
            ),
        ),
        refuses=("stream.unknown", "stream.not_subscribed"),
    ),
    Route(
        name="log.push",
        method="POST",
        path=f"{_STREAM}/envelopes",
        summary="Append envelopes to a stream's log; each has its own result.",
        answer=push.push,
        takes=api.Push,
        gives=api.PushResults,
        most=_large(api.MAX_BATCH_BYTES),
        refuses=("stream.unknown", "stream.not_subscribed", "quota.full"),
    ),
    Route(
        name="log.heads",
        method="GET",
        path=f"{_STREAM}/heads",
        summary="How far a stream stands, and each device's newest envelope.",
        answer=log.heads,
        gives=api.Heads,
        refuses=("stream.unknown", "stream.not_subscribed"),
    ),
    Route(
        name="boxes.read",
        method="GET",
        path="/v1/keyboxes",
        summary="Key boxes for the asking device, its member and that member's groups.",
        answer=boxes.boxes,
        gives=api.Boxes,
        query=(Query(name="after", default=0, least=0, most=MOST, meaning="number of the last box already read"),),
    ),
    Route(
        name="boxes.post",
        method="POST",
        path="/v1/keyboxes",
        summary="Further key boxes, all or none.",
        answer=boxes.post,
        takes=api.BoxesPost,
        gives=api.Done,
        most=_large(api.MAX_BATCH_BYTES),
        refuses=("box.refused", "quota.full"),
    ),
    Route(
        name="mailbox.put",
        method="PUT",
        path=_MAILBOX,
        summary="Put a letter into a step of a mailbox; steps 1 and 3 are for an authority.",
        answer=mailbox.put,
        takes=api.LetterPost,
        gives=api.Done,
        most=api.MAX_MAILBOX + 1024,
        session=OPTIONAL,
        refuses=(
            *_AUTHORITY,
            "mailbox.unknown",
            "mailbox.taken",
            "mailbox.order",
            "mailbox.spent",
            "mailbox.lifetime",
        ),
    ),
    Route(
        name="mailbox.get",
        method="GET",
        path=_MAILBOX,
        summary="What lies in a step of a mailbox; step 2 is for an authority.",
        answer=mailbox.get,
        gives=api.Letter,
        session=OPTIONAL,
        refuses=(*_AUTHORITY, "mailbox.unknown"),
    ),
    Route(
        name="mailbox.clear",
        method="DELETE",
        path=_MAILBOX,
        summary="Clear step 2 for another try, or take back the invitation (step 1).",
        answer=mailbox.clear,
        gives=api.Done,
        refuses=("authority.needed", "mailbox.unknown", "mailbox.order"),
    ),
)
