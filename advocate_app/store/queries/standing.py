"""Records as they stand: where each lies, what its events add up to, and which are meant by a piece of an id."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from advocate_app.domain.compartments import CompartmentKind, CompartmentRef, compartment_id
from advocate_app.domain.events import Event
from advocate_app.domain.merge import State, fold, shown
from advocate_app.domain.records import by_name, by_number
from advocate_app.store import facts
from advocate_app.store.connection import Reader
from advocate_app.store.event_rows import decode_body, events_of
from advocate_app.store.projections.shelf import decode_state

_READERS: Final = by_name["readers"]
_TOLD_OF_ITSELF: Final = """SELECT e.body FROM event e JOIN record r ON r.id = e.record
  WHERE r.record_id = ? AND r.type = ? ORDER BY e.id"""
_COLUMNS: Final = "id, record_id, type, compartment, client, status, conflicts, unlogged, updated_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One record: its row, id (16 bytes), type number, compartment row, and how it stands as a whole."""

    row: int
    record_id: bytes
    type: int
    compartment: int
    client: bytes | None
    status: int
    """A `Status`."""
    conflicts: int
    unlogged: int
    """How many of its events are not on the server yet."""
    updated_at: int
    """Milliseconds since 1970 UTC."""


def find_record(db: Reader, *, record_id: bytes, kind: int) -> Standing | None:
    """The record of this id and type number; where compartments disagree, the one that was here first."""
    sql = f"SELECT {_COLUMNS} FROM record WHERE record_id = ? AND type = ? ORDER BY id LIMIT 1"  # noqa: S608  constant
    row = db.row(sql, (record_id, kind))
    return None if row is None else _standing(row)


def records_ending(db: Reader, *, digits: str, limit: int) -> list[Standing]:
    """Records of people's own types whose id, as 32 hex digits, begins or ends with these (upper case)."""
    sql = f"SELECT {_COLUMNS} FROM record WHERE type < 20 AND (hex(record_id) GLOB ? OR hex(record_id) GLOB ?) LIMIT ?"  # noqa: S608  constant
    return [_standing(row) for row in db.rows(sql, (f"{digits}*", f"*{digits}", limit))]


def list_records(
    db: Reader, *, kind: int, client: bytes | None = None, struck: bool = False, limit: int = -1
) -> list[Standing]:
    """Records of a type number, the latest changed first; `client` names one client's only."""
    # The tail of a client's id is what the index of a client's records is ordered by.
    whose = "" if client is None else "AND substr(client, 12) = substr(?, 12) AND client = ?"
    sql = f"""SELECT {_COLUMNS} FROM record WHERE type = ? {whose} AND updated_at > 0 AND (? OR status <> 2)
      ORDER BY updated_at DESC, id DESC LIMIT ?"""  # noqa: S608  constant
    params = (kind, struck, limit) if client is None else (kind, client, client, struck, limit)
    return [_standing(row) for row in db.rows(sql, params)]


def list_conflicts(db: Reader) -> list[Standing]:
    """Records in which different values stand against each other, the latest changed first."""
    sql = f"SELECT {_COLUMNS} FROM record WHERE conflicts > 0 ORDER BY updated_at DESC, id DESC"  # noqa: S608  constant
    return [_standing(row) for row in db.rows(sql)]


def client_of_code(db: Reader, *, code: str) -> bytes | None:
    """The client of this code, as `domain.client_code.read_code` gives it."""
    row = db.row("SELECT client FROM r_client WHERE code = ? LIMIT 1", (code,))
    return None if row is None else row[0]


def events_in(db: Reader, row: int) -> list[Event]:
    """The applied events of one record, in no particular order."""
    return events_of(db, [row]).get(row, [])


def state_of(db: Reader, standing: Standing) -> State:
    """What a record's events add up to; empty for a type that only a newer program knows."""
    record = by_number.get(standing.type)
    if record is None:
        return {}
    held = db.row("SELECT state FROM record WHERE id = ?", (standing.row,))
    if held is not None and held[0] is not None:
        return decode_state(held[0])
    # A record of one plain event keeps no state.
    return fold(record, events_in(db, standing.row))


def values_of(db: Reader, standing: Standing) -> dict[str, Any]:
    """What a record shows, by field name."""
    record = by_number.get(standing.type)
    if record is None:
        return {}
    return {record.by_number[number].name: value for number, value in shown(record, state_of(db, standing)).items()}


def readers_record(db: Reader, *, compartment: bytes) -> Standing | None:
    """The record that says who reads a compartment (id, 16 bytes); None where this vault knows of none."""
    return find_record(db, record_id=compartment, kind=_READERS.number)


def ref_of(db: Reader, *, compartment: int) -> CompartmentRef | None:
    """What a compartment (row) is and whose; None where that cannot be read here.

    What a colleague's event says of it is believed only if the compartment's id, a hash of kind and owner, agrees:
    even an event that still waits for admission can tell then, and none can lead elsewhere.
    """
    row = db.row("SELECT kind, owner, name, compartment FROM compartment WHERE id = ?", (compartment,))
    if row is None:
        return None
    kind, owner, name, compartment_name = row
    if kind is not None:
        return CompartmentRef(kind=CompartmentKind(kind), owner=name if owner is None else owner)
    agency = facts.find_bytes(db, facts.AGENCY)
    for (body,) in db.rows(_TOLD_OF_ITSELF, (compartment_name, _READERS.number)):
        fields = decode_body(body).fields
        kind, owner, name = (fields.get(_READERS.field(each).number) for each in ("kind", "owner", "name"))
        whose = owner if isinstance(owner, bytes) else name
        if kind not in list(CompartmentKind) or not isinstance(whose, bytes | str):
            continue
        ref = CompartmentRef(kind=CompartmentKind(kind), owner=whose)
        if compartment_id(agency, kind=ref.kind, owner=whose) == compartment_name:
            return ref
    return None


def not_understood(db: Reader) -> list[tuple[bytes, int, int]]:
    """What needs a newer program: (record id, type number, number of events), by record."""
    return db.rows(
        "SELECT r.record_id, r.type, count(*) FROM event e JOIN record r ON r.id = e.record "
        "WHERE e.state = 1 GROUP BY r.id ORDER BY r.id"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForAdmission:
    """Events of one parcel that wait for a supervisor: the envelope's leaf (32 bytes), the parcel's place in it."""

    leaf: bytes
    parcel: int
    compartment: int
    member: bytes
    """Whose device sealed them."""
    events: tuple[int, ...]
    """Local ids."""
    recorded_at: int


def list_for_admission(db: Reader) -> list[ForAdmission]:
    """What waits for a supervisor to let it in, the oldest first."""
    rows = db.rows(
        """SELECT e.stream, e.log_index, r.compartment, l.leaf, d.member, min(e.recorded_at), group_concat(e.id)
          FROM event e JOIN record r ON r.id = e.record JOIN device d ON d.id = e.device
          JOIN log_entry l ON l.stream = e.stream AND l.idx = e.log_index
          WHERE e.state = 2 GROUP BY e.stream, e.log_index, r.compartment ORDER BY e.log_index, min(e.no)"""
    )
    return [
        ForAdmission(
            leaf=leaf,
            parcel=_parcel_of(db, stream=stream, log_index=log_index, compartment=compartment),
            compartment=compartment,
            member=member,
            events=tuple(sorted(map(int, events.split(",")))),
            recorded_at=recorded_at,
        )
        for stream, log_index, compartment, leaf, member, recorded_at, events in rows
    ]


def _parcel_of(db: Reader, *, stream: int, log_index: int, compartment: int) -> int:
    """Which parcel of its envelope a compartment's events came in: the opened ones stand where none is still sealed."""
    opened: Sequence[tuple[int]] = db.rows(
        """SELECT r.compartment FROM event e JOIN record r ON r.id = e.record
          WHERE e.stream = ? AND e.log_index = ? GROUP BY r.compartment ORDER BY min(e.no)""",
        (stream, log_index),
    )
    closed = {
        place
        for (place,) in db.rows("SELECT ordinal FROM parcel WHERE stream = ? AND log_index = ?", (stream, log_index))
    }
    free = [place for place in range(len(opened) + len(closed)) if place not in closed]
    return free[[row for (row,) in opened].index(compartment)]


def _standing(row: tuple[Any, ...]) -> Standing:
    number, record_id, kind, compartment, client, status, conflicts, unlogged, updated_at = row
    return Standing(
        row=number,
        record_id=record_id,
        type=kind,
        compartment=compartment,
        client=client,
        status=status,
        conflicts=conflicts,
        unlogged=unlogged,
        updated_at=updated_at,
    )


def count_newer(db: Reader) -> int:
    """How many events wait for a newer program."""
    row = db.row("SELECT count(*) FROM event WHERE state = 1")
    assert row is not None
    return int(row[0])
