"""What may be believed of a colleague's events: powers at the roster their author cites."""

from collections.abc import Sequence

from advocate_app.domain.powers import may
from advocate_app.store.event_rows import EventState
from advocate_app.wire.events import SealedEvent
from advocate_app.wire.roster_state import RosterState


def judge(
    *,
    state: RosterState,
    device: bytes,
    stream: bytes,
    log_index: int,
    cited: int,
    stamped: int,
    events: Sequence[SealedEvent],
) -> list[int] | int:
    """The state of each event, or one for all: a function of log and roster alone.

    Refused where the author lacked the power at the roster size the envelope cites. For admission where an entry
    between the cited and the stamped size took the power away, or the place lies beyond the device's cutoff.
    """
    then = state.roles_of_device(device=device, size=cited)
    later = state.roles_of_device(device=device, size=stamped)
    known = state.devices.get(device)
    cut = known is not None and log_index > known.cutoffs.get(stream, log_index)
    verdicts: dict[tuple[int, int], int] = {}
    for event in events:
        key = (event.record_type, event.verb)
        if key not in verdicts:
            verdicts[key] = _verdict(then=then, later=later, cut=cut, record_type=key[0], verb=key[1])
    outcomes = set(verdicts.values())
    if len(outcomes) == 1:
        return outcomes.pop()
    return [verdicts[event.record_type, event.verb] for event in events]


def _verdict(*, then: frozenset[str], later: frozenset[str], cut: bool, record_type: int, verb: int) -> int:
    if not may(then, record_type=record_type, verb=verb):
        return EventState.REFUSED
    if cut or (later != then and not may(later, record_type=record_type, verb=verb)):
        return EventState.ADMISSION
    return EventState.APPLIED
