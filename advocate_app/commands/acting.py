"""Who acts: the member whose vault this is, with what the roster says of the agency around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from advocate_app.domain.powers import may_do
from advocate_app.store.event_log import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A group of the roster: its id (16 bytes) and its members' ids."""

    id: bytes
    members: frozenset[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who gives a command, here and now; made anew for each, from the roster as this vault has verified it."""

    author: Author
    agency: bytes
    """Agency id, 16 bytes."""
    groups: Mapping[str, Circle]
    """Group name to group; `agency` and `supervision` are always there."""
    roles: Mapping[bytes, frozenset[str]]
    """Member id to roles, of everyone on the roster now."""
    short_name: str
    """Stands in every client's code: 1 to 6 letters or digits."""

    @property
    def member(self) -> bytes:
        """The acting member's id."""
        return self.author.member

    def may(self, command: str) -> bool:
        """Whether the acting member may give this command (`domain.powers.COMMANDS`)."""
        return may_do(self.author.roles, command)

    def reads(self, *, readers: frozenset[bytes], member: bytes) -> bool:
        """Whether a member is among these readers, in person or through a group."""
        return member in readers or any(one.id in readers and member in one.members for one in self.groups.values())

    def local(self) -> datetime:
        """Wall time where the laptop is."""
        at = datetime.fromtimestamp(self.author.clock.now() / 1000, tz=UTC)
        return (at + timedelta(minutes=self.author.clock.zone())).replace(tzinfo=None)

    def today(self) -> date:
        """The day where the laptop is."""
        return self.local().date()

    def minute(self) -> str:
        """Wall time as a LOCAL_TIME field holds it: "2026-11-24T09:30"."""
        return self.local().strftime("%Y-%m-%dT%H:%M")

    def new_id(self) -> bytes:
        """An id for a record to come."""
        return self.author.ids.next()
