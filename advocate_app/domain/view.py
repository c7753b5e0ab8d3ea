"""What a folded record shows: values, conflicts, what is in force, what is blocked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from advocate_app.domain.fields import Field, Merge, Record, Register
from advocate_app.domain.folding import ASIDE, FILED, REMOVED, STRUCK, State, value_key


class Status(IntEnum):
    """How a record stands as a whole."""

    OPEN = 0
    FILED = 1
    STRUCK = 2
    """Does not count."""
    ENDED = 3
    """Revoked or replaced; for good."""


@dataclass(frozen=True, slots=True)
class ConflictValue:
    """One of the values that stand against each other, and the events that gave it (local ids, oldest first)."""

    value: Any
    """For a group {field name: value}; otherwise the field's value."""
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Two or more different live values of one register, in the order in which they were last written."""

    register: int
    name: str
    merge: Merge
    values: tuple[ConflictValue, ...]


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record as it stands."""

    values: Mapping[str, Any]
    """Field name to the value to show; fields never written, and sets without members, are missing."""
    conflicts: tuple[ConflictView, ...]
    in_force: Mapping[str, Any]
    """Of safety registers in conflict, by register name: the value to act on until a person decides."""
    blocked: frozenset[int]
    """Registers that must not be used until resolved: no most protective value, or differing terms of consent."""
    exports_blocked: frozenset[int]
    """Registers in a conflict of identity or law: both values are shown, and no export may leave."""
    status: Status
    filed_by: int | None
    """The event that filed it."""
    strikes: tuple[int, ...]
    """The strikes in force."""
    aside: tuple[tuple[int, int], ...]
    """(event, register) writes that came too late for a filed record; register 0 means all of it."""


def view(record: Record, state: State) -> RecordView:
    """Say what a folded record shows."""
    conflicts = conflicts_of(record, state)
    in_force: dict[str, Any] = {}
    blocked: set[int] = set()
    exports_blocked: set[int] = set()
    for conflict in conflicts:
        register = record.registers[conflict.register]
        if register.merge is Merge.SAFETY:
            safest = _most_protective(register, [value for value, _ in _different(state[register.number])])
            if safest:
                in_force[register.name] = _by_name(register, safest[0])
            else:
                blocked.add(register.number)
        elif register.merge is Merge.CONSENT:
            blocked.add(register.number)
        elif register.merge in (Merge.IDENTITY, Merge.LEGAL):
            exports_blocked.add(register.number)
    return RecordView(
        values={record.by_number[number].name: value for number, value in shown(record, state).items()},
        conflicts=conflicts,
        in_force=in_force,
        blocked=frozenset(blocked),
        exports_blocked=frozenset(exports_blocked),
        status=status_of(record, state),
        filed_by=state[FILED][0][0] if FILED in state else None,
        strikes=tuple(number for number, _ in state.get(STRUCK, ())),
        aside=tuple((number, register) for number, register in state.get(ASIDE, ())),
    )


def shown(record: Record, state: State) -> dict[int, Any]:
    """Field number to the value to show: the last in position order, but the safest of a safety register in conflict,
    the first of terms of consent, and all live members of a set."""
    values: dict[int, Any] = {}
    for number, live in state.items():
        if number <= 0:
            continue
        if len(live) == 1 and number in record.direct:
            values[number] = live[0][1]
            continue
        register = record.registers[number]
        value = _shown(register, state)
        if register.group is None:
            values[number] = value
        else:
            values |= value
    return values


def conflicts_of(record: Record, state: State) -> tuple[ConflictView, ...]:
    """The registers that hold different live values, in the order of their numbers."""
    found = [
        _conflict(record.registers[number], state)
        for number, live in sorted(state.items())
        if number > 0 and (len(live) > 1 or REMOVED in state)
    ]
    return tuple(conflict for conflict in found if conflict is not None)


def status_of(record: Record, state: State) -> Status:
    """How the record stands: a strike in force outweighs all, an end outweighs a filing."""
    if STRUCK in state:
        return Status.STRUCK
    if any(held for name in record.ends for _, held in state.get(record.by_name[name].number, ())):
        return Status.ENDED
    return Status.FILED if FILED in state else Status.OPEN


def members(state: State, register: int) -> list[Any]:
    """The members of a set in the order they were first added; readers without those whose removal stands."""
    removed = [one for _, gone in state.get(REMOVED, ()) for one in gone]
    found = dict.fromkeys(one for _, added in state.get(register, ()) for one in added)
    return [one for one in found if one not in removed]


def _shown(register: Register, state: State) -> Any:
    live = state[register.number]
    if register.merge in (Merge.SET, Merge.READERS):
        return members(state, register.number)
    if register.merge is Merge.CONSENT:
        return live[0][1]
    if register.merge is Merge.SAFETY and len(live) > 1:
        safest = _most_protective(register, [value for value, _ in _different(live)])
        return safest[0] if safest else live[-1][1]
    return live[-1][1]


def _conflict(register: Register, state: State) -> ConflictView | None:
    live = state[register.number]
    if register.merge is Merge.SET:
        return None
    if register.merge is Merge.READERS:
        values = _undecided(live, state.get(REMOVED, []))
    else:
        values = [ConflictValue(value=_by_name(register, value), events=events) for value, events in _different(live)]
    if len(values) < 2:
        return None
    return ConflictView(register=register.number, name=register.name, merge=register.merge, values=tuple(values))


def _different(live: list[list[Any]]) -> list[tuple[Any, tuple[int, ...]]]:
    """The different values among live writes, ordered by their last write, with the events that gave each."""
    found: dict[object, tuple[Any, tuple[int, ...]]] = {}
    for number, value in live:
        key = value_key(value)
        _, events = found.pop(key, (value, ()))
        found[key] = (value, (*events, number))
    return list(found.values())


def _undecided(added: list[list[Any]], removed: list[list[Any]]) -> list[ConflictValue]:
    """Readers both added and removed by writes that did not know of each other: the two sides."""
    torn = [one for one in dict.fromkeys(one for _, ones in added for one in ones) if _events(removed, [one])]
    if not torn:
        return []
    return [
        ConflictValue(value={"add": torn}, events=_events(added, torn)),
        ConflictValue(value={"remove": torn}, events=_events(removed, torn)),
    ]


def _events(live: list[list[Any]], wanted: list[Any]) -> tuple[int, ...]:
    return tuple(number for number, ones in live if any(one in wanted for one in ones))


def _most_protective(register: Register, values: list[Any]) -> tuple[Any, ...]:
    """The one value that is at least as protective as each other one by the declared order, or nothing."""
    for value in values:
        if all(_protects(register, value, against=other) for other in values):
            return (value,)
    return ()


def _protects(register: Register, value: Any, *, against: Any) -> bool:
    if register.group is None:
        return _stands_before(register.fields[0], value, against)
    return all(
        _stands_before(one, value.get(one.number), against.get(one.number))
        if one.name in register.group.order
        else value_key(value.get(one.number)) == value_key(against.get(one.number))
        for one in register.fields
    )


def _stands_before(one: Field, value: Any, other: Any) -> bool:
    """True if the value is the same or more protective; a value outside the order compares with nothing but itself."""
    if value_key(value) == value_key(other):
        return True
    order = [value_key(known) for known in one.order]
    if value_key(value) not in order or value_key(other) not in order:
        return False
    return order.index(value_key(value)) < order.index(value_key(other))


def _by_name(register: Register, value: Any) -> Any:
    if register.group is None:
        return value
    return {one.name: value[one.number] for one in register.fields if one.number in value}
