"""The whole invention: clients who come one after the other, their work woven together in time, as one stream."""

import heapq
from collections.abc import Iterator
from itertools import islice
from typing import Final

from advocate_app.sample.chance import Chance
from advocate_app.sample.lives import DAY, Counters, Life, hotline
from advocate_app.sample.writing import SampleEvent, Writing

START: Final = 1_704_207_600_000
"""2 January 2024, 8 in the morning in New Mexico: the first day of the corpus."""
MEMBERS: Final = 12
_ARRIVALS: Final = 4
"""Clients who come on one day."""
_BETWEEN: Final = 2 * 3_600_000


class Corpus:
    """Invented work of a task force. The same seed, members and clients give the same events."""

    def __init__(self, *, seed: int = 1, clients: int | None = None, members: int = MEMBERS) -> None:
        """Of so many clients, or of as many as are asked for."""
        self._chance = Chance(seed)
        self._desk = Writing(seed=seed, start=START, members=members)
        self._clients = clients
        self.members = self._desk.members
        """Member ids, of which `SampleEvent.author` is the index."""

    def events(self) -> Iterator[SampleEvent]:
        """Every event, in the order in which it was recorded. To be read once."""
        desk, chance, counters = self._desk, self._chance, Counters()
        came = 0
        waiting: list[tuple[int, int, Iterator[int]]] = []
        calls = hotline(chance, desk=desk, counters=counters)
        heapq.heappush(waiting, (START, 0, calls))
        while waiting:
            due = START + came // _ARRIVALS * DAY + came % _ARRIVALS * _BETWEEN
            if (self._clients is None or came < self._clients) and due <= waiting[0][0]:
                desk.move_to(due)
                came += 1
                heapq.heappush(waiting, (due, came, Life(chance, desk=desk, counters=counters).lived()))
                continue
            at, number, life = heapq.heappop(waiting)
            desk.move_to(at)
            wait = next(life, None)
            yield from desk.take()
            if wait is not None and (number or came != self._clients):
                heapq.heappush(waiting, (at + wait, number, life))


def stream(count: int, *, seed: int = 1, members: int = MEMBERS) -> list[SampleEvent]:
    """The first `count` events of a corpus that never ends: about 45 a client, several a record."""
    return list(islice(Corpus(seed=seed, members=members).events(), count))
