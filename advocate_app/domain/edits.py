"""What an event must say to bring about what a person wants: the fields it writes, and what its author saw."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from advocate_app.domain.fields import RECORD_REGISTER, Field, Kind, Merge, Record, Register
from advocate_app.domain.folding import REMOVED, STRUCK, State, value_key
from advocate_app.domain.verbs import Verb
from advocate_app.domain.view import members, shown


@dataclass(frozen=True, slots=True)
class Edit:
    """The `fields` and `over` of an event to come."""

    fields: Mapping[int, Any]
    over: Mapping[int, tuple[int, ...]]

    def __bool__(self) -> bool:
        """False when there is nothing to say."""
        return bool(self.fields) or bool(self.over)


def edit(record: Record, *, seen: State, wanted: Mapping[str, Any]) -> Edit:
    """Bring the named fields to the wanted values.

    `seen` is the state as the form showed it when it was opened (empty for a new record); never a later one. A value
    that stands already is not written again, unless it is one side of a conflict, which writing it resolves. A group is
    written whole. For a set the wanted value is the list of its members. KeyError for a name that the record lacks.
    """
    now = shown(record, seen)
    registers = {register.number: register for register in (record.register_of(record.field(name)) for name in wanted)}
    numbered = {record.field(name).number: _ordered(record.field(name), value) for name, value in wanted.items()}
    fields: dict[int, Any] = {}
    over: dict[int, tuple[int, ...]] = {}
    for register in registers.values():
        if register.merge is Merge.SET or register.merge is Merge.READERS:
            _edit_set(register, seen, numbered[register.number], fields=fields, over=over)
            continue
        live = seen.get(register.number, [])
        values = {one.number: numbered.get(one.number, now.get(one.number)) for one in register.fields}
        before = {one.number: now.get(one.number) for one in register.fields}
        if value_key(values) == value_key(before) and len(live) < 2:
            continue
        given = {number: value for number, value in values.items() if value is not None}
        fields |= given or {number: None for number in values if number in numbered}
        if live:
            over[register.number] = _ids(live)
    return Edit(fields=fields, over=over)


def filing(record: Record, *, seen: State, wanted: Mapping[str, Any] | None = None) -> Edit:
    """File a record: state its whole content as it was seen (with last changes), so that this alone is what counts."""
    numbered = shown(record, seen) | {
        record.field(name).number: _ordered(record.field(name), value) for name, value in (wanted or {}).items()
    }
    stated = {number: value for number, value in numbered.items() if _is_stated(record, number, value, seen)}
    registers = sorted({record.register_numbers[number] for number in stated})
    return Edit(fields=stated, over={register: _ids(seen[register]) for register in registers if register in seen})


def restoring(seen: State) -> Edit:
    """Take back the strikes that are in force."""
    return Edit(fields={}, over={RECORD_REGISTER: _ids(seen.get(STRUCK, []))})


def readers_change(record: Record, *, seen: State, add: Collection[bytes] = (), remove: Collection[bytes] = ()) -> Edit:
    """Let members and groups (ids) read a compartment, or no longer; decides what stood against each other."""
    register = next(each for each in record.registers.values() if each.merge is Merge.READERS)
    change = {name: list(ids) for name, ids in (("add", add), ("remove", remove)) if ids}
    touched = (*add, *remove)
    named = [
        number
        for key in (register.number, REMOVED)
        for number, ones in seen.get(key, ())
        if any(one in touched for one in ones)
    ]
    return Edit(fields={register.number: change}, over={register.number: tuple(dict.fromkeys(named))} if named else {})


def _is_stated(record: Record, number: int, value: Any, seen: State) -> bool:
    """Whether a filing states this field: not what is empty anyway, stands for good, or is not a filing's to say."""
    one = record.by_number[number]
    written = record.register_numbers[number] in seen
    if one.merge in (Merge.CONSENT, Merge.READERS) or (one.merge is Merge.IMMUTABLE and written):
        return False
    return (one.verbs is None or Verb.FILE in one.verbs) and (value is not None or written)


def _edit_set(
    register: Register, seen: State, wanted: Any, *, fields: dict[int, Any], over: dict[int, tuple[int, ...]]
) -> None:
    had = members(seen, register.number)
    want = list(wanted or ())
    add = [one for one in want if one not in had]
    remove = [one for one in had if one not in want]
    if not remove:
        if add:
            fields[register.number] = add
        return
    fields[register.number] = {name: ones for name, ones in (("add", add), ("remove", remove)) if ones}
    over[register.number] = tuple(
        number for number, ones in seen[register.number] if any(one in remove for one in ones)
    )


def _ordered(one: Field, value: Any) -> Any:
    """Codes that are chosen together are kept sorted, so that the same choice is the same value."""
    return sorted(value) if one.kind is Kind.CHOICES and isinstance(value, list) else value


def _ids(live: list[list[Any]]) -> tuple[int, ...]:
    return tuple(number for number, _ in live)
