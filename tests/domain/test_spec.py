"""The released numbers, kinds and merge classes stand in docs/spec/records.md as they are declared."""

from tests.domain.spec_tables import RECORDS_MD, document, verbs


def test_the_tables_of_the_document_are_those_of_the_code() -> None:
    text = RECORDS_MD.read_text(encoding="utf-8")
    assert document(text) == text, "run: python -m tests.domain.spec_tables"


def test_the_document_names_every_verb_with_its_number() -> None:
    text = RECORDS_MD.read_text(encoding="utf-8")
    assert [row for row in verbs() if row not in text] == []
