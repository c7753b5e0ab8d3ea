"""The merge rules once more, naively: nothing is folded; every write is asked whether some later write names it."""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

from advocate_app.domain.events import Event
from advocate_app.domain.fields import Field, Merge, Record, Register
from advocate_app.domain.verbs import Verb

Write = tuple[Event, Any]


class Oracle:
    """What should be true of a record, given all its events in any order."""

    def __init__(self, record: Record, events: Iterable[Event]) -> None:
        self.record = record
        self.events = list({event.id: event for event in events}.values())
        self.frozen_by = self._first_filing() if record.freezes else None

    def _first_filing(self) -> Event | None:
        filings = [event for event in self.events if event.verb == Verb.FILE]
        return min(filings, key=lambda event: event.position, default=None)

    def counts(self, event: Event) -> bool:
        """Whether an event may write fields at all."""
        if event.verb in (Verb.STRIKE, Verb.RESTORE):
            return False
        late = self.frozen_by is not None and event.position > self.frozen_by.position
        return event.verb == Verb.AMEND or not late

    def writes(self, register: Register) -> list[Write]:
        """Every write to a register that counts, earliest first, with its value."""
        found: list[Write] = []
        for event in sorted(self.events, key=lambda event: event.position):
            given = {
                one.number: event.fields[one.number]
                for one in register.fields
                if one.number in event.fields and (one.verbs is None or event.verb in one.verbs)
            }
            if not given or not self.counts(event):
                continue
            if register.group is not None:
                found.append((event, {number: value for number, value in given.items() if value is not None}))
            else:
                found.append((event, given[register.number]))
        return found

    def live(self, register: Register) -> list[Write]:
        """The writes that nothing has replaced, earliest first."""
        writes = self.writes(register)
        if register.merge is Merge.CONSENT:
            return writes
        if register.merge is Merge.IMMUTABLE:
            return writes[:1]
        return [write for write in writes if not any(self._replaces(later, write, register) for later in writes)]

    def _replaces(self, later: Write, write: Write, register: Register) -> bool:
        if later[0].position <= write[0].position:
            return False
        return later[0] is self.frozen_by or write[0].id in later[0].over.get(register.number, ())

    # Sets: one question for each member.

    def _signs_off(self, register: Register, event: Event) -> bool:
        return event is self.frozen_by and register.merge is Merge.SET

    def adds(self, register: Register, member: Any) -> list[Event]:
        """The events whose addition of a member nothing has removed."""
        writes = self.writes(register)
        return [
            event
            for event, value in writes
            if member in _added(value) and not any(self._removes(w, event, member, register) for w in writes)
        ]

    def _removes(self, later: Write, event: Event, member: Any, register: Register) -> bool:
        by, value = later
        if by.position <= event.position:
            return False
        if self._signs_off(register, by):
            return True
        return member in _removed(value) and event.id in by.over.get(register.number, ())

    def removals(self, register: Register, member: Any) -> list[Event]:
        """The removals of a reader that no supervisor has set aside."""
        writes = self.writes(register)
        return [
            event
            for event, value in writes
            if member in _removed(value)
            and not any(
                by.verb == Verb.READERS
                and by.position > event.position
                and event.id in by.over.get(register.number, ())
                and member in _added(decided) + _removed(decided)
                for by, decided in writes
            )
        ]

    def members(self, register: Register) -> set[Any]:
        """Who is in a set, or reads a compartment."""
        everyone = {one for _, value in self.writes(register) for one in _added(value)}
        return {
            one
            for one in everyone
            if self.adds(register, one) and not (register.merge is Merge.READERS and self.removals(register, one))
        }

    def torn(self, register: Register) -> set[Any]:
        """Readers with both an addition and a removal that stand."""
        everyone = {one for _, value in self.writes(register) for one in _added(value)}
        return {one for one in everyone if self.adds(register, one) and self.removals(register, one)}

    # What is seen.

    def values(self, register: Register) -> list[Any]:
        """The different live values, by when each was last written."""
        live = self.live(register)
        return [
            value
            for place, (_, value) in enumerate(live)
            if not any(identical(value, other) for _, other in live[place + 1 :])
        ]

    def safest(self, register: Register) -> list[Any]:
        """The live values that protect at least as well as every other; empty if none does."""
        values = self.values(register)
        better = _compare_group(register) if register.group else _compare_field(register.fields[0])
        return [value for value in values if all(better(value, other) for other in values)]

    def shown(self, register: Register) -> Any:
        """The one value on the screen; LookupError if there is none."""
        values = self.values(register)
        if register.merge is Merge.CONSENT:
            return self.live(register)[0][1]
        if register.merge is Merge.SAFETY and len(values) > 1 and self.safest(register):
            return self.safest(register)[0]
        return values[-1]

    def strikes(self) -> list[Event]:
        """The strikes that stand, earliest first."""
        return [
            strike
            for strike in sorted(self.events, key=lambda event: event.position)
            if strike.verb == Verb.STRIKE
            and not any(
                event.verb == Verb.RESTORE and event.position > strike.position and strike.id in event.over.get(0, ())
                for event in self.events
            )
        ]

    def ended(self) -> bool:
        """Whether anything was ever written to a field that ends the record."""
        return any(value for name in self.record.ends for _, value in self.writes(self.record.register_of(name)))

    def filing(self) -> Event | None:
        """The event that filed it."""
        filings = [event for event in self.events if event.verb == Verb.FILE]
        return min(filings, key=lambda event: event.position, default=None)

    def aside(self) -> set[tuple[int, int]]:
        """The writes that were not taken: (event, register), 0 for a whole event."""
        found = {
            (event.id, 0)
            for event in self.events
            if event.fields and event.verb not in (Verb.STRIKE, Verb.RESTORE) and not self.counts(event)
        }
        for register in self.record.registers.values():
            if register.merge is Merge.IMMUTABLE:
                writes = self.writes(register)
                found |= {(event.id, register.number) for event, value in writes if not identical(value, writes[0][1])}
            elif register.merge not in (Merge.CONSENT, Merge.READERS):
                found |= {(event.id, register.number) for event in self._unsigned(register)}
        return found

    def _unsigned(self, register: Register) -> list[Event]:
        """The live writes that the filing neither states nor knew of."""
        filing = self.frozen_by
        stated = [value for event, value in self.writes(register) if event is filing]
        if filing is None or not stated:
            return []
        before = Oracle(self.record, [event for event in self.events if event.position < filing.position])
        if register.merge is Merge.SET:
            content = _added(stated[0])
            apart = [
                event
                for event, value in before.writes(register)
                if any(event in before.adds(register, one) and one not in content for one in _added(value))
            ]
        else:
            apart = [event for event, value in before.live(register) if not identical(value, stated[0])]
        return [event for event in apart if event.id not in filing.over.get(register.number, ())]

    def state(self) -> dict[int, list[list[Any]]]:
        """The whole state, entry by entry, but for what is left aside."""
        found: dict[int, list[list[Any]]] = {0: [[strike.id, strike.reason] for strike in self.strikes()]}
        filing = self.filing()
        found[-1] = [] if filing is None else [[filing.id, filing.recorded_at]]
        for register in self.record.registers.values():
            writes = self.writes(register)
            if register.merge not in (Merge.SET, Merge.READERS):
                found[register.number] = [[event.id, value] for event, value in self.live(register)]
                continue
            held = [
                [event.id, [one for one in _added(value) if event in self.adds(register, one)]]
                for event, value in writes
            ]
            found[register.number] = [entry for entry in held if entry[1]]
            if register.merge is Merge.READERS:
                gone = [
                    [event.id, [one for one in _removed(value) if event in self.removals(register, one)]]
                    for event, value in writes
                ]
                found[-3] = [entry for entry in gone if entry[1]]
        return {number: entries for number, entries in found.items() if entries}


def identical(one: Any, other: Any) -> bool:
    """Equal and of one type, all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(identical(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(identical(*pair) for pair in zip(one, other, strict=True))
    return bool(one == other)


def _compare_field(one: Field) -> Callable[[Any, Any], bool]:
    pairs = [(a, b) for (i, a), (j, b) in product(enumerate(one.order), repeat=2) if i <= j]
    return lambda a, b: identical(a, b) or any(identical(a, p) and identical(b, q) for p, q in pairs)


def _compare_group(register: Register) -> Callable[[Any, Any], bool]:
    assert register.group is not None
    order = register.group.order

    def better(a: Any, b: Any) -> bool:
        return all(
            (_compare_field(one) if one.name in order else identical)(a.get(one.number), b.get(one.number))
            for one in register.fields
        )

    return better


def _added(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = value.get("add")
    return [one for one in value if isinstance(one, (str, bytes))] if isinstance(value, list) else []


def _removed(value: Any) -> list[Any]:
    gone = value.get("remove") if isinstance(value, dict) else None
    return [one for one in gone if isinstance(one, (str, bytes))] if isinstance(gone, list) else []
