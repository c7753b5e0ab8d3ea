"""Merging comes to what the frozen examples say."""

import json

from tests.domain.merge_vectors import FILE, STORIES, vectors
from tests.domain.oracle import Oracle


def test_merging_comes_to_the_frozen_examples() -> None:
    frozen = json.loads(FILE.read_text(encoding="utf-8"))
    assert frozen == json.loads(json.dumps(vectors()))


def test_the_oracle_agrees_with_the_frozen_examples() -> None:
    frozen = {each["title"]: each for each in json.loads(FILE.read_text(encoding="utf-8"))["vectors"]}
    assert frozen.keys() == STORIES.keys()
    for title, (record, events) in STORIES.items():
        held = {number: [entry[0] for entry in entries] for number, entries in Oracle(record, events).state().items()}
        assert {
            number: [entry[0] for entry in entries] for number, entries in frozen[title]["state"] if number != -2
        } == held
