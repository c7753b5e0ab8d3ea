"""Names of events that arrive: which are here already, what `over` means here, and whether a record is in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from advocate_app.domain.compartments import CompartmentKind, compartment_id
from advocate_app.domain.records import by_name
from advocate_app.store import facts
from advocate_app.store.connection import Reader
from advocate_app.store.event_rows import APPLIED, REFUSED, Ref, ids_of_names, in_lists
from advocate_app.store.projections.shapes import Shape
from advocate_app.store.projections.touched import RecordKey
from advocate_app.wire.events import SealedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """The events of one opened parcel, and what the log and the roster say of them."""

    stream: int
    """Row of the stream."""
    log_index: int | None
    """Where its envelope stands on the log; None while that is not known (it came by stick)."""
    device: int
    """Row of the device that sealed it."""
    author: bytes
    """That device's member, 16 bytes."""
    cited: int
    """Roster size that the envelope cites."""
    first_no: int
    """Number of the first event of this parcel."""
    compartment: int
    """Row of the compartment whose key opened it."""
    events: Sequence[SealedEvent]
    devices: Sequence[int]
    """Device row for each entry of the delta's `devices`."""
    states: Sequence[int] | int = APPLIED
    """How each event was judged (or all of them): APPLIED, ADMISSION or REFUSED."""


Pending = tuple[Arrived, int, SealedEvent, Shape, int, RecordKey]
"""An event to be written: its parcel, its number, itself, its shape, its state, its record."""

Held = tuple[int, int, int | None, int]
"""An event that is here: local id, record row, place on the log, state."""

# Without its last words this would not be answered from the index of names, which holds only what has one.
_HIGHEST: Final = "SELECT ifnull(max(no), 0) FROM event WHERE stream = ? AND device = ? AND no IS NOT NULL"
_HELD: Final = """SELECT no, id, record, log_index, state FROM event
  WHERE stream = ? AND device = ? AND no BETWEEN ? AND ?"""
_COMPARTMENT_IDS: Final = "SELECT id, compartment FROM compartment WHERE id IN ({places})"

_CLIENT: Final = by_name["client"].number
_READERS: Final = by_name["readers"].number


class Numbers:
    """Tells which events of an arriving parcel are here already, in the vault or among those about to be written."""

    def __init__(self, db: Reader, pending: Sequence[Pending]) -> None:
        self._db = db
        self._pending = pending
        self._highest: dict[tuple[int, int], int] = {}

    def held(self, parcel: Arrived) -> dict[int, Held]:
        """Number to what is here; for a device's newest events there is nothing to look for."""
        place = (parcel.stream, parcel.device)
        highest = self._highest.get(place)
        if highest is None:
            row = self._db.row(_HIGHEST, place)
            assert row is not None
            highest = int(row[0])
        last = parcel.first_no + len(parcel.events) - 1
        self._highest[place] = max(highest, last)
        if parcel.first_no > highest:
            return {}
        found = self._db.rows(_HELD, (*place, parcel.first_no, last))
        held: dict[int, Held] = {no: (event, record, index, state) for no, event, record, index, state in found}
        for other, no, *_ in self._pending:
            if (other.stream, other.device) == place and parcel.first_no <= no <= last:
                held[no] = (0, 0, other.log_index or 0, APPLIED)
        return held


class Names:
    """Turns the names in `over` into local ids, also of events that come in the same breath."""

    def __init__(self, db: Reader, pending: Sequence[Pending], *, first: int) -> None:
        self._is_lacking = False
        self._known: dict[tuple[int, int, int], int] = {}
        wanted: dict[int, dict[int, set[int]]] = {}
        for parcel, _, event, *_ in pending:
            for names in event.over.values():
                for place, no in names:
                    if place < len(parcel.devices):
                        wanted.setdefault(parcel.stream, {}).setdefault(parcel.devices[place], set()).add(no)
        if not wanted:
            return
        for stream, named in wanted.items():
            for (device, no), local in ids_of_names(db, stream=stream, names=named).items():
                self._known[stream, device, no] = local
        for row, (parcel, no, *_) in enumerate(pending, start=first):
            self._known[parcel.stream, parcel.device, no] = row

    def local(self, parcel: Arrived, over: Mapping[int, Sequence[tuple[int, int]]]) -> dict[int, list[Ref]]:
        """What goes into the row: local ids, and [device row, no] of events that have not come yet."""
        known, stream, devices = self._known.get, parcel.stream, parcel.devices
        count = len(devices)
        return {
            register: [
                known((stream, devices[place], no)) or self._lacking(devices[place], no)
                for place, no in names
                if place < count
            ]
            for register, names in over.items()
        }

    def seen(self, over: Mapping[int, Sequence[Ref]]) -> Mapping[int, Sequence[int]]:
        """Of what is in the row, the local ids."""
        if not self._is_lacking:
            return cast(Mapping[int, Sequence[int]], over)
        return {register: [ref for ref in refs if isinstance(ref, int)] for register, refs in over.items()}

    def _lacking(self, device: int, no: int) -> Ref:
        self._is_lacking = True
        return [device, no]


class Places:
    """Refuses a client's own record, or a compartment's readers, in a compartment that is not theirs."""

    def __init__(self, db: Reader, parcels: Sequence[Arrived]) -> None:
        self._db = db
        self._parcels = parcels
        self._agency = b""
        self._ids: dict[int, bytes] = {}

    @staticmethod
    def are_told_by(kind: int) -> bool:
        """Whether the id of a record of this type (number) says which compartment it must be in."""
        return kind in (_CLIENT, _READERS)

    def judge(self, event: SealedEvent, *, compartment: int) -> int:
        """APPLIED or REFUSED."""
        if not self._ids:
            self._look_up()
        own = event.record_id
        if event.record_type == _CLIENT:
            own = compartment_id(self._agency, kind=CompartmentKind.FILE, owner=own)
        return APPLIED if own == self._ids.get(compartment) else REFUSED

    def _look_up(self) -> None:
        self._agency = facts.find_bytes(self._db, facts.AGENCY)
        for sql, params in in_lists(_COMPARTMENT_IDS, list({parcel.compartment for parcel in self._parcels})):
            self._ids |= dict(self._db.rows(sql, params))
