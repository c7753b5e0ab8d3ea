"""Record types are declared once, soundly, and their released numbers never move."""

import pytest

from advocate_app.domain.cases import Case
from advocate_app.domain.codes import code_list
from advocate_app.domain.fields import Field, Group, Kind, Merge, Record
from advocate_app.domain.placing import place
from advocate_app.domain.records import RECORDS, by_name, by_number, understood
from advocate_app.domain.verbs import Verb
from tests.domain.making import SAMPLE

EVERY = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)


def test_the_released_types_have_their_numbers() -> None:
    assert {record.name: record.number for record in RECORDS} == {
        "client": 1,
        "safe_contact": 2,
        "contact": 3,
        "case": 4,
        "service": 5,
        "task": 6,
        "note": 7,
        "review": 8,
        "readers": 20,
        "admit": 21,
        "draft": 22,
    }
    assert len(by_name) == len(by_number) == len(RECORDS)


@EVERY
def test_fields_are_numbered_below_the_groups(record: Record) -> None:
    assert all(0 < one.number < 200 for one in record.fields)
    assert all(group.number >= 200 for group in record.groups)


@EVERY
def test_every_record_but_the_client_itself_and_the_machinery_links_to_its_client(record: Record) -> None:
    if record.name == "client" or record.machinery:
        assert "client" not in record.by_name
    else:
        assert (record.field("client").number, record.field("client").kind) == (1, Kind.ID)


@EVERY
def test_coded_fields_name_a_list_that_exists_and_others_name_none(record: Record) -> None:
    for one in record.fields:
        if one.kind in (Kind.CHOICE, Kind.CHOICES):
            assert code_list(one.choices or "").codes
        else:
            assert one.choices is None


@EVERY
def test_a_declared_order_holds_each_code_of_its_list(record: Record) -> None:
    for one in record.fields:
        if one.order and one.choices:
            codes = set(code_list(one.choices).codes)
            assert {code for code in one.order if code is not None} <= codes
            # "declined" tells nothing of the danger: a conflict with it must block, so it stands in no order
            assert codes - set(one.order) <= {"declined"}


@EVERY
def test_fields_of_a_group_share_its_class_and_its_order_names_ordered_fields(record: Record) -> None:
    for group in record.groups:
        members = [one for one in record.fields if one.group == group.name]
        assert len(members) > 1
        assert {one.merge for one in members} == {group.merge}
        assert all(record.field(name).order and record.field(name).group == group.name for name in group.order)


@EVERY
def test_only_lists_merge_as_sets_and_only_safety_is_ordered(record: Record) -> None:
    for one in record.fields:
        if one.merge in (Merge.SET, Merge.READERS):
            assert one.kind in (Kind.TEXTS, Kind.CHOICES, Kind.IDS)
        if one.order:
            assert one.merge is Merge.SAFETY


@EVERY
def test_what_the_machinery_keeps_is_never_searched_or_listed(record: Record) -> None:
    if record.machinery:
        assert not any(one.searched or one.listed for one in record.fields)


def test_where_a_client_can_be_found_is_never_exported() -> None:
    safe = by_name["safe_contact"]
    for name in ("street", "po_box", "city", "zip", "directions", "plus_code", "phone", "email", "code_word"):
        assert not safe.field(name).exported
    assert not by_name["service"].field("site_code").exported


def test_a_number_or_a_name_given_twice_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Record("bad", 1, compartment=SAMPLE.compartment, fields=(Field("a", 1, Kind.TEXT), Field("b", 1, Kind.TEXT)))
    with pytest.raises(ValueError, match="twice"):
        Record("bad", 1, compartment=SAMPLE.compartment, fields=(Field("a", 1, Kind.TEXT), Field("a", 2, Kind.TEXT)))
    with pytest.raises(ValueError, match="no group"):
        Record("bad", 1, compartment=SAMPLE.compartment, fields=(Field("a", 1, Kind.TEXT, group="g"),))
    with pytest.raises(ValueError, match="twice"):
        Record(
            "bad",
            1,
            compartment=SAMPLE.compartment,
            groups=(Group("g", 1),),
            fields=(Field("a", 1, Kind.TEXT, group="g"),),
        )


def test_an_event_with_an_unknown_type_verb_or_field_waits_for_a_newer_program() -> None:
    assert understood(record_type=1, verb=Verb.WRITE, fields={3: "Ana"})
    assert not understood(record_type=99, verb=Verb.WRITE, fields={})
    assert not understood(record_type=1, verb=11, fields={3: "Ana"})
    assert not understood(record_type=1, verb=Verb.WRITE, fields={3: "Ana", 150: "?"})


def test_a_register_is_found_by_its_field_or_by_its_own_name() -> None:
    assert SAMPLE.register_of("message") is SAMPLE.register_of("calling")
    assert SAMPLE.register_of(SAMPLE.field("plain")).number == 1


def test_a_typed_view_has_only_fields_that_the_record_declares() -> None:
    assert set(Case.__dataclass_fields__) <= set(by_name["case"].by_name)


CLIENT = b"c" * 16
RECORD_ID = b"r" * 16


@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        ("client", {}, ("file", RECORD_ID)),
        ("case", {"client": CLIENT}, ("file", CLIENT)),
        ("note", {"client": CLIENT, "format": "soap"}, ("narrative", CLIENT)),
        ("note", {"client": CLIENT, "format": "supervision"}, ("restricted", CLIENT)),
        ("note", {"client": CLIENT, "format": "psychotherapy"}, ("restricted", CLIENT)),
        ("note", {"format": "supervision"}, ("register", "supervision")),
        ("contact", {"client": CLIENT}, ("file", CLIENT)),
        ("contact", {}, ("register", "hotline/2026-11")),
        ("service", {}, ("register", "services/2026-11")),
        ("task", {}, ("register", "tasks")),
        ("review", {}, ("register", "reviews")),
    ],
)
def test_a_record_goes_with_its_client_or_into_its_register(
    name: str, fields: dict[str, object], expected: tuple[str, object]
) -> None:
    found = place(by_name[name], record_id=RECORD_ID, fields=fields, month="2026-11")
    assert (found.kind, found.owner) == expected


def test_a_record_that_must_have_a_client_is_not_placed_without_one() -> None:
    with pytest.raises(Exception, match="needs its client"):
        place(by_name["case"], record_id=RECORD_ID, fields={}, month="2026-11")
