"""A record's history says what each event changed, and any earlier state can be brought back."""

from hypothesis import given
from hypothesis import strategies as st

from advocate_app.domain.events import Event
from advocate_app.domain.folding import fold
from advocate_app.domain.history import Change, Written, bring_back, changes_of, history
from advocate_app.domain.merge import Status, apply, shown
from advocate_app.domain.verbs import Verb
from tests.domain.making import FREEZING, SAMPLE, event, histories, made


def test_each_event_tells_what_it_says_of_each_field() -> None:
    told = changes_of(SAMPLE, event(1, {"tags": {"add": ["a"], "remove": ["b"]}, "plain": None}))
    assert told == (Written(name="plain", value=None), Written(name="tags", value=["a"], removed=("b",)))


def test_history_is_in_the_order_that_counts_and_shows_before_and_after() -> None:
    steps = history(
        FREEZING,
        [
            event(3, {"plain": "late"}, over={"plain": [2]}),
            event(2, {"plain": "signed"}, over={"plain": [1]}, verb=Verb.FILE),
            event(1, {"plain": "draft"}),
        ],
    )
    assert [step.event.id for step in steps] == [1, 2, 3]
    assert steps[1].changes == (Change(name="plain", before="draft", after="signed"),)
    assert steps[1].status is Status.FILED
    assert [step.taken for step in steps] == [True, True, False]
    assert steps[2].changes == ()


@given(events=histories())
def test_the_changes_of_a_history_add_up_to_what_is_shown(events: list[Event]) -> None:
    values: dict[str, object] = {}
    for step in history(SAMPLE, events):
        for change in step.changes:
            assert values.get(change.name) == change.before
            values[change.name] = change.after
    found = {SAMPLE.by_number[number].name: value for number, value in shown(SAMPLE, fold(SAMPLE, events)).items()}
    assert {name: value for name, value in values.items() if value is not None} == {
        name: value for name, value in found.items() if value is not None
    }


@given(events=histories(), data=st.data())
def test_bringing_back_shows_again_what_stood_once(events: list[Event], data: st.DataObject) -> None:
    apart = ("terms", "revoked", "code", "readers", "decision")  # what was consented, fixed or decided stays
    events = [each for each in events if each.verb == Verb.WRITE]
    if not events:
        return
    once = data.draw(st.sampled_from(events))
    then = shown(SAMPLE, fold(SAMPLE, [each for each in events if each.position <= once.position]))
    change = bring_back(SAMPLE, events=events, to=once.id, seen=fold(SAMPLE, events))
    now = shown(SAMPLE, apply(SAMPLE, fold(SAMPLE, events), made(change)))
    for one in SAMPLE.fields:
        if one.name == "tags":
            assert set(now.get(one.number) or ()) == set(then.get(one.number) or ())
        elif one.name not in apart:
            assert now.get(one.number) == then.get(one.number)
