"""The event log: what is typed here and what arrives come in by one door."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from advocate_app.base.clock import FixedClock
from advocate_app.base.errors import Refusal
from advocate_app.domain.compartments import CompartmentKind, CompartmentRef, compartment_id
from advocate_app.domain.merge import fold, view
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes, Topic
from advocate_app.store.connection import Reader
from advocate_app.store.event_log import (
    NewEvent,
    append,
    mark_logged,
    mark_sealed,
    receive,
    receive_all,
    replay_newer,
    set_state,
)
from advocate_app.store.event_rows import EventState, events_of
from advocate_app.store.vault import Vault
from advocate_app.wire.events import SealedEvent
from tests.store.recording import (
    AGENCY,
    EVERYONE,
    IDS,
    MEMBERS,
    TEAM,
    Colleague,
    file_of,
    found,
    me,
    sealed,
    tables,
    typed,
)

CASE = by_name["case"]
NEXT_STEP = CASE.field("next_step").number
CLOCK = FixedClock(1_790_000_100_000)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = found(tmp_path / "vault")
    yield made
    made.close()


def shows(db: Reader, record_id: bytes) -> dict[str, Any]:
    """What a record shows, folded from its event rows; and that the tables agree is checked by the way."""
    row, kind, conflicts = db.rows("SELECT id, type, conflicts FROM record WHERE record_id = ?", (record_id,))[0]
    record = next(each for each in by_name.values() if each.number == kind)
    shown = view(record, fold(record, events_of(db, [row]).get(row, [])))
    assert conflicts == len(shown.conflicts)
    return dict(shown.values)


def done(changes: Changes | Refusal) -> Changes:
    assert isinstance(changes, Changes)
    return changes


def test_what_is_typed_is_in_the_log_and_in_the_tables_at_once(vault: Vault) -> None:
    client = IDS.next()
    with vault.write() as tx:
        event = typed("client", client, of=client, code="K7", first_name="Ana", language="es")
        changes = done(append(tx, events=[event], author=me(CLOCK)))
    assert changes.topics == {Topic.CLIENTS, Topic.WAITING}
    assert changes.clients == {client}
    with vault.read() as db:
        assert db.rows("SELECT device, stream, no, log_index, cited, verb, state, recorded_at FROM event") == [
            (1, TEAM, None, None, 3, 1, 0, CLOCK.now())
        ]
        assert db.rows("SELECT client, code, first_name, language, standing FROM r_client") == [
            (client, "K7", "Ana", "es", 0)
        ]
        assert shows(db, client) == {"code": "K7", "first_name": "Ana", "language": "es"}


def test_a_refused_power_writes_nothing(vault: Vault) -> None:
    client = IDS.next()
    with vault.write() as tx:
        said = append(tx, events=[typed("client", client, of=client, code="K7")], author=me(CLOCK, "auditor"))
        assert said == Refusal("power.missing", {"record_type": 1, "verb": 1})
        assert tx.rows("SELECT 1 FROM event") == tx.rows("SELECT 1 FROM record") == []


def test_a_clients_compartments_live_where_its_file_lives_and_registers_with_everyone(vault: Vault) -> None:
    client, moved = IDS.next(), IDS.next()
    name = compartment_id(AGENCY, kind=CompartmentKind.FILE, owner=moved)
    with vault.write() as tx:
        tx.run("INSERT INTO stream VALUES (3, ?, 0, 0, x'', 0)", (b"other team".ljust(16, b"."),))
        tx.run("INSERT INTO compartment (compartment, stream) VALUES (?, 3)", (name,))
        note = by_name["note"].number
        events = [
            NewEvent(record_type=note, record_id=IDS.next(), verb=1, fields={1: owner}, compartment=where)
            for owner, where in (
                (client, file_of(client, CompartmentKind.NARRATIVE)),
                (moved, file_of(moved, CompartmentKind.NARRATIVE)),
                (None, CompartmentRef(kind=CompartmentKind.REGISTER, owner="notes")),
                (moved, file_of(moved)),
            )
        ]
        done(append(tx, events=events, author=me(CLOCK)))
        assert tx.rows("SELECT kind, owner, name, stream FROM compartment ORDER BY id") == [
            ("file", moved, None, 3),
            ("narrative", client, None, TEAM),
            ("narrative", moved, None, 3),
            ("register", None, "notes", EVERYONE),
        ]
        assert [stream for (stream,) in tx.rows("SELECT stream FROM event ORDER BY id")] == [TEAM, 3, EVERYONE, 3]


def test_two_edits_that_did_not_know_of_each_other_are_a_conflict_until_one_resolves_it(vault: Vault) -> None:
    client, case = IDS.next(), IDS.next()
    colleague = Colleague(device=2)
    with vault.write() as tx:
        done(append(tx, events=[typed("case", case, of=client, next_step="mine")], author=me(CLOCK)))
        theirs = colleague.parcel(tx, sealed("case", case, next_step="theirs"), client=client, log_index=4)
        receive(tx, batch=theirs)
        assert tx.rows("SELECT conflicts, last_index, unlogged FROM record") == [(1, 4, 1)]
        # Logged before unlogged: mine is the latest, though it was here first.
        assert shows(tx, case)["next_step"] == "mine"
        both = [event for (event,) in tx.rows("SELECT id FROM event")]
        done(
            append(
                tx,
                events=[typed("case", case, of=client, next_step="ours", over={NEXT_STEP: both})],
                author=me(CLOCK),
            )
        )
        assert tx.rows("SELECT conflicts FROM record") == [(0,)]
        assert tx.rows("SELECT next_step FROM r_case") == [("ours",)]


def test_what_comes_back_from_the_log_is_not_doubled(vault: Vault) -> None:
    client, case = IDS.next(), IDS.next()
    with vault.write() as tx:
        done(append(tx, events=[typed("case", case, of=client, next_step="go")], author=me(CLOCK)))
        mark_sealed(tx, stream=TEAM, rows=[1], first_no=1)
        assert tx.rows("SELECT no, log_index FROM event") == [(1, None)]
        mine = Colleague(device=1).parcel(tx, sealed("case", case, next_step="go"), client=client, log_index=9)
        receive(tx, batch=mine)
        receive(tx, batch=mine)
        assert tx.rows("SELECT no, log_index FROM event") == [(1, 9)]
        assert tx.rows("SELECT last_index, unlogged FROM record") == [(9, 0)]


def test_an_own_event_that_a_restored_vault_lacks_is_taken_in(vault: Vault) -> None:
    client, case = IDS.next(), IDS.next()
    with vault.write() as tx:
        lost = Colleague(device=1).parcel(tx, sealed("case", case, next_step="go"), client=client, log_index=9)
        receive(tx, batch=lost)
        assert tx.rows("SELECT device, no, log_index FROM event") == [(1, 1, 9)]
        assert shows(tx, case) == {"next_step": "go"}


def test_a_parcel_twice_in_one_page_counts_once(vault: Vault) -> None:
    client, case = IDS.next(), IDS.next()
    with vault.write() as tx:
        parcel = Colleague(device=2).parcel(
            tx, sealed("case", case, next_step="a"), sealed("case", case, goal="b"), client=client, log_index=1
        )
        receive_all(tx, parcels=[parcel, parcel])
        receive_all(tx, parcels=[parcel, parcel])
        assert tx.rows("SELECT no FROM event ORDER BY id") == [(1,), (2,)]
        assert shows(tx, case) == {"next_step": "a", "goal": "b"}


def test_a_late_key_makes_no_difference(vault: Vault, tmp_path: Path) -> None:
    """Parcels of one record opened out of order show what they show in order, also where one replaces another."""
    client, case = IDS.next(), IDS.next()
    other = found(tmp_path / "other", seed=2)
    seen = {}
    for one, order in ((vault, (0, 1, 2)), (other, (2, 0, 1))):
        with one.write() as tx:
            author = Colleague(device=2)
            parcels = [
                author.parcel(tx, sealed("case", case, next_step="first"), client=client, log_index=1),
                author.parcel(
                    tx,
                    sealed("case", case, next_step="second", over={NEXT_STEP: [(1, 1)]}),
                    client=client,
                    log_index=2,
                ),
                author.parcel(
                    tx,
                    sealed("case", case, next_step="third", over={NEXT_STEP: [(1, 2)]}),
                    client=client,
                    log_index=3,
                ),
            ]
            for place in order:
                receive(tx, batch=parcels[place])
            assert shows(tx, case) == {"next_step": "third"}
            assert tx.rows("SELECT conflicts, last_index, unlogged FROM record") == [(0, 3, 0)]
            seen[one.path] = tx.rows("SELECT next_step, standing FROM r_case")
    other.close()
    assert len(set(map(tuple, seen.values()))) == 1


def test_a_receipt_changes_the_order_only_where_others_came_between(vault: Vault) -> None:
    client, case = IDS.next(), IDS.next()
    with vault.write() as tx:
        for step in ("one", "two"):
            done(append(tx, events=[typed("case", case, of=client, next_step=step)], author=me(CLOCK)))
        mark_sealed(tx, stream=TEAM, rows=[1, 2], first_no=1)
        theirs = Colleague(device=2).parcel(tx, sealed("case", case, next_step="theirs"), client=client, log_index=7)
        receive(tx, batch=theirs)
        assert shows(tx, case)["next_step"] == "two"
        mark_logged(tx, stream=TEAM, first_no=1, count=2, log_index=6)
        mark_logged(tx, stream=TEAM, first_no=1, count=2, log_index=6)
        assert shows(tx, case)["next_step"] == "theirs"
        assert tx.rows("SELECT next_step FROM r_case") == [("theirs",)]
        assert tx.rows("SELECT conflicts, last_index, unlogged FROM record") == [(1, 7, 0)]


def test_what_only_a_newer_program_knows_waits_whole_and_is_replayed(vault: Vault) -> None:
    client = IDS.next()
    strange = [
        SealedEvent(99, IDS.next(), 1, {1: "x"}, {}, 5, 0),
        SealedEvent(4, IDS.next(), 77, {}, {}, 5, 0),
        SealedEvent(4, IDS.next(), 1, {NEXT_STEP: "go", 180: "new"}, {}, 5, 0, "why", b"t" * 16),
        SealedEvent(4, IDS.next(), 1, {NEXT_STEP: "go"}, {150: [(1, 1)]}, 5, 0),
    ]
    with vault.write() as tx:
        changes = receive(tx, batch=Colleague(device=2).parcel(tx, *strange, client=client, log_index=1))
        assert changes.touch(Topic.NEWER)
        assert tx.rows("SELECT state, count(*) FROM event GROUP BY state") == [(EventState.NEWER, 4)]
        assert tx.rows("SELECT state, updated_at FROM record") == [(None, 0)] * 4
        assert tx.rows("SELECT 1 FROM r_case") == []
        assert not replay_newer(tx)
        # The update: now the program knows; here by putting the events into the words of today.
        tx.run("UPDATE event SET verb = 1 WHERE verb = 77")
        changes = replay_newer(tx, power=lambda waiting: EventState.APPLIED if waiting.log_index == 1 else 3)
        assert changes.touch(Topic.CASES)
        assert tx.rows("SELECT state, count(*) FROM event GROUP BY state ORDER BY state") == [(0, 1), (1, 3)]
        assert len(tx.rows("SELECT 1 FROM r_case")) == 1


def test_the_power_over_what_is_not_known_is_not_judged_by_an_older_program(vault: Vault) -> None:
    with vault.write() as tx:
        strange = SealedEvent(99, IDS.next(), 1, {1: "x"}, {}, 5, 0)
        receive(tx, batch=Colleague(device=2).parcel(tx, strange, client=IDS.next(), log_index=1, states=3))
        assert tx.rows("SELECT state FROM event") == [(EventState.NEWER,)]


@pytest.mark.parametrize(
    "fields",
    [
        {NEXT_STEP: 5},
        {CASE.field("primary_advocate").number: b"short"},
        {CASE.field("contact_attempts").number: 1 << 63},
    ],
)
def test_values_of_the_wrong_kind_are_refused_and_kept(vault: Vault, fields: dict[int, Any]) -> None:
    client, good = IDS.next(), IDS.next()
    with vault.write() as tx:
        events = [SealedEvent(4, IDS.next(), 1, fields, {}, 5, 0), sealed("case", good, next_step="go")]
        receive(tx, batch=Colleague(device=2).parcel(tx, *events, client=client, log_index=1))
        assert tx.rows("SELECT state FROM event ORDER BY id") == [(EventState.REFUSED,), (EventState.APPLIED,)]
        assert tx.rows("SELECT next_step FROM r_case") == [("go",)]


def test_a_client_or_its_readers_in_a_compartment_of_another_are_refused(vault: Vault) -> None:
    client, victim = IDS.next(), IDS.next()
    readers = by_name["readers"].number
    with vault.write() as tx:
        parcel = Colleague(device=2).parcel(
            tx,
            sealed("client", client, code="mine"),
            sealed("client", victim, code="not mine"),
            SealedEvent(
                readers, compartment_id(AGENCY, kind=CompartmentKind.FILE, owner=victim), 1, {1: [b"x"]}, {}, 5, 0
            ),
            SealedEvent(
                readers, compartment_id(AGENCY, kind=CompartmentKind.FILE, owner=client), 1, {1: [b"x"]}, {}, 5, 0
            ),
            client=client,
            log_index=1,
        )
        receive(tx, batch=parcel)
        assert [state for (state,) in tx.rows("SELECT state FROM event ORDER BY id")] == [0, 3, 3, 0]
        assert tx.rows("SELECT code FROM r_client") == [("mine",)]


def test_an_id_in_another_compartment_is_another_record(vault: Vault) -> None:
    client, other, case = IDS.next(), IDS.next(), IDS.next()
    with vault.write() as tx:
        done(append(tx, events=[typed("case", case, of=client, next_step="true")], author=me(CLOCK)))
        forged = Colleague(device=2).parcel(tx, sealed("case", case, next_step="forged"), client=other, log_index=1)
        receive(tx, batch=forged)
        assert tx.rows("SELECT conflicts FROM record") == [(0,), (0,)]
        assert shows(tx, case) == {"next_step": "true"}


def test_what_waits_for_admission_shows_once_it_is_let_in_and_goes_when_it_is_not(vault: Vault) -> None:
    client, case = IDS.next(), IDS.next()
    with vault.write() as tx:
        events = [sealed("case", case, next_step="late"), sealed("case", case, goal="kept")]
        parcel = Colleague(device=2).parcel(tx, *events, client=client, log_index=1, states=[2, 0])
        assert receive(tx, batch=parcel).touch(Topic.ADMISSION)
        assert shows(tx, case) == {"goal": "kept"}
        set_state(tx, events=[1], state=EventState.APPLIED)
        assert shows(tx, case) == {"next_step": "late", "goal": "kept"}
        assert tx.rows("SELECT next_step FROM r_case") == [("late",)]
        set_state(tx, events=[1, 2], state=EventState.ADMISSION)
        assert tx.rows("SELECT 1 FROM r_case") == []
        assert tx.rows("SELECT state, last_index, unlogged FROM record") == [(None, 0, 0)]


def test_what_this_program_does_not_know_it_cannot_let_in(vault: Vault) -> None:
    client = IDS.next()
    with vault.write() as tx:
        event = SealedEvent(4, IDS.next(), 1, {180: "new"}, {}, 5, 0)
        receive(tx, batch=Colleague(device=2).parcel(tx, event, client=client, log_index=1, states=2))
        assert tx.rows("SELECT state FROM event") == [(EventState.ADMISSION,)]
        set_state(tx, events=[1], state=EventState.APPLIED)
        assert tx.rows("SELECT state FROM event") == [(EventState.NEWER,)]


def test_an_own_event_that_log_and_roster_judge_otherwise_is_as_everyone_has_it(vault: Vault) -> None:
    client, case = IDS.next(), IDS.next()
    with vault.write() as tx:
        done(append(tx, events=[typed("case", case, of=client, next_step="go")], author=me(CLOCK)))
        mark_sealed(tx, stream=TEAM, rows=[1], first_no=1)
        mark_logged(tx, stream=TEAM, first_no=1, count=1, log_index=2, state=EventState.ADMISSION)
        assert tx.rows("SELECT state, log_index FROM event") == [(EventState.ADMISSION, 2)]
        assert tx.rows("SELECT 1 FROM r_case") == []


def test_the_same_events_typed_here_or_arrived_make_the_same_rows(vault: Vault, tmp_path: Path) -> None:
    client, case, task = IDS.next(), IDS.next(), IDS.next()
    clock = FixedClock(1_790_000_000_000)
    written: list[tuple[str, bytes, dict[str, Any]]] = [
        ("client", client, {"code": "K1", "aliases": ["Mía"], "first_name": "Ana"}),
        ("case", case, {"client": client, "next_step": "visit", "risk_level": "high", "next_due": "2026-12"}),
        ("case", case, {"goal": "home"}),
        ("task", task, {"client": client, "title": "Court", "due": "2026-12-01T09:00"}),
    ]
    other = found(tmp_path / "other", seed=2)
    with vault.write() as tx:
        events = [typed(kind, record_id, of=client, **fields) for kind, record_id, fields in written]
        done(append(tx, events=events, author=me(clock)))
        mark_sealed(tx, stream=TEAM, rows=[1, 2, 3, 4], first_no=1)
        mark_logged(tx, stream=TEAM, first_no=1, count=4, log_index=1)
        here = tables(tx)
    with other.write() as tx:
        arrived = [sealed(kind, record_id, **fields) for kind, record_id, fields in written]
        receive(tx, batch=Colleague(device=2).parcel(tx, *arrived, client=client, log_index=1))
        there = tables(tx)
    other.close()
    assert here == there
    assert MEMBERS[0] != MEMBERS[1]
