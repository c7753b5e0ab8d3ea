"""Folding: what a record's events add up to, the same whatever the order they arrived in (docs/spec/merge.md)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from advocate_app.domain.events import Event
from advocate_app.domain.fields import RECORD_REGISTER, Merge, Record
from advocate_app.domain.verbs import Verb

State = dict[int, list[list[Any]]]
"""Register number to its live writes, [event id, value], in position order. Plain lists: it can be stored as msgpack.

A group's value is {field number: value} without empty ones; a set's is the list of members still live from that event.
Numbers up to 0 hold what concerns the whole record: `STRUCK`, `FILED`, `ASIDE`, `REMOVED`.
"""

STRUCK: Final = RECORD_REGISTER
"""[event id, reason] of every strike not taken back."""
FILED: Final = -1
"""[event id, recorded_at] of the first filing."""
ASIDE: Final = -2
"""[event id, register] of every write that a frozen record did not take (register 0: all of it).

It is shown, and a person may take it over by an amendment.
"""
REMOVED: Final = -3
"""[event id, members] of every removal of readers that no supervisor has set aside."""

_FILE: Final = int(Verb.FILE)
_AMEND: Final = int(Verb.AMEND)
_STRIKE: Final = int(Verb.STRIKE)
_RESTORE: Final = int(Verb.RESTORE)
_READERS: Final = int(Verb.READERS)
_MEMBERS: Final = (str, bytes)
_KIND_NAMES: Final = {type(None): "null", bool: "bool", int: "int", float: "float", str: "str", bytes: "bin"}
# Bound once: folding is the hot path, and reading a member off an enum costs as much as a whole write.
_MERGE_SET: Final = Merge.SET
_MERGE_READERS: Final = Merge.READERS
_MERGE_CONSENT: Final = Merge.CONSENT
_MERGE_IMMUTABLE: Final = Merge.IMMUTABLE


def apply(record: Record, state: State, event: Event) -> State:
    """Take one more event into a state and return it (the same object, changed).

    Right only when the event's position is after all that the state holds and its id is not among them. Whatever
    `over` names that is not live here is ignored. Fields that the record does not declare are ignored: an event that
    has any should wait for a newer program.
    """
    verb = event.verb
    if verb == _STRIKE:
        state.setdefault(STRUCK, []).append([event.id, event.reason])
        return state
    if verb == _RESTORE:
        seen = event.over.get(RECORD_REGISTER, ())
        _hold(state, STRUCK, [strike for strike in state.get(STRUCK, ()) if strike[0] not in seen])
        return state
    filed = FILED in state
    if filed and verb != _AMEND and record.freezes:
        if event.fields:
            _set_aside(state, event.id, RECORD_REGISTER)
        return state
    number = event.id
    direct = record.direct
    rest: dict[int, Any] = {}
    for register, value in event.fields.items():
        if register not in direct:
            rest[register] = value
        elif register not in state:
            state[register] = [[number, value]]
        else:
            _replace(record, state, event, register=register, value=value)
    if rest:
        _apply_rest(record, state, event, rest)
    if verb == _FILE and not filed:
        state[FILED] = [[number, event.recorded_at]]
    return state


def fold(record: Record, events: Iterable[Event]) -> State:
    """The state that these events of one record add up to, given in any order and with any repeats."""
    once = {event.id: event for event in events}
    state: State = {}
    for event in sorted(once.values(), key=_position):
        state = apply(record, state, event)
    return state


def parts_of_set(value: Any) -> tuple[list[Any], list[Any]]:
    """What a write to a set adds and removes; anything that is neither text nor bytes is no member."""
    if isinstance(value, list):
        return _members(value), []
    if isinstance(value, dict):
        return _members(value.get("add")), _members(value.get("remove"))
    return [], []


def value_key(value: Any, *, depth: int = 16) -> tuple[str, Any]:
    """A hashable stand-in (kind, what it holds) that is equal exactly when two values are.

    Of one kind, and the same all the way down; whatever lies deeper than 16 levels is taken as equal, so that no
    value, however nested, can make a comparison fail.
    """
    if not isinstance(value, (dict, list, tuple)):
        return _KIND_NAMES.get(type(value), "other"), value
    if depth == 0:
        return "deep", None
    if isinstance(value, dict):
        pairs = ((value_key(name, depth=0), value_key(held, depth=depth - 1)) for name, held in value.items())
        return "map", tuple(sorted(pairs, key=lambda pair: pair[0]))
    return "list", tuple(value_key(held, depth=depth - 1) for held in value)


def _position(event: Event) -> tuple[int, int, int]:
    return event.position


def _apply_rest(record: Record, state: State, event: Event, rest: Mapping[int, Any]) -> None:
    """The fields of an event that are not a register of their own with plain replacement."""
    groups: dict[int, dict[int, Any]] = {}
    for number, value in rest.items():
        one = record.by_number.get(number)
        if one is None or (one.verbs is not None and event.verb not in one.verbs):
            continue
        if one.group is None:
            _write(record, state, event, register=number, value=value)
            continue
        together = groups.setdefault(record.register_numbers[number], {})
        if value is not None:
            together[number] = value
    for register, values in groups.items():
        _write(record, state, event, register=register, value=values)


def _write(record: Record, state: State, event: Event, *, register: int, value: Any) -> None:
    merge = record.registers[register].merge
    if merge is _MERGE_SET:
        if event.verb == _FILE and record.freezes:
            _sign_off_set(state, event, register=register, members=parts_of_set(value)[0])
        else:
            _write_set(state, event, register=register, value=value)
    elif merge is _MERGE_READERS:
        _write_readers(state, event, register=register, value=value)
    elif register not in state:
        state[register] = [[event.id, value]]
    elif merge is _MERGE_CONSENT:
        state[register].append([event.id, value])
    elif merge is not _MERGE_IMMUTABLE:
        _replace(record, state, event, register=register, value=value)
    elif value_key(value) != value_key(state[register][0][1]):
        _set_aside(state, event.id, register)


def _replace(record: Record, state: State, event: Event, *, register: int, value: Any) -> None:
    """Write over what the author saw; keep beside it what the author did not see."""
    if event.verb == _FILE and record.freezes:
        _sign_off(state, event, register=register, value=value)
        return
    seen = event.over.get(register, ())
    kept = [held for held in state.get(register, ()) if held[0] not in seen]
    kept.append([event.id, value])
    state[register] = kept


def _sign_off(state: State, event: Event, *, register: int, value: Any) -> None:
    """What a filing states is the content, alone: what its author did not see and does not state is left aside."""
    seen = event.over.get(register, ())
    for number, held in state.get(register, ()):
        if number not in seen and value_key(held) != value_key(value):
            _set_aside(state, number, register)
    state[register] = [[event.id, value]]


def _sign_off_set(state: State, event: Event, *, register: int, members: list[Any]) -> None:
    """The same for a set: what it states are all its members."""
    seen = event.over.get(register, ())
    for number, held in state.get(register, ()):
        if number not in seen and any(one not in members for one in held):
            _set_aside(state, number, register)
    _hold(state, register, [[event.id, members]] if members else [])


def _write_set(state: State, event: Event, *, register: int, value: Any) -> None:
    added, removed = parts_of_set(value)
    if removed:
        _remove_members(state, register, removed, seen=event.over.get(register, ()))
    if added:
        state.setdefault(register, []).append([event.id, added])


def _write_readers(state: State, event: Event, *, register: int, value: Any) -> None:
    added, removed = parts_of_set(value)
    seen = event.over.get(register, ())
    if event.verb == _READERS:
        _remove_members(state, REMOVED, [*added, *removed], seen=seen)
    if removed:
        state.setdefault(REMOVED, []).append([event.id, removed])
    _write_set(state, event, register=register, value=value)


def _remove_members(state: State, register: int, members: Sequence[Any], *, seen: Sequence[int]) -> None:
    """Take members out of the writes that were seen, and out of the state those writes of which nothing is left."""
    left = [
        [number, [one for one in held if one not in members]] if number in seen else [number, held]
        for number, held in state.get(register, ())
    ]
    _hold(state, register, [entry for entry in left if entry[1]])


def _set_aside(state: State, number: int, register: int) -> None:
    """Remember that an event's write to a register (0: all that it wrote) was not taken."""
    aside = state.setdefault(ASIDE, [])
    if [number, register] not in aside:
        aside.append([number, register])


def _hold(state: State, register: int, live: list[list[Any]]) -> None:
    """Hold these writes, or nothing at all: an empty list never stands in a state."""
    if live:
        state[register] = live
    else:
        state.pop(register, None)


def _members(values: Any) -> list[Any]:
    if not isinstance(values, (list, tuple)):
        return []
    return [one for one in values if isinstance(one, _MEMBERS)]
