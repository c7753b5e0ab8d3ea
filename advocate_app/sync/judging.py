"""What may be believed of events: powers at the roster their author cites, and what was taken away since."""

from collections.abc import Iterable
from dataclasses import dataclass

from advocate_app.domain.powers import may
from advocate_app.store.event_rows import EventState
from advocate_app.wire.roster_state import RosterState


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the events of one envelope; a function of log and roster alone, the same on every laptop."""

    then: frozenset[str]
    """The author's roles at the roster size that the envelope cites."""
    later: frozenset[str]
    """The author's roles at the size that the server stamped it with."""
    cut: bool
    """Whether the envelope stands beyond the cutoff of a removed device."""

    def state_of(self, *, record_type: int, verb: int) -> EventState:
        """Refused where the author lacked the power; for admission where it was taken away in between."""
        if not may(self.then, record_type=record_type, verb=verb):
            return EventState.REFUSED
        if self.cut or (self.later != self.then and not may(self.later, record_type=record_type, verb=verb)):
            return EventState.ADMISSION
        return EventState.APPLIED

    def states_of(self, kinds: Iterable[tuple[int, int]]) -> list[int] | int:
        """The state of each event, given as (record type, verb); one for all where they agree."""
        asked = list(kinds)
        known = {kind: int(self.state_of(record_type=kind[0], verb=kind[1])) for kind in set(asked)}
        states = set(known.values())
        return states.pop() if len(states) == 1 else [known[kind] for kind in asked]


def judge_of(*, state: RosterState, device: bytes, stream: bytes, log_index: int, cited: int, stamped: int) -> Judge:
    """The judge of what a device sealed at this place of a stream's log, citing and stamped with these roster sizes."""
    known = state.devices.get(device)
    return Judge(
        then=state.roles_of_device(device=device, size=cited),
        later=state.roles_of_device(device=device, size=stamped),
        cut=known is not None and log_index > known.cutoffs.get(stream, log_index),
    )
