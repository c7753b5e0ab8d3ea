"""When the next sync comes: soon after success, later after each failure, and as the server asks."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from advocate_app.base.errors import Fault
from advocate_app.sync.errors import Attack, Offline, ServerTrouble
from advocate_app.sync.schedule import (
    ATTENTION_S,
    EVERY_S,
    FIRST_RETRY_S,
    LONGEST_RETRY_S,
    LONGEST_WISH_S,
    Between,
    Schedule,
)


def _low(low: float, high: float) -> float:
    return low


def _high(low: float, high: float) -> float:
    return high


def _after(faults: Sequence[Fault | None], *, between: Between) -> tuple[Schedule, float]:
    schedule, wait = Schedule(), 0.0
    for fault in faults:
        schedule, wait = schedule.after(fault, between=between)
    return schedule, wait


@given(st.lists(st.sampled_from(["well", "offline", "attack"]), max_size=40), st.sampled_from([_low, _high]))
def test_no_history_of_rounds_makes_the_wait_vanish_or_grow_without_end(words: list[str], between: Between) -> None:
    faults = {"well": None, "offline": Offline(), "attack": Attack()}
    _, wait = _after([faults[word] for word in words] + [Offline()], between=between)
    assert FIRST_RETRY_S * 0.5 <= wait <= LONGEST_RETRY_S


def test_each_failure_doubles_the_wait_and_a_success_forgets_them() -> None:
    waits = [_after([Offline()] * count, between=_high)[1] for count in range(1, 12)]
    assert waits[:4] == [5, 10, 20, 40]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_RETRY_S
    assert _after([Offline()] * 30 + [None, Offline()], between=_high)[1] == FIRST_RETRY_S


def test_laptops_that_failed_together_do_not_come_back_together() -> None:
    assert _after([Offline()], between=_low)[1] < _after([Offline()], between=_high)[1]
    assert _after([None], between=_low)[1] < EVERY_S < _after([None], between=_high)[1]


def test_what_a_person_must_look_at_is_not_hammered() -> None:
    schedule, wait = _after([Attack()], between=_low)
    assert schedule.failures == 0
    assert wait >= ATTENTION_S * 0.8


@given(st.integers(0, 10**12))
def test_a_servers_wish_is_heard_up_to_a_bound(wish: int) -> None:
    _, wait = _after([ServerTrouble(retry_after=wish)], between=_low)
    assert wait >= min(wish, LONGEST_WISH_S)
    assert wait <= max(LONGEST_WISH_S, FIRST_RETRY_S)
