"""The invented corpus: the same for the same seed, and true to the declarations of the records."""

import re
from collections import Counter
from datetime import date

import pytest

from advocate_app.base.paths import resource
from advocate_app.domain.checks import check
from advocate_app.domain.fields import Merge
from advocate_app.domain.records import by_name
from advocate_app.domain.verbs import Verb
from advocate_app.sample.chance import words
from advocate_app.sample.corpus import Corpus, stream
from advocate_app.sample.field_day import load_field_day, watermark
from advocate_app.sample.writing import SampleEvent
from advocate_app.store.projections.shapes import shape_of

TODAY = date(2030, 1, 1)


@pytest.fixture(scope="module")
def events() -> list[SampleEvent]:
    return stream(6000, seed=5)


def test_the_same_seed_invents_the_same_events(events: list[SampleEvent]) -> None:
    assert stream(6000, seed=5) == events
    assert stream(6000, seed=6) != events


def test_a_corpus_of_so_many_clients_ends() -> None:
    made = list(Corpus(seed=3, clients=7).events())
    assert len({event.client for event in made} - {None}) == 7
    assert 7 * 15 < len(made) < 7 * 120


def test_events_are_numbered_in_the_order_of_their_time(events: list[SampleEvent]) -> None:
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    times = [event.recorded_at for event in events]
    assert times == sorted(times)


def test_over_names_earlier_events_of_the_same_record_and_register(events: list[SampleEvent]) -> None:
    by_number = {event.number: event for event in events}
    named = 0
    for event in events:
        for register, numbers in event.over.items():
            for number in numbers:
                earlier = by_number[number]
                assert number < event.number
                assert earlier.record_id == event.record_id
                assert register in {earlier.record.register_numbers[one] for one in earlier.fields}
                named += 1
    assert named > 1000


def test_every_event_is_one_that_the_log_takes(events: list[SampleEvent]) -> None:
    for event in events:
        shape = shape_of(event.record.number, event.verb, event.fields)
        assert shape.judge(event.fields, event.over.keys()) == 0


def test_what_is_written_breaks_no_rule_of_the_fields(events: list[SampleEvent]) -> None:
    for event in events:
        fields = {
            event.record.by_number[number].name: value
            for number, value in event.fields.items()
            if not (event.record.by_number[number].merge is Merge.SET and isinstance(value, dict))
        }
        assert check(event.record, fields, today=TODAY) == []


def test_every_type_of_record_and_every_way_of_writing_is_there(events: list[SampleEvent]) -> None:
    kinds = Counter(event.record.name for event in events)
    assert set(kinds) == {"client", "safe_contact", "contact", "case", "service", "task", "note", "review"}
    assert {Verb.WRITE, Verb.FILE, Verb.AMEND, Verb.SUBMIT, Verb.APPROVE, Verb.RETURN} <= {e.verb for e in events}
    clients = len({event.client for event in events} - {None})
    assert len(events) / clients > 20


def test_notes_are_not_a_few_sentences_again_and_again(events: list[SampleEvent]) -> None:
    text = by_name["note"].field("text").number
    sentences = [
        sentence
        for event in events
        if event.record.name == "note" and text in event.fields and event.verb == Verb.WRITE
        for sentence in re.split(r"(?<=[.?!]) ", event.fields[text])
    ]
    assert len(sentences) > 500
    assert len(set(sentences)) / len(sentences) > 0.7
    templates = [
        one
        for name in ("notes_en", "notes_es")
        for topic in words(name)["topics"].values()
        for one in topic["facts"] + topic["plan"]
    ]
    assert len(set(templates)) > 350


def test_names_bear_their_marks(events: list[SampleEvent]) -> None:
    name = by_name["client"].field("last_name").number
    names = {event.fields[name] for event in events if event.record.name == "client" and name in event.fields}
    assert any("ʼ" in one for one in names)
    assert any("ñ" in one or "í" in one for one in names)


def test_the_field_day_is_a_dozen_clients_marked_as_sample() -> None:
    clients = load_field_day()
    assert [one.handle for one in clients] == [f"c{at:02}" for at in range(1, 13)]
    assert watermark().startswith("SAMPLE")
    for one in clients:
        assert "SAMPLE" in one.client["tags"]
        assert check(by_name["client"], one.client, today=TODAY) == []
        for name, records in (("contact", one.contacts), ("service", one.services), ("note", one.notes)):
            assert records
            assert all(check(by_name[name], fields, today=TODAY) == [] for fields in records)


def test_telephone_numbers_are_of_the_range_kept_for_fiction() -> None:
    text = resource("sample", "field_day.json").read_text(encoding="utf-8")
    numbers = re.findall(r"\d{3}-\d{3}-\d{4}", text)
    assert numbers
    assert all(number.startswith("505-555-01") for number in numbers)
