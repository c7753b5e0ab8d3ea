"""Projections: the same rows whatever the order, the repeats and the way of delivery, and again after a replay."""

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_app.base.clock import FixedClock
from advocate_app.domain.events import Event
from advocate_app.domain.merge import State, fold, view
from advocate_app.domain.records import by_name, by_number
from advocate_app.domain.verbs import Verb
from advocate_app.store import facts, projections
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_log import NewEvent, append, mark_logged, mark_sealed, receive_all
from advocate_app.store.event_rows import events_of
from advocate_app.store.projections.shelf import decode_state
from advocate_app.store.projections.tables import TABLES, typed_tables
from advocate_app.store.vault import Vault
from advocate_app.wire.events import SealedEvent
from tests.store.recording import IDS, MEMBERS, TEAM, Colleague, file_of, found, me, numbered, tables, typed

CLIENT = IDS.next()
RECORDS = {IDS.next(): by_name["case"], IDS.next(): by_name["contact"], IDS.next(): by_name["safe_contact"]}
FIELDS: Mapping[str, Mapping[str, Any]] = {
    "case": {
        "next_step": st.sampled_from(["a", "b", None]),
        "risk_level": st.sampled_from(["high", "low"]),
        "programmes": st.sampled_from([["x"], ["y"], {"add": ["z"], "remove": ["x", "y"]}]),
        "closed_on": st.sampled_from(["2026", "2027"]),
        "closure_reason": st.sampled_from(["moved", "goals"]),
    },
    "contact": {"direction": st.sampled_from(["in", "out"]), "notes": st.sampled_from(["n", "m"])},
    "safe_contact": {"phone": st.sampled_from(["1", "2"]), "leave_message": st.sampled_from(["no", "yes"])},
}
VERBS = st.sampled_from([Verb.WRITE] * 6 + [Verb.FILE, Verb.AMEND, Verb.STRIKE, Verb.RESTORE])
NAMES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 12)), max_size=3)


@st.composite
def said(draw: st.DrawFn) -> SealedEvent:
    """One event of any kind, whose `over` may name any event, also such as never come."""
    record_id = draw(st.sampled_from(list(RECORDS)))
    record = RECORDS[record_id]
    fields = draw(st.fixed_dictionaries({}, optional=dict(FIELDS[record.name])))
    registers = [0, *record.registers]
    return SealedEvent(
        record_type=record.number,
        record_id=record_id,
        verb=int(draw(VERBS)),
        fields=numbered(record.name, fields),
        over=draw(st.dictionaries(st.sampled_from(registers), NAMES, max_size=3)),
        recorded_at=draw(st.integers(0, 9)),
        zone=-420,
        reason="because",
    )


PARCELS = st.lists(st.tuples(st.sampled_from([2, 3]), st.lists(said(), min_size=1, max_size=3)), min_size=1, max_size=6)


class Undone(Exception):
    """Raised to leave the vault as it was before an example."""


@contextmanager
def undone(vault: Vault) -> Iterator[Writer]:
    """A transaction that is undone at its end."""
    with suppress(Undone), vault.write() as tx:
        yield tx
        raise Undone


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    made = found(tmp_path_factory.mktemp("projections") / "vault")
    yield made
    made.close()


def in_words(record: Any, state: State) -> Any:
    """What a state shows, without the local numbers of its events."""
    seen = view(record, state)
    conflicts = [(one.name, [(one.value, len(one.events)) for one in one.values]) for one in seen.conflicts]
    return seen.values, conflicts, seen.in_force, seen.blocked, seen.status, len(seen.strikes), len(seen.aside)


def state_in(db: Reader, row: int, data: bytes | None) -> State:
    """The state of a record; one of a single plain event is folded from it."""
    kind = db.rows("SELECT type FROM record WHERE id = ?", (row,))[0][0]
    return decode_state(data) if data is not None else fold(by_number[kind], events_of(db, [row]).get(row, []))


def shown(db: Reader) -> dict[bytes, Any]:
    """What the tables say of every record."""
    words = {}
    for row, record_id, kind, status, conflicts, state in db.rows(
        "SELECT id, record_id, type, status, conflicts, state FROM record"
    ):
        folded = state_in(db, row, state)
        seen = in_words(by_number[kind], folded)
        assert status == seen[4]
        assert conflicts == len(seen[1])
        columns = [f'"{one.name}"' for one in TABLES[kind].columns]
        cells = db.rows(f"SELECT standing, {', '.join(columns)} FROM {TABLES[kind].name} WHERE record = ?", (row,))
        words[record_id] = (*seen, cells)
    return words


def oracle(logged: list[tuple[int, int, int, SealedEvent]]) -> dict[bytes, Any]:
    """What each record has to show: (log index, device, no, event) folded by the domain alone."""
    ids = {(device, no): number for number, (_, device, no, _) in enumerate(sorted(logged, key=lambda e: e[:3]), 1)}
    events: dict[bytes, list[Event]] = {}
    for index, device, no, one in logged:
        over = {
            register: [ids[place + 1, number] for place, number in names if (place + 1, number) in ids]
            for register, names in one.over.items()
        }
        events.setdefault(one.record_id, []).append(
            Event(
                id=ids[device, no],
                position=(0, index, no),
                record_type=one.record_type,
                record_id=one.record_id,
                verb=one.verb,
                fields=one.fields,
                over=over,
                author=MEMBERS[device - 1],
                recorded_at=one.recorded_at,
                zone=one.zone,
                reason=one.reason,
            )
        )
    return {
        record_id: in_words(RECORDS[record_id], fold(RECORDS[record_id], held)) for record_id, held in events.items()
    }


def without_cells(words: dict[bytes, Any]) -> dict[bytes, Any]:
    return {record_id: seen[:-1] for record_id, seen in words.items()}


@given(sent=PARCELS, data=st.data())
def test_order_and_repeats_of_delivery_do_not_matter(vault: Vault, sent: Any, data: st.DataObject) -> None:
    devices = {2: Colleague(device=2), 3: Colleague(device=3)}
    logged: list[tuple[int, int, int, SealedEvent]] = []
    seen = []

    def parcels(tx: Writer) -> list[Any]:
        for one in devices.values():
            one.next_no = 1
        made = [
            devices[device].parcel(tx, *events, client=CLIENT, log_index=index)
            for index, (device, events) in enumerate(sent, start=1)
        ]
        logged[:] = [
            (one.log_index or 0, one.device, one.first_no + place, event)
            for one in made
            for place, event in enumerate(one.events)
        ]
        return made

    order = data.draw(st.permutations([*range(len(sent)), *range(min(2, len(sent)))]))
    cuts = data.draw(st.integers(1, len(order)))
    for delivery, size in ((list(range(len(sent))), 1), (order, cuts)):
        with undone(vault) as tx:
            made = parcels(tx)
            for start in range(0, len(delivery), size):
                receive_all(tx, parcels=[made[place] for place in delivery[start : start + size]])
            seen.append(shown(tx))
    assert seen[0] == seen[1]
    assert without_cells(seen[0]) == oracle(logged)


OWN = st.fixed_dictionaries({}, optional={"next_step": st.sampled_from(["p", "q"]), "risk_level": st.just("medium")})


@given(data=st.data())
def test_own_work_among_what_arrives_is_at_every_step_what_a_whole_fold_says(vault: Vault, data: st.DataObject) -> None:
    """Own events are typed, sealed and logged while parcels come in, some late, some first by stick."""
    case = next(record_id for record_id, record in RECORDS.items() if record.name == "case")
    clock = FixedClock(3)
    theirs, mine, other = Colleague(device=2), Colleague(device=1), Colleague(device=3)
    by_stick: list[Any] = []
    unsealed: list[int] = []
    sealed: list[tuple[int, int]] = []
    held: list[Any] = []
    log = 0
    with undone(vault) as tx:
        steps = data.draw(
            st.lists(st.sampled_from(["type", "seal", "log", "theirs", "late", "stick", "sync"]), max_size=14)
        )
        for step in [*steps, "seal", "log", "log", "late", "sync"]:
            if step == "type":
                live = tx.rows(
                    "SELECT e.id FROM event e JOIN record r ON r.id = e.record WHERE r.record_id = ?", (case,)
                )
                over = {23: [row[0] for row in live]} if data.draw(st.booleans()) else {}
                event = typed("case", case, of=CLIENT, over=over, **data.draw(OWN))
                append(tx, events=[event], author=me(clock))
                unsealed.append(tx.rows("SELECT max(id) FROM event")[0][0])
            elif step == "seal" and unsealed:
                first, mine.next_no = mine.next_no, mine.next_no + len(unsealed)
                mark_sealed(tx, stream=TEAM, rows=unsealed, first_no=first)
                sealed.append((first, len(unsealed)))
                unsealed = []
            elif step == "log" and sealed:
                log += 1
                first, count = sealed.pop(0)
                mark_logged(tx, stream=TEAM, first_no=first, count=count, log_index=log)
            elif step == "theirs":
                log += 1
                event = data.draw(said())
                held.append(theirs.parcel(tx, event, client=CLIENT, log_index=log))
                if data.draw(st.booleans()):
                    receive_all(tx, parcels=held[-1:])
                    held.pop()
            elif step == "late" and held:
                receive_all(tx, parcels=list(reversed(held)))
                held = []
            elif step == "stick":
                by_stick.append(other.parcel(tx, data.draw(said()), client=CLIENT, log_index=None))
                receive_all(tx, parcels=by_stick[-1:])
            elif step == "sync" and by_stick:
                log += 1
                receive_all(tx, parcels=[replace(by_stick.pop(0), log_index=log)])
            now = tables(tx)
            projections.refold(tx, [row for (row,) in tx.rows("SELECT id FROM record")])
            assert tables(tx) == now


def test_dropping_and_replaying_gives_the_same_rows(tmp_path: Path) -> None:
    made = found(tmp_path / "vault")
    clock = FixedClock(1_790_000_000_000)
    with made.write() as tx:
        author = Colleague(device=2)
        for index, record_id in enumerate(RECORDS, start=1):
            name = RECORDS[record_id].name
            fields = numbered(name, {"client": CLIENT})
            receive_all(
                tx,
                parcels=[
                    author.parcel(
                        tx,
                        SealedEvent(RECORDS[record_id].number, record_id, 1, fields, {}, 5, 0),
                        client=CLIENT,
                        log_index=index,
                    )
                ],
            )
        for step in ("a", "b"):
            case = next(record_id for record_id, record in RECORDS.items() if record.name == "case")
            append(tx, events=[typed("case", case, of=CLIENT, next_step=step)], author=me(clock))
        strange = SealedEvent(99, IDS.next(), 1, {1: "x"}, {}, 5, 0)
        receive_all(tx, parcels=[author.parcel(tx, strange, client=CLIENT, log_index=9)])
        before = tables(tx)
    told: list[tuple[int, int]] = []
    assert projections.rebuild(made, progress=lambda done, all_: told.append((done, all_)), stop=lambda: False)
    with made.read() as db:
        assert tables(db) == before
        assert projections.is_current(db)
    assert told == [(4, 4)]
    made.close()


def test_a_replay_that_was_stopped_begins_again_at_the_next_opening(tmp_path: Path) -> None:
    made = found(tmp_path / "vault")
    with made.write() as tx:
        append(tx, events=[typed("client", CLIENT, of=CLIENT, code="K1")], author=me(FixedClock(5)))
        before = tables(tx)
    assert not projections.rebuild(made, progress=lambda _done, _all: None, stop=lambda: True)
    with made.read() as db:
        assert not projections.is_current(db)
        assert tables(db) != before
    assert projections.ensure(made)
    with made.read() as db:
        assert tables(db) == before
    made.close()


def test_the_tables_of_another_program_are_replaced_when_a_vault_is_opened(tmp_path: Path) -> None:
    made = found(tmp_path / "vault")
    with made.write() as tx:
        append(tx, events=[typed("client", CLIENT, of=CLIENT, code="K1")], author=me(FixedClock(5)))
        tx.run("CREATE TABLE r_outdated (record INTEGER PRIMARY KEY)")
        tx.run("DROP TABLE r_client")
        facts.put(tx, "projection_version", "of an older program")
    assert projections.ensure(made)
    with made.read() as db:
        assert "r_outdated" not in typed_tables(db)
        assert db.rows("SELECT code FROM r_client") == [("K1",)]
    made.close()


def test_every_declared_type_of_a_persons_record_has_a_table_with_its_listed_fields(vault: Vault) -> None:
    with vault.read() as db:
        for record in by_number.values():
            if record.machinery:
                continue
            names = {name for _, name, *_ in db.rows(f"PRAGMA table_info(r_{record.name})")}
            assert names == {"record", "client", "at", "standing"} | {one.name for one in record.fields if one.listed}


WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def test_only_projections_write_the_tables_that_screens_read() -> None:
    """Statements elsewhere may write the log's own tables, but neither `record` nor a typed table nor the search.

    Two say so on purpose: the count of what is logged, and what has been taken into the search.
    """
    store = Path(projections.__file__).parents[1]
    allowed = {"arrivals.py": 1, "search.py": 3}
    found_in: dict[str, int] = {}
    for path in sorted(store.rglob("*.py")):
        if path.parent.name in ("projections", "migrations"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            words = node.value.upper().replace('"', " ").split()
            if words and words[0] in WRITES:
                target = next(
                    (word for word in words[1:] if word not in ("INTO", "FROM", "OR", "REPLACE", "IGNORE")), ""
                )
                if target in ("RECORD", "SEARCH") or target.startswith("R_"):
                    found_in[path.name] = found_in.get(path.name, 0) + 1
    assert found_in == allowed


def test_only_the_event_log_calls_the_projections() -> None:
    app = Path(projections.__file__).parents[2]
    callers = set()
    for path in app.rglob("*.py"):
        text = path.read_text("utf-8")
        if "projections.project" in text or "import project" in text:
            callers.add(path.relative_to(app).as_posix())
    assert callers == {
        "store/arrivals.py",
        "store/event_log.py",
        "store/projections/__init__.py",
        "store/projections/rebuild.py",
    }


def test_a_new_event_may_name_no_field_that_this_program_does_not_know(vault: Vault) -> None:
    bad = NewEvent(record_type=4, record_id=IDS.next(), verb=1, fields={180: "x"}, compartment=file_of(CLIENT))
    with pytest.raises(Exception, match="does not know its own event"), vault.write() as tx:
        append(tx, events=[bad], author=me(FixedClock(5)))
