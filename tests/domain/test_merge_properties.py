"""Merging holds whatever the order and repeats of delivery, and agrees with the naive oracle in every class."""

from copy import deepcopy

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_app.domain.events import Event
from advocate_app.domain.fields import Merge, Record
from advocate_app.domain.merge import ASIDE, State, Status, apply, fold, shown, view
from tests.domain.making import FREEZING, SAMPLE, histories
from tests.domain.oracle import Oracle, identical

RECORDS = pytest.mark.parametrize("record", [SAMPLE, FREEZING], ids=lambda record: record.name)
SETS = (Merge.SET, Merge.READERS)


@RECORDS
@given(events=histories(), data=st.data())
def test_order_and_repeats_of_delivery_do_not_matter(record: Record, events: list[Event], data: st.DataObject) -> None:
    received = data.draw(st.permutations([*events, *events[:3]]))
    assert fold(record, received) == fold(record, events)


@RECORDS
@given(events=histories())
def test_applying_one_by_one_in_position_order_is_folding_at_once(record: Record, events: list[Event]) -> None:
    state: State = {}
    for number, event in enumerate(events, start=1):
        state = apply(record, state, event)
        assert state == fold(record, events[:number])


@RECORDS
@given(events=histories())
def test_a_state_goes_through_msgpack_and_can_be_carried_on(record: Record, events: list[Event]) -> None:
    for split in range(len(events)):
        stored = msgspec.msgpack.decode(msgspec.msgpack.encode(fold(record, events[:split])))
        for event in events[split:]:
            stored = apply(record, stored, event)
        assert view(record, stored) == view(record, fold(record, events))


@RECORDS
@given(events=histories())
def test_folding_and_viewing_change_neither_events_nor_state(record: Record, events: list[Event]) -> None:
    before = deepcopy(events)
    state = fold(record, events)
    held = deepcopy(state)
    view(record, state)
    assert (events, state) == (before, held)


@RECORDS
@given(events=histories())
def test_a_folded_state_is_the_oracles_entry_by_entry(record: Record, events: list[Event]) -> None:
    state = fold(record, events)
    assert identical(
        {number: held for number, held in state.items() if number != ASIDE}, Oracle(record, events).state()
    )


@RECORDS
@given(events=histories())
def test_just_what_the_oracle_leaves_aside_is_left_aside(record: Record, events: list[Event]) -> None:
    aside = view(record, fold(record, events)).aside
    assert set(aside) == Oracle(record, events).aside()
    assert len(set(aside)) == len(aside)


@RECORDS
@given(events=histories())
def test_sets_hold_the_members_that_the_oracle_counts(record: Record, events: list[Event]) -> None:
    oracle, seen = Oracle(record, events), view(record, fold(record, events))
    for register in record.registers.values():
        if register.merge in SETS:
            found = seen.values.get(register.name, [])
            assert set(found) == oracle.members(register)
            assert len(found) == len(set(found))


@RECORDS
@given(events=histories())
def test_shown_values_are_those_that_the_oracle_shows(record: Record, events: list[Event]) -> None:
    oracle, found = Oracle(record, events), shown(record, fold(record, events))
    for register in record.registers.values():
        if register.merge in SETS or not oracle.live(register):
            continue
        wanted = oracle.shown(register)
        if register.group is None:
            assert identical(found[register.number], wanted)
        else:
            assert identical({one.number: found[one.number] for one in register.fields if one.number in found}, wanted)


@RECORDS
@given(events=histories())
def test_conflicts_and_what_they_block_are_those_that_the_oracle_sees(record: Record, events: list[Event]) -> None:
    oracle, seen = Oracle(record, events), view(record, fold(record, events))
    registers = record.registers.values()
    torn = {each.number for each in registers if each.merge is Merge.READERS and oracle.torn(each)}
    apart = {each.number for each in registers if each.merge not in SETS and len(oracle.values(each)) > 1}
    assert {conflict.register for conflict in seen.conflicts} == apart | torn
    for conflict in seen.conflicts:
        register = record.registers[conflict.register]
        if register.group is None and conflict.register in apart:
            assert identical([value.value for value in conflict.values], oracle.values(register))
    undecided = {
        n for n in apart if record.registers[n].merge is Merge.SAFETY and not oracle.safest(record.registers[n])
    }
    assert seen.blocked == undecided | {n for n in apart if record.registers[n].merge is Merge.CONSENT}
    assert seen.exports_blocked == {n for n in apart if record.registers[n].merge in (Merge.IDENTITY, Merge.LEGAL)}
    decided = {record.registers[n].name for n in apart if record.registers[n].merge is Merge.SAFETY} - {
        record.registers[n].name for n in undecided
    }
    assert seen.in_force.keys() == decided


@RECORDS
@given(events=histories())
def test_status_is_what_the_oracle_says(record: Record, events: list[Event]) -> None:
    oracle, seen = Oracle(record, events), view(record, fold(record, events))
    expected = Status.OPEN
    if oracle.filing():
        expected = Status.FILED
    if oracle.ended():
        expected = Status.ENDED
    if oracle.strikes():
        expected = Status.STRUCK
    assert seen.status is expected
