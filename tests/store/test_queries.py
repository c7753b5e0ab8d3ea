"""Queries: what lists, timelines and histories show."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from advocate_app.base.clock import FixedClock
from advocate_app.domain.records import by_name
from advocate_app.domain.verbs import Verb
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_log import append, mark_logged, mark_sealed, receive
from advocate_app.store.queries.cases import list_cases
from advocate_app.store.queries.clients import count_clients, find_client, list_clients
from advocate_app.store.queries.history import history_of, history_since_review
from advocate_app.store.queries.listed import (
    count_of_client,
    find_listed,
    list_of_client,
    list_reviews,
    list_tasks_due,
    list_timeline,
    list_unfiled,
)
from advocate_app.store.queries.standing import (
    count_newer,
    find_record,
    list_conflicts,
    list_records,
    state_of,
    values_of,
)
from advocate_app.store.vault import Vault
from advocate_app.wire.events import SealedEvent
from tests.store.recording import IDS, MEMBERS, TEAM, Colleague, found, me, sealed, typed

CLOCK = FixedClock(1_790_000_100_000)
NUMBERS = {name: record.number for name, record in by_name.items()}


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = found(tmp_path / "vault")
    yield made
    made.close()


def write(tx: Writer, name: str, record_id: bytes, /, *, of: bytes, verb: Verb = Verb.WRITE, **fields: Any) -> None:
    roles = ("supervisor",) if verb in (Verb.APPROVE, Verb.RETURN) else ("advocate",)
    over = fields.pop("over", None)
    done = append(tx, events=[typed(name, record_id, of=of, verb=verb, over=over, **fields)], author=me(CLOCK, *roles))
    assert done


def plan_of(db: Reader, sql: str, params: tuple[Any, ...]) -> str:
    # Explaining alone would not notice that a connection's picture of the schema is old.
    db.rows(sql, params)
    return "\n".join(row[3] for row in db.rows("EXPLAIN QUERY PLAN " + sql, params))


def some_clients(tx: Writer) -> list[bytes]:
    """Three clients; the first with a closed and an open case and two tasks, the second with one case."""
    clients = [IDS.next() for _ in range(3)]
    for client, (code, first, last) in zip(
        clients, [("K3", "Rosa", "Yazzie"), ("K1", "ana", None), ("K2", "Begay", "Łee")], strict=True
    ):
        write(tx, "client", client, of=client, code=code, first_name=first, last_name=last)
    write(tx, "case", IDS.next(), of=clients[0], client=clients[0], number="1", opened_on="2025", closed_on="2025-06")
    write(
        tx, "case", IDS.next(), of=clients[0], client=clients[0], number="2", opened_on="2024-05-02",
        risk_level="high", primary_advocate=MEMBERS[0], stage="active", next_step="Court", next_due="2026-12-05",
    )  # fmt: skip
    write(tx, "case", IDS.next(), of=clients[1], client=clients[1], number="3", opened_on="2026-01", risk_level="low")
    for due, status in (("2026-11-30T09:00", "open"), ("2026-11-01T09:00", "done"), ("2026-12-24", None)):
        write(tx, "task", IDS.next(), of=clients[0], client=clients[0], title=due, due=due, status=status)
    return clients


def test_the_list_of_clients_shows_the_open_case_and_what_is_due_first(vault: Vault) -> None:
    with vault.write() as tx:
        clients = some_clients(tx)
        rows = {row.client: row for row in list_clients(tx)}
        first = rows[clients[0]]
        assert (first.case_number, first.risk_level, first.stage, first.next_step) == ("2", "high", "active", "Court")
        assert (first.advocate, first.next_due) == (MEMBERS[0], "2026-11-30T09:00")
        assert rows[clients[2]].case is None
        assert rows[clients[2]].next_due is None
        assert find_client(tx, client=clients[0]) == first.__class__(
            **{name: getattr(first, name) for name in first.__slots__ if name != "sort_key"}, sort_key=""
        )
        assert find_client(tx, client=IDS.next()) is None
        assert count_clients(tx) == 3
        assert "Rosa" not in repr(first)


def test_clients_come_in_the_asked_order_page_by_page(vault: Vault) -> None:
    with vault.write() as tx:
        some_clients(tx)
        for order, expected in (
            ("name", ["K1", "K2", "K3"]),
            ("code", ["K1", "K2", "K3"]),
            ("due", ["K3", "K1", "K2"]),
        ):
            codes = []
            after: Any = ("", 0)
            while page := list_clients(tx, order=order, after=after, limit=2):  # type: ignore[arg-type]  # orders are words
                codes += [row.code for row in page]
                after = (page[-1].sort_key, page[-1].row)
            assert codes == expected, order


def test_a_struck_client_leaves_the_lists(vault: Vault) -> None:
    with vault.write() as tx:
        clients = some_clients(tx)
        write(tx, "client", clients[1], of=clients[1], verb=Verb.STRIKE, reason="entered twice")
        assert [row.code for row in list_clients(tx)] == ["K2", "K3"]
        assert [row.code for row in list_clients(tx, struck=True)] == ["K1", "K2", "K3"]
        assert count_clients(tx) == 2


def test_cases_come_in_every_order_and_page_on(vault: Vault) -> None:
    with vault.write() as tx:
        some_clients(tx)
        assert [row.number for row in list_cases(tx, order="due")] == ["2", "3"]
        assert [row.number for row in list_cases(tx, order="opened", closed=True)] == ["3", "1", "2"]
        assert [row.number for row in list_cases(tx, order="number", closed=True)] == ["1", "2", "3"]
        assert [row.number for row in list_cases(tx, order="risk", closed=True)] == ["2", "1", "3"]
        assert [(row.number, row.code) for row in list_cases(tx, advocate=MEMBERS[0])] == [("2", "K3")]
        for order in ("due", "opened", "number", "risk"):
            first = list_cases(tx, order=order, closed=True, limit=2)  # type: ignore[arg-type]  # orders are words
            rest = list_cases(tx, order=order, closed=True, after=(first[-1].sort_key, first[-1].row))  # type: ignore[arg-type]  # orders are words
            assert len({row.number for row in (*first, *rest)}) == 3


def test_the_records_of_a_client_are_listed_newest_first_by_pages(vault: Vault) -> None:
    client, other = IDS.next(), IDS.next()
    with vault.write() as tx:
        for day in (3, 1, 2):
            write(tx, "service", IDS.next(), of=client, client=client, date=f"2026-10-0{day}", code="b4")
        write(tx, "service", IDS.next(), of=other, client=other, date="2026-10-09")
        first = list_of_client(tx, client=client, kind=NUMBERS["service"], limit=2)
        assert [one.at for one in first] == ["2026-10-03", "2026-10-02"]
        rest = list_of_client(tx, client=client, kind=NUMBERS["service"], before=first[-1].place)
        assert [(one.at, one.values["code"], one.unlogged) for one in rest] == [("2026-10-01", "b4", 1)]
        assert count_of_client(tx, client=client) == {NUMBERS["service"]: 3}
        assert find_listed(tx, row=rest[0].row) == rest[0]


def test_a_clients_records_are_found_by_their_index(vault: Vault) -> None:
    with vault.read() as db:
        plan = plan_of(
            db, "SELECT id FROM record r WHERE substr(r.client, 12) = substr(?, 12) AND r.type = ? AND r.client = ?",
            (IDS.next(), 5, IDS.next()),
        )  # fmt: skip
    assert "record_of_client" in plan


def test_lists_come_back_as_lists(vault: Vault) -> None:
    client = IDS.next()
    with vault.write() as tx:
        write(tx, "safe_contact", IDS.next(), of=client, client=client, methods=["text", "mail"], do_not_contact=False)
        (one,) = list_of_client(tx, client=client, kind=NUMBERS["safe_contact"])
        assert one.values["methods"] == ["text", "mail"]


def test_the_timeline_merges_all_types_and_pages_on(vault: Vault) -> None:
    client = IDS.next()
    with vault.write() as tx:
        write(tx, "service", IDS.next(), of=client, client=client, date="2026-10-02")
        write(tx, "contact", IDS.next(), of=client, client=client, started_at="2026-10-02T09:30")
        write(tx, "note", IDS.next(), of=client, client=client, occurred_at="2026-10-01T08:00", title="first")
        write(tx, "task", IDS.next(), of=client, client=client, due="2026-12-01T10:00", title="last")
        first = list_timeline(tx, client=client, limit=3)
        assert [one.at for one in first] == ["2026-12-01T10:00", "2026-10-02T09:30", "2026-10-02"]
        rest = list_timeline(tx, client=client, before=first[-1].place, limit=3)
        assert [one.values.get("title") for one in rest] == ["first"]


def test_tasks_due_are_open_ones_the_earliest_first(vault: Vault) -> None:
    client = IDS.next()
    with vault.write() as tx:
        for due, status, owner in (
            ("2026-12-02", "open", MEMBERS[0]),
            ("2026-12-01", None, MEMBERS[1]),
            ("2026-11-01", "done", MEMBERS[0]),
            ("2027-01-01", "open", MEMBERS[0]),
        ):
            write(tx, "task", IDS.next(), of=client, client=client, due=due, status=status, owner=owner)
        due = list_tasks_due(tx, until="2026-12-31")
        assert [one.at for one in due] == ["2026-12-01", "2026-12-02"]
        assert [one.at for one in list_tasks_due(tx, until="2026-12-31", owner=MEMBERS[0])] == ["2026-12-02"]
        assert [one.at for one in list_tasks_due(tx, until="2026-12-31", after=due[0].place)] == ["2026-12-02"]


def test_contacts_without_a_client_are_unfiled_until_they_get_one(vault: Vault) -> None:
    client, contact = IDS.next(), IDS.next()
    with vault.write() as tx:
        write(tx, "contact", contact, of=client, started_at="2026-10-02T09:30", channel="call")
        assert [one.record_id for one in list_unfiled(tx, kind=NUMBERS["contact"])] == [contact]
        write(tx, "contact", contact, of=client, client=client)
        assert list_unfiled(tx, kind=NUMBERS["contact"]) == []
        assert [one.record_id for one in list_of_client(tx, client=client, kind=NUMBERS["contact"])] == [contact]


def test_history_says_who_changed_what_and_what_is_not_on_the_server(vault: Vault) -> None:
    client, case = IDS.next(), IDS.next()
    step = by_name["case"].field("next_step").number
    with vault.write() as tx:
        write(tx, "case", case, of=client, next_step="call", goal="home")
        mark_sealed(tx, stream=TEAM, rows=[1], first_no=1)
        mark_logged(tx, stream=TEAM, first_no=1, count=1, log_index=1)
        theirs = sealed("case", case, next_step="visit", over={step: [(0, 1)]})
        receive(tx, batch=Colleague(device=2).parcel(tx, theirs, client=client, log_index=2))
        write(tx, "case", case, of=client, verb=Verb.STRIKE, reason="a test")
        steps = history_of(tx, row=1)
        assert [(one.author, one.is_logged, one.verb, one.reason) for one in steps] == [
            (MEMBERS[0], True, Verb.WRITE, None),
            (MEMBERS[1], True, Verb.WRITE, None),
            (MEMBERS[0], False, Verb.STRIKE, "a test"),
        ]
        assert [(one.name, one.before, one.after) for one in steps[1].changes] == [("next_step", "call", "visit")]
        assert history_of(tx, row=99) == []


def test_a_supervisor_sees_what_changed_since_the_last_decision(vault: Vault) -> None:
    client, case, review = IDS.next(), IDS.next(), IDS.next()
    with vault.write() as tx:
        write(tx, "case", case, of=client, next_step="call")
        write(tx, "review", review, of=client, verb=Verb.SUBMIT, subject=case, subject_type=4, kind="intake")
        assert [one.record_id for one in list_reviews(tx)] == [review]
        assert len(history_since_review(tx, row=1)) == 1
        write(tx, "review", review, of=client, verb=Verb.RETURN, decision="returned")
        assert list_reviews(tx) == []
        assert [one.record_id for one in list_reviews(tx, subject=case, pending_only=False)] == [review]
        assert history_since_review(tx, row=1) == []
        write(tx, "case", case, of=client, next_step="visit")
        assert [one.changes[0].after for one in history_since_review(tx, row=1)] == ["visit"]


def test_records_in_conflict_and_events_for_a_newer_program_are_counted(vault: Vault) -> None:
    client, case = IDS.next(), IDS.next()
    with vault.write() as tx:
        write(tx, "case", case, of=client, risk_level="low")
        write(tx, "case", case, of=client, risk_level="high")
        receive(
            tx,
            batch=Colleague(device=2).parcel(
                tx, SealedEvent(99, IDS.next(), 1, {}, {}, 5, 0), client=client, log_index=1
            ),
        )
        assert [one.record_id for one in list_conflicts(tx)] == [case]
        assert count_newer(tx) == 1


def test_the_state_of_a_record_is_the_same_whether_it_is_kept_or_folded(vault: Vault) -> None:
    client, case = IDS.next(), IDS.next()
    with vault.write() as tx:
        write(tx, "case", case, of=client, client=client, next_step="call")
        standing = find_record(tx, record_id=case, kind=NUMBERS["case"])
        assert standing is not None
        assert tx.rows("SELECT state FROM record") == [(None,)]
        assert values_of(tx, standing) == {"client": client, "next_step": "call"}
        (event,) = {event for live in state_of(tx, standing).values() for event, _ in live}
        write(tx, "case", case, of=client, next_step="visit", over={23: [event]})
        assert tx.rows("SELECT state IS NULL FROM record") == [(0,)]
        assert values_of(tx, standing) == {"client": client, "next_step": "visit"}
        assert [one.record_id for one in list_records(tx, kind=NUMBERS["case"], client=client)] == [case]
        assert list_records(tx, kind=NUMBERS["case"], client=IDS.next()) == []
