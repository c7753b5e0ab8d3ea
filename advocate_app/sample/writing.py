"""Turns invented work into events: who wrote what over what, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.domain.compartments import CompartmentRef
from advocate_app.domain.edits import edit, filing
from advocate_app.domain.events import Event
from advocate_app.domain.fields import Kind, Record
from advocate_app.domain.merge import State, apply
from advocate_app.domain.placing import place
from advocate_app.domain.records import by_name
from advocate_app.domain.verbs import Verb

_WINTER, _SUMMER = -420, -360


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """One invented change to one record, as `domain.events.Event` says, before any vault has seen it."""

    number: int
    """1, 2, 3 and on: what `over` names, and the local id in a vault that holds nothing else."""
    author: int
    """Index into the corpus' members."""
    record: Record
    record_id: bytes
    verb: int
    fields: Mapping[int, Any]
    over: Mapping[int, tuple[int, ...]]
    compartment: CompartmentRef
    client: bytes | None
    recorded_at: int
    zone: int
    reason: str | None = None
    txn: bytes | None = None


@dataclass(slots=True)
class Sheet:
    """One invented record, as far as it has been written."""

    record: Record
    id: bytes
    compartment: CompartmentRef
    client: bytes | None
    state: State


class Writing:
    """The desk at which all events are written, one after the other, while its clock moves on."""

    def __init__(self, *, seed: int, start: int, members: int) -> None:
        """`start` is in ms since 1970 UTC; so many members write."""
        self.clock = FixedClock(start, zone=0)
        self.ids = SeededIds(self.clock, seed=seed)
        self.members = tuple(self.ids.next() for _ in range(members))
        self.written: list[SampleEvent] = []
        self.author = 0
        self._number = 0

    @property
    def day(self) -> date:
        """Today, in New Mexico."""
        return self._local().date()

    def wall(self, *, minutes_ago: int = 0) -> str:
        """The local time, to the minute, so long ago."""
        ms = self.clock.now() + 60_000 * (self._zone() - minutes_ago)
        return datetime.fromtimestamp(ms / 1000, tz=UTC).strftime("%Y-%m-%dT%H:%M")

    def move_to(self, ms: int) -> None:
        """Let it be that late, if it is not yet."""
        self.clock.advance(max(0, ms - self.clock.now()))

    def take(self) -> list[SampleEvent]:
        """What was written since the last time."""
        written, self.written = self.written, []
        return written

    def make(
        self,
        kind: str,
        fields: Mapping[str, Any],
        *,
        client: bytes | None,
        verb: Verb = Verb.WRITE,
        txn: bytes | None = None,
    ) -> Sheet:
        """Write a new record of this type; None and empty lists are left out."""
        record = by_name[kind]
        record_id = client if kind == "client" and client is not None else self.ids.next()
        wanted = {name: value for name, value in fields.items() if value is not None and value != []}
        if client is not None and kind != "client":
            wanted = {"client": client, **wanted}
        where = place(record, record_id=record_id, fields=wanted, month=self.wall()[:7])
        sheet = Sheet(record=record, id=record_id, compartment=where, client=client, state={})
        self._write(sheet, wanted, verb=verb, txn=txn)
        return sheet

    def change(
        self, sheet: Sheet, fields: Mapping[str, Any], *, verb: Verb = Verb.WRITE, reason: str | None = None
    ) -> None:
        """Write a change of a record, by someone who has seen all of it."""
        self._write(sheet, fields, verb=verb, reason=reason)

    def file(self, sheet: Sheet) -> None:
        """File a record: its whole content is stated once more."""
        said = filing(sheet.record, seen=sheet.state)
        self._add(sheet, said.fields, said.over, verb=Verb.FILE)

    def _write(
        self,
        sheet: Sheet,
        wanted: Mapping[str, Any],
        *,
        verb: Verb,
        reason: str | None = None,
        txn: bytes | None = None,
    ) -> None:
        said = edit(sheet.record, seen=sheet.state, wanted=wanted)
        if said:
            self._add(sheet, said.fields, said.over, verb=verb, reason=reason, txn=txn)

    def _add(
        self,
        sheet: Sheet,
        fields: Mapping[int, Any],
        over: Mapping[int, tuple[int, ...]],
        *,
        verb: Verb,
        reason: str | None = None,
        txn: bytes | None = None,
    ) -> None:
        self._number += 1
        at = self.clock.now()
        event = Event(
            id=self._number,
            position=(0, self._number, 0),
            record_type=sheet.record.number,
            record_id=sheet.id,
            verb=int(verb),
            fields=fields,
            over=over,
            author=self.members[self.author],
            recorded_at=at,
            zone=self._zone(),
            reason=reason,
        )
        sheet.state = apply(sheet.record, sheet.state, event)
        self.written.append(
            SampleEvent(
                number=self._number,
                author=self.author,
                record=sheet.record,
                record_id=sheet.id,
                verb=int(verb),
                fields=fields,
                over=over,
                compartment=sheet.compartment,
                client=sheet.client,
                recorded_at=at,
                zone=event.zone,
                reason=reason,
                txn=txn,
            )
        )

    def _zone(self) -> int:
        """Minutes east of UTC in New Mexico, near enough: summer time from mid-March to early November."""
        utc = datetime.fromtimestamp(self.clock.now() / 1000, tz=UTC)
        return _SUMMER if (3, 10) <= (utc.month, utc.day) < (11, 3) else _WINTER

    def _local(self) -> datetime:
        return datetime.fromtimestamp((self.clock.now() + 60_000 * self._zone()) / 1000, tz=UTC)


def fields_by_name(event: SampleEvent) -> dict[str, Any]:
    """What an event writes, by field name; ids as UUID-like hex, sets that change as they are."""
    by_number = event.record.by_number
    return {
        by_number[number].name: value.hex() if by_number[number].kind is Kind.ID and value else value
        for number, value in event.fields.items()
    }
