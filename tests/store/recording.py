"""A vault with an agency in it, members who write and colleagues whose parcels arrive, for tests of the event log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.domain.compartments import CompartmentKind, CompartmentRef, compartment_id
from advocate_app.domain.records import by_name
from advocate_app.domain.verbs import Verb
from advocate_app.store import facts
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_log import Arrived, Author, NewEvent
from advocate_app.store.vault import Vault
from advocate_app.wire.events import SealedEvent
from advocate_app.wire.roster import agency_stream_id
from tests.store.making import CLOCK, make_vault

AGENCY = b"agency".ljust(16, b".")
TEAM = 1
"""Row of the team's stream."""
EVERYONE = 2
"""Row of the stream `agency`."""
MEMBERS = (b"me".ljust(16, b"."), b"colleague".ljust(16, b"."), b"other".ljust(16, b"."))
"""The members of the device rows 1, 2 and 3."""
IDS = SeededIds(CLOCK, seed=11)


def found(path: Path, *, seed: int = 1) -> Vault:
    """A vault of device row 1, with two colleagues' devices, a team's stream and that of the agency."""
    vault = make_vault(path, seed=seed)
    with vault.write() as tx:
        facts.put(tx, facts.AGENCY, AGENCY)
        facts.put(tx, facts.HOME_STREAM, TEAM)
        for row, member in enumerate(MEMBERS, start=1):
            tx.run("INSERT INTO device VALUES (?, ?, ?)", (row, b"device".ljust(15, b".") + bytes([row]), member))
        for row, stream in ((TEAM, b"team".ljust(16, b".")), (EVERYONE, agency_stream_id(AGENCY))):
            tx.run("INSERT INTO stream VALUES (?, ?, 0, 0, x'', 0)", (row, stream))
    return vault


def me(clock: FixedClock, *roles: str) -> Author:
    """The member whose vault this is."""
    return Author(
        member=MEMBERS[0], roles=frozenset(roles or ("advocate",)), cited=3, clock=clock, ids=SeededIds(clock, seed=5)
    )


def numbered(kind: str, fields: Mapping[str, Any]) -> dict[int, Any]:
    """Fields by number."""
    return {by_name[kind].field(name).number: value for name, value in fields.items()}


def file_of(client: bytes, kind: CompartmentKind = CompartmentKind.FILE) -> CompartmentRef:
    """One of a client's compartments."""
    return CompartmentRef(kind=kind, owner=client)


def typed(
    kind: str,
    record_id: bytes,
    /,
    *,
    of: bytes,
    verb: Verb = Verb.WRITE,
    over: Mapping[int, Sequence[int]] | None = None,
    reason: str | None = None,
    **fields: Any,
) -> NewEvent:
    """One event as a command makes it, in the file of the client `of`."""
    return NewEvent(
        record_type=by_name[kind].number,
        record_id=record_id,
        verb=verb,
        fields=numbered(kind, fields),
        compartment=file_of(of),
        over=over or {},
        reason=reason,
    )


def sealed(
    kind: str,
    record_id: bytes,
    /,
    *,
    verb: int = Verb.WRITE,
    over: Mapping[int, list[tuple[int, int]]] | None = None,
    at: int = 1_790_000_000_000,
    reason: str | None = None,
    **fields: Any,
) -> SealedEvent:
    """One event as it comes out of a parcel; `over` names (place in DEVICES, no)."""
    return SealedEvent(
        record_type=by_name[kind].number,
        record_id=record_id,
        verb=int(verb),
        fields=numbered(kind, fields),
        over=dict(over or {}),
        recorded_at=at,
        zone=-420,
        reason=reason,
    )


DEVICES = (1, 2, 3)
"""What every test parcel's `devices` stand for: place 0 is device row 1, and so on."""


def compartment_row(tx: Writer, ref: CompartmentRef) -> int:
    """The row of a compartment, made if need be."""
    name = compartment_id(AGENCY, kind=ref.kind, owner=ref.owner)
    tx.run("INSERT INTO compartment (compartment, stream) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, TEAM))
    row = tx.row("SELECT id FROM compartment WHERE compartment = ?", (name,))
    assert row is not None
    return int(row[0])


@dataclass
class Colleague:
    """A device whose parcels are numbered as they are made."""

    device: int
    next_no: int = 1
    made: list[tuple[int, int, tuple[SealedEvent, ...]]] = field(default_factory=list)

    def parcel(
        self, tx: Writer, *events: SealedEvent, client: bytes, log_index: int | None, states: Sequence[int] | int = 0
    ) -> Arrived:
        """The next parcel of this device."""
        first, self.next_no = self.next_no, self.next_no + len(events)
        return Arrived(
            stream=TEAM,
            log_index=log_index,
            device=self.device,
            author=MEMBERS[self.device - 1],
            cited=3,
            first_no=first,
            compartment=compartment_row(tx, file_of(client)),
            events=events,
            devices=DEVICES,
            states=states,
        )


PROJECTED = ("record", "r_client", "r_safe_contact", "r_contact", "r_case", "r_service", "r_task", "r_note", "r_review")


def tables(db: Reader) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that projections write, but for what waits to be searched."""
    shown = {name: db.rows(f"SELECT * FROM {name} ORDER BY 1") for name in PROJECTED[1:]}
    shown["record"] = db.rows(
        """SELECT id, record_id, type, compartment, client, status, conflicts, state, last_index, unlogged, updated_at
          FROM record ORDER BY id"""
    )
    return shown
