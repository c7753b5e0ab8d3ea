"""What the server answers when it does not do as asked: RFC 9457 problem details, all of one shape."""

from dataclasses import dataclass
from typing import Final

import msgspec


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of refusal: HTTP status and a title in words for whoever reads the reply."""

    status: int
    title: str


KINDS: Final[dict[str, Kind]] = {
    "request.unreadable": Kind(400, "The message is not readable."),
    "request.query": Kind(400, "The address asks for something that it may not, or in a wrong way."),
    "auth.missing": Kind(401, "This needs a session."),
    "auth.session": Kind(401, "The session has ended; open another."),
    "auth.refused": Kind(401, "This proof does not open a session."),
    "auth.revoked": Kind(403, "This device is no longer in good standing."),
    "found.refused": Kind(403, "This founding token is not valid, or no longer."),
    "stream.not_subscribed": Kind(403, "This member does not read this stream."),
    "authority.needed": Kind(403, "Only an authority may do this."),
    "route.unknown": Kind(404, "There is nothing at this address."),
    "stream.unknown": Kind(404, "There is no such stream."),
    "mailbox.unknown": Kind(404, "There is nothing in this mailbox, or no longer."),
    "route.method": Kind(405, "This address does not take this method."),
    "request.slow": Kind(408, "The message did not arrive in time."),
    "found.already": Kind(409, "This agency has been founded already."),
    "roster.moved": Kind(409, "The roster stands elsewhere by now; read it and try again."),
    "mailbox.taken": Kind(409, "There is a letter in this step already."),
    "mailbox.order": Kind(409, "This step comes after another, or cannot be cleared."),
    "mailbox.spent": Kind(409, "This invitation has had its three tries."),
    "request.too_large": Kind(413, "The message is too large."),
    "request.media_type": Kind(415, "The message is of a wrong media type."),
    "auth.host": Kind(421, "The proof names another server."),
    "roster.refused": Kind(422, "An entry may not follow on this roster."),
    "roster.log_key": Kind(422, "The entry names a log key that this server does not hold."),
    "box.refused": Kind(422, "A key box is malformed, or not its sender's to give."),
    "mailbox.lifetime": Kind(422, "A mailbox does not live so long."),
    "rate.exceeded": Kind(429, "Too much was asked in a short time; wait."),
    "server.fault": Kind(500, "Something went wrong in the server."),
    "server.busy": Kind(503, "The server is busy, or its database does not answer; wait."),
    "server.storage_full": Kind(507, "The server's disk is full, or fails."),
    "quota.full": Kind(507, "The agency's room on this server is full."),
}


class Problem(Exception):
    """The reply to a request that is not done. `detail` is harmless; `retry_after` is in seconds."""

    def __init__(self, code: str, detail: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.code].status

    def body(self) -> bytes:
        """The problem details, as JSON; every member is there in every reply."""
        kind = KINDS[self.code]
        return msgspec.json.encode(
            {
                "type": f"urn:advocate:problem:{self.code}",
                "title": kind.title,
                "status": kind.status,
                "code": self.code,
                "detail": self.detail,
            }
        )

    def headers(self) -> dict[str, str]:
        """`Retry-After`, where waiting helps; `WWW-Authenticate`, where a session does."""
        headers = {"Cache-Control": "no-store"}
        if self.status in (429, 503):
            headers["Retry-After"] = str(self.retry_after or 1)
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return headers
