"""A record's history: what each event changed, and how to bring back what stood once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from advocate_app.domain.edits import Edit, edit
from advocate_app.domain.events import Event
from advocate_app.domain.fields import RECORD_REGISTER, Merge, Record
from advocate_app.domain.folding import ASIDE, State, apply, fold, parts_of_set, value_key
from advocate_app.domain.view import Status, shown, status_of


@dataclass(frozen=True, slots=True)
class Written:
    """What one event says of one field."""

    name: str
    value: Any
    """The value given; for a set the list of members added."""
    removed: tuple[Any, ...] = ()
    """For a set: members removed."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one field's shown value."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One event and what it made of the record as shown."""

    event: Event
    changes: tuple[Change, ...]
    status: Status
    taken: bool
    """False when the event changed nothing that is kept: it came too late for a filed record."""


def changes_of(record: Record, event: Event) -> tuple[Written, ...]:
    """What an event says of each field, by itself, in the order of the record's fields; unknown fields left out."""
    return tuple(
        _written(one.name, one.merge, event.fields[one.number]) for one in record.fields if one.number in event.fields
    )


def history(record: Record, events: Iterable[Event]) -> tuple[Step, ...]:
    """Every event in the order in which they count, and what each changed of what is shown."""
    steps: list[Step] = []
    state: State = {}
    before: dict[int, Any] = {}
    for event in sorted({event.id: event for event in events}.values(), key=lambda event: event.position):
        state = apply(record, state, event)
        after = shown(record, state)
        changes = tuple(
            Change(name=one.name, before=before.get(one.number), after=after.get(one.number))
            for one in record.fields
            if value_key(before.get(one.number)) != value_key(after.get(one.number))
        )
        taken = [event.id, RECORD_REGISTER] not in state.get(ASIDE, [])
        steps.append(Step(event=event, changes=changes, status=status_of(record, state), taken=taken))
        before = after
    return tuple(steps)


def bring_back(record: Record, *, events: Iterable[Event], to: int, seen: State) -> Edit:
    """The edit that makes the record show again what it showed right after the event with the local id `to`.

    `seen` is the state now. Fields written since are emptied. KeyError if the record has no such event.
    """
    known = {event.id: event for event in events}
    then = shown(record, fold(record, [event for event in known.values() if event.position <= known[to].position]))
    numbers = then.keys() | shown(record, seen).keys()
    return edit(record, seen=seen, wanted={record.by_number[number].name: then.get(number) for number in numbers})


def _written(name: str, merge: Merge, value: Any) -> Written:
    if merge is not Merge.SET and merge is not Merge.READERS:
        return Written(name=name, value=value)
    added, removed = parts_of_set(value)
    return Written(name=name, value=added, removed=tuple(removed))
