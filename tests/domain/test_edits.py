"""An edit says just what is needed to bring a record to what a person wants."""

from hypothesis import given
from hypothesis import strategies as st

from advocate_app.domain.edits import Edit, edit, filing, readers_change, restoring
from advocate_app.domain.events import Event
from advocate_app.domain.merge import State, Status, apply, fold, view
from advocate_app.domain.records import by_name
from advocate_app.domain.verbs import Verb
from tests.domain.making import FREEZING, SAMPLE, X, Y, event, histories, made

READERS = by_name["readers"]


WANTED = st.fixed_dictionaries(
    {},
    optional={
        "plain": st.sampled_from(["u", "w", None]),
        "safe": st.sampled_from(["no", "yes", None]),
        "name": st.sampled_from(["u", "w"]),
        "tags": st.lists(st.sampled_from(["a", "b", "d"]), unique=True),
        "number": st.sampled_from(["1", "2"]),
        "message": st.sampled_from(["no", "yes"]),
    },
)


@given(events=histories(), wanted=WANTED)
def test_after_an_edit_the_record_shows_what_was_wanted_and_no_conflict_about_it(
    events: list[Event], wanted: dict[str, object]
) -> None:
    seen = fold(SAMPLE, events)
    after = view(SAMPLE, apply(SAMPLE, fold(SAMPLE, events), made(edit(SAMPLE, seen=seen, wanted=wanted))))
    for name, value in wanted.items():
        shown = after.values.get(name)
        assert (sorted(shown or []), sorted(value or [])) if name == "tags" else shown == value
        assert SAMPLE.register_of(name).name not in {conflict.name for conflict in after.conflicts}


def test_what_stands_already_is_not_written_again() -> None:
    state = fold(SAMPLE, [event(1, {"plain": "a", "tags": ["x"], "number": "1"})])
    assert not edit(SAMPLE, seen=state, wanted={"plain": "a", "tags": ["x"], "number": "1"})


def test_choosing_one_side_of_a_conflict_writes_over_both() -> None:
    state = fold(SAMPLE, [event(1, {"plain": "a"}), event(2, {"plain": "b"})])
    assert edit(SAMPLE, seen=state, wanted={"plain": "b"}) == Edit(fields={1: "b"}, over={1: (1, 2)})


def test_changing_one_field_of_a_group_writes_the_group_whole() -> None:
    state = fold(SAMPLE, [event(1, {"number": "1", "message": "no"})])
    change = edit(SAMPLE, seen=state, wanted={"message": "yes"})
    assert change == Edit(fields={11: "1", 12: "yes"}, over={200: (1,)})


def test_a_group_is_emptied_by_emptying_its_last_field() -> None:
    state = fold(SAMPLE, [event(1, {"number": "1"})])
    change = edit(SAMPLE, seen=state, wanted={"number": None})
    assert change == Edit(fields={11: None}, over={200: (1,)})
    assert view(SAMPLE, apply(SAMPLE, state, made(change))).values == {}


def test_taking_a_member_out_of_a_set_names_where_it_came_from() -> None:
    state = fold(SAMPLE, [event(1, {"tags": ["a", "b"]}), event(2, {"tags": ["c"]})])
    change = edit(SAMPLE, seen=state, wanted={"tags": ["b", "c", "d"]})
    assert change == Edit(fields={6: {"add": ["d"], "remove": ["a"]}}, over={6: (1,)})


def test_what_arrived_after_the_form_was_opened_is_not_written_over() -> None:
    opened = fold(SAMPLE, [event(1, {"plain": "old"})])
    change = edit(SAMPLE, seen=opened, wanted={"plain": "mine"})
    now = fold(SAMPLE, [event(1, {"plain": "old"}), event(2, {"plain": "hers"}, over={"plain": [1]}), made(change)])
    assert len(view(SAMPLE, now).conflicts) == 1


def test_codes_chosen_together_are_the_same_choice_in_any_order() -> None:
    contact = by_name["contact"]
    first = edit(contact, seen={}, wanted={"reasons": ["shelter", "crisis"]})
    assert first.fields == {contact.field("reasons").number: ["crisis", "shelter"]}


@given(events=histories())
def test_filing_states_all_that_was_shown_and_leaves_no_conflict(events: list[Event]) -> None:
    events = [each for each in events if each.verb not in (Verb.FILE, Verb.STRIKE)]
    seen = fold(FREEZING, events)
    after = view(FREEZING, apply(FREEZING, fold(FREEZING, events), made(filing(FREEZING, seen=seen), verb=Verb.FILE)))
    before = view(FREEZING, seen)
    plain = [name for name in before.values if name not in ("terms", "revoked", "readers", "code", "decision")]
    assert {name: after.values.get(name) for name in plain} == {name: before.values[name] for name in plain}
    assert after.aside == before.aside
    assert after.filed_by == 50


def test_restoring_names_every_strike_in_force() -> None:
    state = fold(SAMPLE, [event(1, {"plain": "a"}), event(2, verb=Verb.STRIKE), event(3, verb=Verb.STRIKE)])
    assert view(SAMPLE, apply(SAMPLE, state, made(restoring(state), verb=Verb.RESTORE))).status is Status.OPEN


def _readers(*changes: tuple[Edit, Verb]) -> State:
    state: State = {}
    for number, (change, verb) in enumerate(changes, start=1):
        state = apply(READERS, state, made(change, number=number, verb=verb))
    return state


def test_a_supervisor_gives_takes_and_gives_again() -> None:
    first = readers_change(READERS, seen={}, add=[X, Y])
    state = _readers((first, Verb.WRITE))
    second = readers_change(READERS, seen=state, remove=[X])
    state = _readers((first, Verb.WRITE), (second, Verb.READERS))
    assert view(READERS, state).values["readers"] == [Y]
    third = readers_change(READERS, seen=state, add=[X])
    state = _readers((first, Verb.WRITE), (second, Verb.READERS), (third, Verb.READERS))
    assert view(READERS, state).values["readers"] == [Y, X]
