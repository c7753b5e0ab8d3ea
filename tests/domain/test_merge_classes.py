"""Each merge class, told as a story."""

from typing import Any

import pytest

from advocate_app.domain.events import Event
from advocate_app.domain.fields import Record
from advocate_app.domain.merge import RecordView, Status, fold, view
from advocate_app.domain.verbs import Verb
from tests.domain.making import FREEZING, SAMPLE, X, Y, event


def seen(*events: Event, record: Record = SAMPLE) -> RecordView:
    return view(record, fold(record, events))


def live(name: str, *events: Event, record: Record = SAMPLE) -> list[tuple[Any, tuple[int, ...]]]:
    found = [conflict for conflict in seen(*events, record=record).conflicts if conflict.name == name]
    return [(value.value, value.events) for conflict in found for value in conflict.values]


def test_a_write_replaces_what_its_author_saw() -> None:
    shown = seen(event(1, {"plain": "old"}), event(2, {"plain": "new"}, over={"plain": [1]}))
    assert shown.values["plain"] == "new"
    assert shown.conflicts == ()


def test_writes_that_did_not_see_each_other_are_both_kept_and_the_latest_logged_is_shown() -> None:
    events = (
        event(1, {"plain": "old"}),
        event(2, {"plain": "hers"}, over={"plain": [1]}),
        event(3, {"plain": "his"}, over={"plain": [1]}),
    )
    assert seen(*events).values["plain"] == "his"
    assert live("plain", *events) == [("hers", (2,)), ("his", (3,))]
    assert seen(*events).blocked == frozenset()


def test_own_earlier_writes_are_replaced_only_when_named() -> None:
    assert live("plain", event(1, {"plain": "a"}), event(2, {"plain": "b"})) == [("a", (1,)), ("b", (2,))]


def test_equal_values_are_no_conflict() -> None:
    events = (event(1, {"plain": "same"}), event(2, {"plain": "same"}))
    assert seen(*events).conflicts == ()


def test_true_and_one_are_different_values() -> None:
    assert len(live("plain", event(1, {"plain": True}), event(2, {"plain": 1}))) == 2


def test_a_value_nested_a_thousand_deep_is_compared_like_any_other() -> None:
    def nested(levels: int, inmost: object) -> object:
        for _ in range(levels):
            inmost = [inmost]
        return inmost

    events = (
        event(1, {"plain": nested(5_000, 1)}),
        event(2, {"plain": "hers"}),
        event(3, {"plain": nested(3, {1: 2})}),
    )
    assert len(fold(SAMPLE, events)[1]) == 3
    assert len(seen(*events).conflicts[0].values) == 3


def test_emptying_a_field_beside_a_change_is_a_conflict() -> None:
    events = (
        event(1, {"plain": "old"}),
        event(2, {"plain": None}, over={"plain": [1]}),
        event(3, {"plain": "new"}, over={"plain": [1]}),
    )
    assert live("plain", *events) == [(None, (2,)), ("new", (3,))]


def test_a_name_that_does_not_stand_earlier_is_ignored() -> None:
    """An event cannot replace what was logged after it, nor itself, nor what does not exist."""
    events = (event(1, {"plain": "a"}, over={"plain": [1, 2, 77]}), event(2, {"plain": "b"}))
    assert live("plain", *events) == [("a", (1,)), ("b", (2,))]


def test_an_unlogged_write_stands_at_the_end_of_the_log() -> None:
    logged = event(1, {"plain": "logged"}, at=900)
    unlogged = Event(**{**_fields(event(2, {"plain": "typed here"})), "position": (1, 0, 2)})
    assert seen(unlogged, logged).values["plain"] == "typed here"


def test_a_further_write_over_both_resolves_a_conflict() -> None:
    events = (
        event(1, {"plain": "hers"}),
        event(2, {"plain": "his"}),
        event(3, {"plain": "agreed"}, over={"plain": [1, 2]}),
    )
    assert seen(*events).values["plain"] == "agreed"
    assert seen(*events).conflicts == ()


def test_the_most_protective_value_is_in_force_until_a_safety_conflict_is_resolved() -> None:
    shown = seen(event(1, {"safe": "no"}), event(2, {"safe": "yes"}), event(3, {"safe": "unsure"}))
    assert shown.in_force == {"safe": "no"}
    assert shown.values["safe"] == "no"
    assert shown.blocked == frozenset()
    assert len(shown.conflicts[0].values) == 3


def test_an_emptied_safety_field_takes_its_declared_place_in_the_order() -> None:
    shown = seen(event(1, {"safe": "yes"}), event(2, {"safe": None}))
    assert shown.in_force == {"safe": None}


def test_a_safety_value_outside_the_order_blocks_use() -> None:
    shown = seen(event(1, {"safe": "yes"}), event(2, {"safe": "perhaps"}))
    assert shown.blocked == {SAMPLE.field("safe").number}
    assert shown.in_force == {}


def test_without_an_order_a_safety_conflict_blocks_use() -> None:
    shown = seen(event(1, {"safe_unordered": "weekdays"}), event(2, {"safe_unordered": "nights"}))
    assert shown.blocked == {SAMPLE.field("safe_unordered").number}
    assert shown.values["safe_unordered"] == "nights"


def test_a_group_is_one_register_and_is_replaced_whole() -> None:
    shown = seen(
        event(1, {"number": "555-0100", "message": "yes"}),
        event(2, {"number": "555-0199"}, over={"calling": [1]}),
    )
    assert shown.values == {"number": "555-0199"}


def test_of_one_method_with_different_marks_the_safer_marks_are_in_force() -> None:
    shown = seen(
        event(1, {"number": "555-0100", "message": "no", "shared": "yes"}),
        event(2, {"number": "555-0100", "message": "yes", "shared": "no"}),
    )
    assert shown.in_force == {"calling": {"number": "555-0100", "message": "no", "shared": "yes"}}
    assert shown.values["message"] == "no"


def test_marks_that_are_each_safer_in_one_way_block_the_method() -> None:
    shown = seen(
        event(1, {"number": "555-0100", "message": "no", "shared": "no"}),
        event(2, {"number": "555-0100", "message": "yes", "shared": "yes"}),
    )
    assert shown.blocked == {SAMPLE.register_of("calling").number}


def test_a_mark_that_the_groups_order_does_not_name_must_be_equal() -> None:
    shown = seen(
        event(1, {"number": "555-0100", "texting": "no"}),
        event(2, {"number": "555-0100", "texting": "yes"}),
    )
    assert shown.blocked == {SAMPLE.register_of("calling").number}


def test_two_different_numbers_block_the_method_however_safe_their_marks() -> None:
    """A safe mark of one number says nothing of the other, which the abuser may hold."""
    shown = seen(
        event(1, {"number": "555-0100", "message": "no"}),
        event(2, {"number": "555-0199", "message": "yes"}),
    )
    assert shown.blocked == {SAMPLE.register_of("calling").number}


@pytest.mark.parametrize("name", ["name", "court_date"])
def test_a_conflict_of_identity_or_law_shows_both_and_blocks_exports(name: str) -> None:
    events = (event(1, {name: "2026-01"}), event(2, {name: "2026-02"}))
    assert live(name, *events) == [("2026-01", (1,)), ("2026-02", (2,))]
    assert seen(*events).exports_blocked == {SAMPLE.field(name).number}
    assert seen(*events).blocked == frozenset()


def test_terms_of_consent_are_never_replaced_and_differing_terms_suspend_sharing() -> None:
    events = (event(1, {"terms": "address"}), event(2, {"terms": "all"}, over={"terms": [1]}))
    assert seen(*events).values["terms"] == "address"
    assert live("terms", *events) == [("address", (1,)), ("all", (2,))]
    assert seen(*events).blocked == {SAMPLE.field("terms").number}


def test_revoking_beats_all_and_cannot_be_taken_back() -> None:
    shown = seen(
        event(1, {"terms": "address"}),
        event(2, {"revoked": "2026-11-24"}),
        event(3, {"revoked": None}, over={"revoked": [2]}),
        event(4, {"terms": "all"}),
    )
    assert shown.status is Status.ENDED


def test_additions_and_removals_of_different_members_of_a_set_all_hold() -> None:
    shown = seen(
        event(1, {"tags": ["a", "b"]}),
        event(2, {"tags": {"remove": ["a"]}}, over={"tags": [1]}),
        event(3, {"tags": {"remove": ["b"]}}, over={"tags": [1]}),
        event(4, {"tags": ["c"]}),
    )
    assert shown.values["tags"] == ["c"]
    assert shown.conflicts == ()


def test_an_addition_wins_over_a_removal_that_did_not_see_it() -> None:
    shown = seen(
        event(1, {"tags": ["a"]}),
        event(2, {"tags": ["a"]}),
        event(3, {"tags": {"remove": ["a"]}}, over={"tags": [1]}),
    )
    assert shown.values["tags"] == ["a"]


def test_the_first_write_of_an_immutable_field_stands_and_others_are_left_aside() -> None:
    shown = seen(event(1, {"code": "NM-1"}), event(2, {"code": "NM-2"}, over={"code": [1]}))
    assert shown.values["code"] == "NM-1"
    assert shown.aside == ((2, SAMPLE.field("code").number),)


def test_an_equal_write_to_an_immutable_field_is_no_matter() -> None:
    assert seen(event(1, {"code": "NM-1"}), event(2, {"code": "NM-1"})).aside == ()


def test_a_removal_of_a_reader_wins_over_an_addition_that_did_not_see_it() -> None:
    events = (
        event(1, {"readers": [X]}),
        event(2, {"readers": {"remove": [X]}}, over={"readers": [1]}),
        event(3, {"readers": [X]}),
    )
    assert seen(*events).values["readers"] == []
    assert live("readers", *events) == [({"add": [X]}, (3,)), ({"remove": [X]}, (2,))]


def test_only_a_supervisors_decision_lets_a_removed_reader_back_in() -> None:
    before = (event(1, {"readers": [X, Y]}), event(2, {"readers": {"remove": [X]}}, over={"readers": [1]}))
    plainly = event(3, {"readers": [X]}, over={"readers": [2]})
    decided = event(3, {"readers": [X]}, over={"readers": [2]}, verb=Verb.READERS)
    assert seen(*before, plainly).values["readers"] == [Y]
    assert seen(*before, decided).values["readers"] == [Y, X]
    assert seen(*before, decided).conflicts == ()


def test_a_supervisor_may_also_decide_that_the_removal_stands() -> None:
    events = (
        event(1, {"readers": [X]}),
        event(2, {"readers": {"remove": [X]}}),
        event(3, {"readers": {"remove": [X]}}, over={"readers": [1, 2]}, verb=Verb.READERS),
    )
    assert "readers" not in seen(*events).values
    assert seen(*events).conflicts == ()


def test_a_decided_removal_takes_the_place_of_the_one_it_decides() -> None:
    events = (
        event(1, {"readers": [X]}),
        event(2, {"readers": {"remove": [X]}}),
        event(3, {"readers": {"remove": [X]}}, over={"readers": [1, 2]}, verb=Verb.READERS),
        event(4, {"readers": [X]}, over={"readers": [3]}, verb=Verb.READERS),
    )
    assert seen(*events).values["readers"] == [X]


def test_until_filed_a_record_that_freezes_is_plain() -> None:
    events = (event(1, {"plain": "a"}), event(2, {"plain": "b"}))
    assert len(live("plain", *events, record=FREEZING)) == 2


def test_what_a_filing_states_is_the_content_and_an_edit_it_did_not_see_is_left_aside() -> None:
    shown = seen(
        event(1, {"plain": "draft", "tags": ["a"]}),
        event(2, {"plain": "beside", "tags": ["b"]}, over={"plain": [1]}),
        event(3, {"plain": "signed", "tags": ["a"]}, over={"plain": [1], "tags": [1]}, verb=Verb.FILE),
        record=FREEZING,
    )
    assert shown.values == {"plain": "signed", "tags": ["a"]}
    assert shown.status is Status.FILED
    assert shown.conflicts == ()
    assert shown.aside == ((2, 1), (2, 6))


def test_an_unseen_addition_that_the_filing_states_anyway_is_not_left_aside() -> None:
    shown = seen(
        event(1, {"tags": ["b"]}),
        event(2, {"tags": ["a"]}),
        event(3, {"tags": ["a", "b"]}, over={"tags": [1]}, verb=Verb.FILE),
        record=FREEZING,
    )
    assert (shown.values["tags"], shown.aside) == (["a", "b"], ())


def test_an_edit_logged_after_the_filing_is_left_aside_whole() -> None:
    shown = seen(
        event(1, {"plain": "signed"}, verb=Verb.FILE),
        event(2, {"plain": "late"}, over={"plain": [1]}),
        record=FREEZING,
    )
    assert shown.values["plain"] == "signed"
    assert shown.aside == ((2, 0),)


def test_a_filed_record_is_changed_by_an_amendment() -> None:
    shown = seen(
        event(1, {"plain": "signed"}, verb=Verb.FILE),
        event(2, {"plain": "put right"}, over={"plain": [1]}, verb=Verb.AMEND, reason="wrong date"),
        record=FREEZING,
    )
    assert shown.values["plain"] == "put right"
    assert shown.filed_by == 1


def test_a_second_filing_changes_nothing() -> None:
    shown = seen(
        event(1, {"plain": "first"}, verb=Verb.FILE),
        event(2, {"plain": "second"}, over={"plain": [1]}, verb=Verb.FILE),
        record=FREEZING,
    )
    assert (shown.values["plain"], shown.filed_by) == ("first", 1)


def test_a_record_that_does_not_freeze_is_edited_on_after_filing() -> None:
    shown = seen(event(1, {"plain": "a"}, verb=Verb.FILE), event(2, {"plain": "b"}, over={"plain": [1]}))
    assert (shown.values["plain"], shown.status) == ("b", Status.FILED)


def test_a_strike_holds_until_a_restore_names_it() -> None:
    struck = (event(1, {"plain": "a"}), event(2, verb=Verb.STRIKE, reason="wrong client"))
    again = event(3, verb=Verb.STRIKE, reason="wrong client, too")
    restored = event(4, over={"record": [2]}, verb=Verb.RESTORE, reason="right after all")
    assert seen(*struck).status is Status.STRUCK
    assert seen(*struck, restored).status is Status.OPEN
    assert seen(*struck, again, restored).status is Status.STRUCK
    assert seen(*struck, again, restored).strikes == (3,)


def test_a_field_kept_for_certain_verbs_is_written_by_no_other() -> None:
    events = (event(1, {"decision": "approved"}), event(2, {"decision": "returned"}, verb=Verb.RETURN))
    assert seen(events[0]).values == {}
    assert seen(*events).values == {"decision": "returned"}


def _fields(made: Event) -> dict[str, Any]:
    return {name: getattr(made, name) for name in Event.__dataclass_fields__}
