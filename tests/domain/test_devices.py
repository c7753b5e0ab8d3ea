"""Three laptops edit one record apart from each other and exchange what they wrote; in the end all see the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from advocate_app.domain.edits import Edit, edit, filing, readers_change, restoring
from advocate_app.domain.events import Event
from advocate_app.domain.fields import Merge
from advocate_app.domain.merge import RecordView, State, apply, fold, view
from advocate_app.domain.verbs import Verb
from tests.domain.making import AUTHOR, FREEZING, RECORD_ID, X, Y, Z
from tests.domain.oracle import Oracle

RECORD = FREEZING
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "plain": st.sampled_from(["u", "v"]),
        "safe": st.sampled_from(["no", "unsure", "yes", None]),
        "name": st.sampled_from(["u", "v"]),
        "tags": st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
        "code": st.sampled_from(["u", "v"]),
        "number": st.sampled_from(["1", "2", None]),
        "message": st.sampled_from(["no", "yes"]),
        "terms": st.sampled_from(["u", "v"]),
    },
)


@dataclass(frozen=True)
class Sent:
    """An event as it travels: events are named by device and number, the same for all."""

    name: tuple[int, int]
    verb: Verb
    fields: Mapping[int, Any]
    over: Mapping[int, tuple[tuple[int, int], ...]]


@dataclass
class Laptop:
    """One device: what it has pulled, what it has written since, its own row numbers, and what it folded as it went."""

    number: int
    pulled: int = 0
    unsent: list[Sent] = field(default_factory=list)
    written: int = 0
    rows: dict[tuple[int, int], int] = field(default_factory=dict)

    def row(self, name: tuple[int, int]) -> int:
        return self.rows.setdefault(name, 100 * self.number + len(self.rows))


class Laptops(RuleBasedStateMachine):
    """What three people can do to one record, in any order."""

    forms = Bundle("forms")

    def __init__(self) -> None:
        super().__init__()
        self.log: list[Sent] = []
        self.laptops = [Laptop(number) for number in range(3)]

    def events(self, laptop: Laptop) -> list[Event]:
        """What a laptop holds, as its own rows: the log as far as it was pulled, then its own unsent events."""
        placed = [((0, index, 0), sent) for index, sent in enumerate(self.log[: laptop.pulled])]
        known = {sent.name for _, sent in placed}
        placed += [((1, 0, 0), sent) for sent in laptop.unsent if sent.name not in known]
        made = []
        for position, sent in placed:
            number = laptop.row(sent.name)
            made.append(
                Event(
                    id=number,
                    position=position if position[0] == 0 else (1, 0, sent.name[1]),
                    record_type=RECORD.number,
                    record_id=RECORD_ID,
                    verb=sent.verb,
                    fields=sent.fields,
                    over={key: tuple(laptop.row(name) for name in names) for key, names in sent.over.items()},
                    author=AUTHOR,
                    recorded_at=0,
                    zone=0,
                    reason="why",
                )
            )
        return made

    def state(self, laptop: Laptop) -> State:
        return fold(RECORD, self.events(laptop))

    def write(self, laptop: Laptop, change: Edit, verb: Verb) -> None:
        if not change and verb is Verb.WRITE:
            return
        names = {row: name for name, row in laptop.rows.items()}
        over = {key: tuple(names[row] for row in rows) for key, rows in change.over.items()}
        laptop.written += 1
        laptop.unsent.append(Sent(name=(laptop.number, laptop.written), verb=verb, fields=change.fields, over=over))

    @rule(target=forms, number=st.integers(0, 2))
    def open_a_form(self, number: int) -> tuple[int, State]:
        return number, self.state(self.laptops[number])

    @rule(form=consumes(forms), wanted=EDITS, verb=st.sampled_from([Verb.WRITE, Verb.WRITE, Verb.AMEND]))
    def save_a_form(self, form: tuple[int, State], wanted: Mapping[str, Any], verb: Verb) -> None:
        number, seen = form
        self.write(self.laptops[number], edit(RECORD, seen=seen, wanted=wanted), verb)

    @rule(form=consumes(forms), wanted=EDITS)
    def file_a_form(self, form: tuple[int, State], wanted: Mapping[str, Any]) -> None:
        number, seen = form
        self.write(self.laptops[number], filing(RECORD, seen=seen, wanted=wanted), Verb.FILE)

    @rule(number=st.integers(0, 2), strike=st.booleans())
    def strike_or_restore(self, number: int, strike: bool) -> None:
        laptop = self.laptops[number]
        change = Edit(fields={}, over={}) if strike else restoring(self.state(laptop))
        self.write(laptop, change, Verb.STRIKE if strike else Verb.RESTORE)

    @rule(form=consumes(forms), who=st.sampled_from([X, Y, Z]), add=st.booleans(), decide=st.booleans())
    def change_readers(self, form: tuple[int, State], who: bytes, add: bool, decide: bool) -> None:
        number, seen = form
        change = readers_change(RECORD, seen=seen, add=[who] if add else [], remove=[] if add else [who])
        self.write(self.laptops[number], change, Verb.READERS if decide else Verb.WRITE)

    @rule(number=st.integers(0, 2))
    def push(self, number: int) -> None:
        laptop = self.laptops[number]
        self.log += laptop.unsent
        laptop.unsent = []
        laptop.pulled = len(self.log)

    @rule(number=st.integers(0, 2), count=st.integers(1, 3))
    def pull(self, number: int, count: int) -> None:
        laptop = self.laptops[number]
        laptop.pulled = min(len(self.log), laptop.pulled + count)

    @invariant()
    def each_agrees_with_the_oracle_over_what_it_holds(self) -> None:
        for laptop in self.laptops:
            events = self.events(laptop)
            oracle, state = Oracle(RECORD, events), fold(RECORD, events)
            stepped: State = {}
            for event in sorted(events, key=lambda event: event.position):
                stepped = apply(RECORD, stepped, event)
            assert stepped == state
            seen = view(RECORD, state)
            for register in RECORD.registers.values():
                if register.merge in (Merge.SET, Merge.READERS):
                    assert set(seen.values.get(register.name, ())) == oracle.members(register)
                else:
                    live = [[event.id, value] for event, value in oracle.live(register)]
                    assert state.get(register.number, []) == live

    def teardown(self) -> None:
        for number in range(3):
            self.push(number)
        shown = []
        for laptop in self.laptops:
            laptop.pulled = len(self.log)
            shown.append(_named(view(RECORD, self.state(laptop)), laptop))
        assert shown[0] == shown[1] == shown[2]


def _named(seen: RecordView, laptop: Laptop) -> RecordView:
    """A view that names events as all laptops do, not by this one's rows."""
    names: dict[Any, Any] = {row: name for name, row in laptop.rows.items()}
    return replace(
        seen,
        conflicts=tuple(
            replace(
                conflict,
                values=tuple(
                    replace(value, events=tuple(names[row] for row in value.events)) for value in conflict.values
                ),
            )
            for conflict in seen.conflicts
        ),
        filed_by=names.get(seen.filed_by),
        strikes=tuple(names[row] for row in seen.strikes),
        aside=tuple((names[row], register) for row, register in seen.aside),
    )


TestLaptops = Laptops.TestCase
TestLaptops.settings = settings(max_examples=40, stateful_step_count=30)
