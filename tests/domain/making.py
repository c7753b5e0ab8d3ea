"""A record type with one register of every merge class, and events to try on it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st

from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.edits import Edit
from advocate_app.domain.events import Event
from advocate_app.domain.fields import Field, Group, Kind, Merge, Record
from advocate_app.domain.verbs import Verb

RECORD_ID: Final = bytes(16)
AUTHOR: Final = b"a" * 16
X, Y, Z = b"x" * 16, b"y" * 16, b"z" * 16

_FIELDS: Final = (
    Field("plain", 1, Kind.TEXT),
    Field("safe", 2, Kind.CHOICE, merge=Merge.SAFETY, order=("no", "unsure", None, "yes")),
    Field("safe_unordered", 3, Kind.TEXT, merge=Merge.SAFETY),
    Field("name", 4, Kind.TEXT, merge=Merge.IDENTITY),
    Field("court_date", 5, Kind.DATE, merge=Merge.LEGAL),
    Field("tags", 6, Kind.TEXTS, merge=Merge.SET),
    Field("terms", 7, Kind.TEXT, merge=Merge.CONSENT),
    Field("revoked", 8, Kind.TEXT, merge=Merge.CONSENT),
    Field("code", 9, Kind.TEXT, merge=Merge.IMMUTABLE),
    Field("readers", 10, Kind.IDS, merge=Merge.READERS),
    Field("number", 11, Kind.TEXT, group="calling", merge=Merge.SAFETY),
    Field("message", 12, Kind.CHOICE, group="calling", merge=Merge.SAFETY, order=("no", "yes")),
    Field("shared", 13, Kind.CHOICE, group="calling", merge=Merge.SAFETY, order=("yes", "no")),
    Field("texting", 15, Kind.CHOICE, group="calling", merge=Merge.SAFETY, order=("no", "yes")),
    Field("decision", 14, Kind.TEXT, verbs=frozenset({Verb.APPROVE, Verb.RETURN})),
)
_GROUPS: Final = (Group("calling", 200, merge=Merge.SAFETY, order=("message", "shared")),)

SAMPLE: Final = Record(
    "sample", 99, compartment=CompartmentKind.FILE, fields=_FIELDS, groups=_GROUPS, ends=("revoked",)
)
FREEZING: Final = Record(
    "freezing", 98, compartment=CompartmentKind.FILE, fields=_FIELDS, groups=_GROUPS, ends=("revoked",), freezes=True
)


def event(
    number: int,
    fields: Mapping[str, Any] | None = None,
    *,
    over: Mapping[str, Sequence[int]] | None = None,
    verb: Verb = Verb.WRITE,
    at: int | None = None,
    record: Record = SAMPLE,
    author: bytes = AUTHOR,
    reason: str | None = None,
) -> Event:
    """An event with the local id `number`, logged at index `at` (its id if not said); fields and registers by name."""
    return Event(
        id=number,
        position=(0, number if at is None else at, 0),
        record_type=record.number,
        record_id=RECORD_ID,
        verb=int(verb),
        fields={record.field(name).number: value for name, value in (fields or {}).items()},
        over={
            0 if name == "record" else record.register_of(name).number: tuple(ids) for name, ids in (over or {}).items()
        },
        author=author,
        recorded_at=1_800_000_000_000 + number,
        zone=-420,
        reason=reason,
    )


def made(change: Edit, *, number: int = 50, verb: Verb = Verb.WRITE) -> Event:
    """The event that says an edit, not yet logged."""
    return Event(
        id=number,
        position=(1, 0, number),
        record_type=SAMPLE.number,
        record_id=bytes(16),
        verb=verb,
        fields=change.fields,
        over=change.over,
        author=bytes(16),
        recorded_at=0,
        zone=0,
        reason="why",
    )


def _values(one: Field) -> st.SearchStrategy[Any]:
    if one.merge in (Merge.SET, Merge.READERS):
        some = st.lists(
            st.sampled_from([X, Y, Z] if one.merge is Merge.READERS else ["a", "b", "c"]), max_size=2, unique=True
        )
        change = st.fixed_dictionaries({}, optional={"add": some, "remove": some})
        return st.one_of(some, change, st.sampled_from([None, "a", 3, ["a", 3], {"add": "a"}]))
    if one.order:
        return st.sampled_from([*one.order, None, "other"])
    return st.sampled_from(["u", "v", None, True, 1])


_FIELD_SETS: Final = st.fixed_dictionaries({}, optional={one.number: _values(one) for one in _FIELDS})
_VERBS: Final = st.sampled_from([*[Verb.WRITE] * 6, *Verb])


@st.composite
def histories(draw: st.DrawFn, *, most: int = 7) -> list[Event]:
    """Events of one record in position order; `over` names any ids, earlier, later, own or of no event."""
    count = draw(st.integers(min_value=1, max_value=most))
    unlogged = draw(st.integers(min_value=0, max_value=2))
    ids = draw(st.permutations(range(1, count + 1)))
    registers = [0, *SAMPLE.registers]
    named = st.lists(st.integers(min_value=1, max_value=count + 1), max_size=3).map(tuple)
    made = []
    for place, number in enumerate(ids):
        logged = place < count - unlogged
        made.append(
            Event(
                id=number,
                position=(0, place // 2 + 1, place % 2) if logged else (1, 0, number + place * 100),
                record_type=SAMPLE.number,
                record_id=RECORD_ID,
                verb=int(draw(_VERBS)),
                fields=draw(_FIELD_SETS),
                over=draw(st.dictionaries(st.sampled_from(registers), named, max_size=6)),
                author=AUTHOR,
                recorded_at=draw(st.integers(min_value=0, max_value=9)),
                zone=0,
                reason="why",
            )
        )
    return made
