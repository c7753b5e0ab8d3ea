"""How a record type is declared once: its fields, their kinds, and how each merges."""

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from dataclasses import field as _made
from enum import StrEnum
from typing import Any, Final

from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.verbs import Verb

RECORD_REGISTER: Final = 0
"""The register number under which `over` names strikes: the record itself."""


class Kind(StrEnum):
    """What a field's value is, as it travels in an event (`None` always means empty)."""

    TEXT = "text"
    """str, one line."""
    LONG_TEXT = "long_text"
    """str, any number of lines."""
    TEXTS = "texts"
    """list of str."""
    CHOICE = "choice"
    """str, a code of the field's code list."""
    CHOICES = "choices"
    """list of codes."""
    DATE = "date"
    """str, ISO, partial allowed: "2026", "2026-11", "2026-11-24"."""
    LOCAL_TIME = "local_time"
    """str, wall time where it happened: "2026-11-24T09:30"; the event's zone tells the rest."""
    INSTANT = "instant"
    """int, milliseconds since 1970 UTC."""
    INT = "int"
    """int, unit said by the field."""
    CENTS = "cents"
    """int, US cents."""
    BOOL = "bool"
    """bool."""
    ID = "id"
    """bytes (16): another record, or a member."""
    IDS = "ids"
    """list of bytes (16)."""
    PHONE = "phone"
    """str as typed; marked when it cannot be a number."""
    BYTES = "bytes"
    """bytes, opaque."""
    SHARES = "shares"
    """dict of name to hundredths of a percent (int); adds up to at most 10,000."""


class Merge(StrEnum):
    """What becomes of two writes that did not know of each other (protocol, section 5)."""

    PLAIN = "plain"
    """All are kept and asked about; the latest logged is shown."""
    SAFETY = "safety"
    """All are kept; the most protective by the declared order is in force; with none, use is blocked."""
    CONSENT = "consent"
    """Nothing is ever replaced; differing terms suspend sharing."""
    IDENTITY = "identity"
    """Both are shown; exports are blocked."""
    LEGAL = "legal"
    """Both are shown; exports are blocked."""
    SET = "set"
    """Members are added and removed one by one; an addition wins over a removal that did not see it."""
    IMMUTABLE = "immutable"
    """The first write stands; what follows is left aside."""
    READERS = "readers"
    """As a set, but a removal wins over an addition that did not see it, until a supervisor decides."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field of a record type. Its number, kind, merge class and group never change once released."""

    name: str
    number: int
    """1 to 199; unique in its record together with the groups' numbers."""
    kind: Kind
    _: KW_ONLY
    choices: str | None = None
    """Name of the code list, for CHOICE and CHOICES."""
    required: bool = False
    """Needed to file or to count; never to save."""
    merge: Merge = Merge.PLAIN
    group: str | None = None
    """The group whose register this field is part of."""
    order: tuple[Any, ...] = ()
    """SAFETY: values from the most protective to the least (`None` = empty may stand among them)."""
    searched: bool = False
    """Goes into full-text search."""
    exported: bool = True
    """May leave in an export (with a release)."""
    listed: bool = False
    """Is a column of lists, thus of the type's table."""
    least: int | None = None
    most: int | None = None
    """Range of INT and CENTS, inclusive."""
    verbs: frozenset[Verb] | None = None
    """Only events of these verbs write this field; None = any writing verb."""
    past: bool = False
    """DATE and LOCAL_TIME: has happened, so a later day is marked."""
    why: str | None = None
    """Where the field or its rule comes from, or what it is for."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Fields that mean something only together: one register. Its value is {field number: value}."""

    name: str
    number: int
    """200 and up; the register's number."""
    merge: Merge = Merge.PLAIN
    order: tuple[str, ...] = ()
    """SAFETY: the member fields that may differ and be judged by their own orders; the others must be equal."""


@dataclass(frozen=True, slots=True)
class Register:
    """The unit of merging: a field of its own, or a group."""

    number: int
    name: str
    merge: Merge
    fields: tuple[Field, ...]
    group: Group | None = None


@dataclass(frozen=True, eq=False)
class Record:
    """One record type, declared once; compared by identity."""

    name: str
    number: int
    """Released; never reused."""
    _: KW_ONLY
    compartment: CompartmentKind
    fields: tuple[Field, ...]
    groups: tuple[Group, ...] = ()
    register: str | None = None
    """Where a record without client lives; a name that ends in "/" goes on with the month. None: it always has one."""
    freezes: bool = False
    """Filing it makes it immutable: afterwards only amendments."""
    ends: tuple[str, ...] = ()
    """CONSENT fields any value of which ends the record for good."""
    apart: Mapping[tuple[str, Any], CompartmentKind] = _made(default_factory=dict)
    """(field name, value) that sends a record to another compartment than the type's own."""
    machinery: bool = False
    """Not a person's record: never listed, searched or exported."""

    by_name: Mapping[str, Field] = _made(init=False, repr=False)
    by_number: Mapping[int, Field] = _made(init=False, repr=False)
    registers: Mapping[int, Register] = _made(init=False, repr=False)
    register_numbers: Mapping[int, int] = _made(init=False, repr=False)
    """Field number to the number of its register."""
    direct: frozenset[int] = _made(init=False, repr=False)
    """Numbers of the fields that are a register of their own and merge by plain replacement (for folding fast)."""

    def __post_init__(self) -> None:
        groups = {group.name: group for group in self.groups}
        registers = {
            one.number: Register(number=one.number, name=one.name, merge=one.merge, fields=(one,))
            for one in self.fields
            if one.group is None
        }
        for group in self.groups:
            members = tuple(one for one in self.fields if one.group == group.name)
            registers[group.number] = Register(
                number=group.number, name=group.name, merge=group.merge, fields=members, group=group
            )
        _claim(self, [one.number for one in self.fields] + [group.number for group in self.groups])
        _claim(self, [one.name for one in self.fields] + list(groups))
        for one in self.fields:
            if one.group is not None and one.group not in groups:
                raise ValueError(f"{self.name}.{one.name}: no group {one.group}")
        held = object.__setattr__
        held(self, "by_name", {one.name: one for one in self.fields})
        held(self, "by_number", {one.number: one for one in self.fields})
        held(self, "registers", registers)
        held(
            self,
            "register_numbers",
            {one.number: groups[one.group].number if one.group else one.number for one in self.fields},
        )
        held(self, "direct", frozenset(one.number for one in self.fields if _is_direct(one)))

    def field(self, name: str) -> Field:
        """The field of this name; KeyError if there is none."""
        return self.by_name[name]

    def register_of(self, one: Field | str) -> Register:
        """The register that a field, or a field or group of this name, is merged in."""
        if isinstance(one, str):
            if one not in self.by_name:
                return next(each for each in self.registers.values() if each.name == one)
            one = self.by_name[one]
        return self.registers[self.register_numbers[one.number]]


def _is_direct(one: Field) -> bool:
    apart = {Merge.CONSENT, Merge.SET, Merge.IMMUTABLE, Merge.READERS}
    return one.group is None and one.verbs is None and one.merge not in apart


def _claim(record: Record, names: Iterable[object]) -> None:
    seen: set[object] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{record.name}: {name} is given twice")
        seen.add(name)
