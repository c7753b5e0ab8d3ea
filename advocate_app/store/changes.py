"""What a transaction changed, in words that a screen can ask about without looking at a record."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class Topic(StrEnum):
    """What a screen may show. The value travels from the worker to the window."""

    CLIENTS = "clients"
    SAFE_CONTACTS = "safe_contacts"
    CONTACTS = "contacts"
    CASES = "cases"
    SERVICES = "services"
    TASKS = "tasks"
    NOTES = "notes"
    REVIEWS = "reviews"
    READERS = "readers"
    """Who reads which compartment."""
    ADMISSION = "admission"
    """What waits for a supervisor to let it in, and what she decided."""
    WAITING = "waiting"
    """What is recorded here and not yet on the server."""
    NEWER = "newer"
    """What waits for a newer program."""
    OTHER = "other"
    """A record type that has no topic of its own."""


TOPIC_OF_RECORD: Final[dict[str, Topic]] = {
    "client": Topic.CLIENTS,
    "safe_contact": Topic.SAFE_CONTACTS,
    "contact": Topic.CONTACTS,
    "case": Topic.CASES,
    "service": Topic.SERVICES,
    "task": Topic.TASKS,
    "note": Topic.NOTES,
    "review": Topic.REVIEWS,
    "readers": Topic.READERS,
    "admit": Topic.ADMISSION,
}
"""Record type name to its topic."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What one or more transactions touched. Add them up with `|`."""

    topics: frozenset[Topic] = frozenset()
    clients: frozenset[bytes] = frozenset()
    """Ids (16 bytes) of the clients whose records were touched."""
    records: frozenset[bytes] = frozenset()
    """Ids (16 bytes) of the records that were touched."""

    def touch(self, *topics: Topic) -> bool:
        """Whether any of these topics is among what changed."""
        return not self.topics.isdisjoint(topics)

    def __or__(self, other: Self) -> "Changes":
        return Changes(
            topics=self.topics | other.topics,
            # Page after page is added up: what one side has nothing of is not copied.
            clients=self.clients | other.clients if self.clients and other.clients else self.clients or other.clients,
            records=self.records | other.records if self.records and other.records else self.records or other.records,
        )

    def __bool__(self) -> bool:
        return bool(self.topics)


NOTHING: Final = Changes()
"""No change at all."""
