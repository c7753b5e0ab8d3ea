"""Kills, restarts, expiry, damage: what was acknowledged is there, what was not is told, nothing is half done."""

import json
import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from sqlalchemy import text, update

from advocate_app.wire import api
from advocate_app.wire import roster as r
from advocate_server.store.engine import open_engines
from advocate_server.store.tables import agency as agency_table
from advocate_server.store.tables import late_envelope, mailbox
from tests.server.conftest import Fresh
from tests.server.people import IDS
from tests.server.serving import Laptop, Server, Team, refusal


def address(server: Server) -> str:
    return server.database or f"sqlite+pysqlite:///{server.data / 'advocate.db'}"


def test_kill_9_between_and_during_pushes_loses_no_acknowledged_envelope(fresh: Fresh) -> None:
    server = fresh()
    team = server.founded()
    ann = team.join()
    waiting = [team.agency.seal(ann.device, size=2000) for _ in range(120)]
    told: dict[bytes, api.PushResult] = {}
    for round_ in range(4):
        ann.login()
        killer = threading.Timer(0.05 + 0.07 * round_, server.kill)
        killer.start()
        try:
            for envelope in waiting:
                for result in ann.push(envelope):
                    assert result.status in ("stored", "duplicate")
                    was = told.setdefault(envelope, result)
                    assert (was.index, was.receipt, was.head) == (result.index, result.receipt, result.head)
        except requests.RequestException:
            pass
        killer.join()
        ann.http.close()
        server.start()
    ann.login()
    results = ann.push(*waiting)
    for envelope, result in zip(waiting, results, strict=True):
        if envelope in told:
            assert result.status == "duplicate"
            assert (result.index, result.receipt) == (told[envelope].index, told[envelope].receipt)
    assert told, "no push was acknowledged before the kills"
    page = ann.log()
    assert [item.envelope for item in page.items] == waiting
    assert [item.index for item in page.items] == list(range(1, len(waiting) + 1))
    server.stop()
    assert server.run("doctor").returncode == 0


def test_many_devices_push_at_once_and_every_place_is_given_once(team: Team) -> None:
    laptops = [team.join() for _ in range(6)]
    for laptop in laptops:
        laptop.device.chains.clear()
    batches = {laptop.device.id: [team.agency.seal(laptop.device) for _ in range(15)] for laptop in laptops}

    def push_one_by_one(laptop: Laptop) -> list[api.PushResult]:
        return [result for envelope in batches[laptop.device.id] for result in laptop.push(envelope)]

    with ThreadPoolExecutor(6) as together:
        results = [result for part in together.map(push_one_by_one, laptops) for result in part]
    assert {result.status for result in results} == {"stored"}
    assert sorted(result.index for result in results) == list(range(1, 91))
    assert team.boss.log(max_bytes=api.MAX_PAGE_BYTES).size == 90


def test_a_restarted_server_asks_for_a_new_session(fresh: Fresh) -> None:
    server = fresh()
    team = server.founded()
    assert server.stop() == 0
    server.start()
    team.boss.http.close()
    team.boss.refused("auth.session", "roster.read")
    assert team.boss.login().ask("roster.read").status_code == 200


def test_sigterm_finishes_what_was_begun(fresh: Fresh) -> None:
    server = fresh()
    team = server.founded()
    envelopes = [team.agency.seal(team.agency.founder, size=100_000) for _ in range(30)]
    with ThreadPoolExecutor(1) as aside:
        pushing = aside.submit(team.boss.push, *envelopes)
        while not (server.data / "log").read_text().count('"session') and not pushing.done():
            time.sleep(0.01)
        stopped = server.stop()
        try:
            stored = [result.status for result in pushing.result()]
        except requests.RequestException:
            stored = []
    assert stopped == 0
    server.start()
    team.boss.http.close()
    size = team.boss.login().log(max_bytes=1).size
    assert size == (30 if stored else size)
    assert size in (0, 30)


def test_an_expired_founding_token_founds_nothing(fresh: Fresh) -> None:
    server = fresh()
    unfounded = server.unfounded()
    engines = open_engines(address(server))
    with engines.write.begin() as tx:
        tx.execute(update(agency_table).values(secret_expires_at=1))
    engines.close()
    Laptop(server).refused("found.refused", "found", unfounded.founding())


def test_an_expired_invitation_is_an_empty_mailbox_and_makes_room(fresh: Fresh) -> None:
    team = fresh().founded()
    old = IDS.secret(16).hex()
    letter = api.LetterPost(sealed=b"welcome")
    team.boss.ok("mailbox.put", letter, mailbox=old, step="1")
    Laptop(team.server).ok("mailbox.put", letter, mailbox=old, step="2")
    engines = open_engines(address(team.server))
    with engines.write.begin() as tx:
        tx.execute(update(mailbox).values(expires_at=1))
    Laptop(team.server).refused("mailbox.unknown", "mailbox.get", mailbox=old, step="1")
    team.boss.refused("mailbox.unknown", "mailbox.get", mailbox=old, step="2")
    Laptop(team.server).refused("mailbox.unknown", "mailbox.put", letter, mailbox=old, step="2")
    team.boss.refused("mailbox.unknown", "mailbox.put", letter, mailbox=old, step="3")
    team.boss.ok("mailbox.put", letter, mailbox=IDS.secret(16).hex(), step="1")
    with engines.read.begin() as tx:
        assert tx.execute(text("SELECT count(*) FROM mailbox")).scalar() == 1
        assert tx.execute(text("SELECT count(*) FROM letter")).scalar() == 1
    engines.close()


def test_the_late_shelf_forgets_after_180_days(fresh: Fresh) -> None:
    team = fresh(shelf_bytes="700").founded()
    ann = team.join()
    late = [team.agency.seal(ann.device) for _ in range(2)]
    team.append(r.DeviceRevoke(device=ann.device.id, cutoffs=[]))
    team.boss.push(late[0])
    push = api.Push(envelopes=[late[1]])
    team.boss.refused("quota.full", "log.push", push, stream=team.agency.stream.hex())
    engines = open_engines(address(team.server))
    with engines.write.begin() as tx:
        tx.execute(update(late_envelope).values(received_at=1))
    engines.close()
    assert team.boss.push(late[1])[0].status == "shelved"


@pytest.mark.parametrize(("table", "change"), [("audit", "code = 'x'"), ("roster_entry", "entry = hash")])
def test_audit_and_roster_are_append_only_in_the_database_itself(fresh: Fresh, table: str, change: str) -> None:
    server = fresh()
    server.founded()
    engines = open_engines(address(server))
    for statement in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):
        with pytest.raises(Exception, match="append-only"), engines.write.begin() as tx:
            tx.execute(text(statement))
    engines.close()


DAMAGE = {
    "a head": ("UPDATE log_item SET head = receipt WHERE place = 2", "log"),
    "a receipt": ("UPDATE log_item SET receipt = head WHERE place = 3", "log"),
    "the end": ("UPDATE stream SET size = 2", "log"),
    "the roster's end": ("UPDATE agency SET roster_size = 1", "roster"),
    "the audit's end": ("UPDATE audit_head SET number = 1", "audit"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_the_doctor_finds_what_was_changed_behind_the_servers_back(fresh: Fresh, what: str) -> None:
    server = fresh()
    team = server.founded()
    team.join()
    team.boss.push(*[team.agency.seal(team.agency.founder) for _ in range(3)])
    well = server.run("doctor")
    assert (well.returncode, "BROKEN" in well.stdout) == (0, False), well.stdout
    statement, where = DAMAGE[what]
    engines = open_engines(address(server))
    with engines.write.begin() as tx:
        tx.execute(text(statement))
    engines.close()
    ill = server.run("doctor")
    assert ill.returncode == 1
    assert any(line.startswith(f"BROKEN  {where}") for line in ill.stdout.splitlines()), ill.stdout


def test_without_its_tables_the_server_is_alive_and_not_ready(fresh: Fresh) -> None:
    server = fresh()
    where = f"http://{server.host}"
    assert requests.get(f"{where}/healthz", timeout=30).json() == {"status": "ok"}
    assert requests.get(f"{where}/readyz", timeout=30).json() == {"status": "ok"}
    engines = open_engines(address(server))
    with engines.write.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    unready = requests.get(f"{where}/readyz", timeout=30)
    assert (unready.status_code, unready.json()) == (503, {"status": "migrations"})
    with engines.write.begin() as tx:
        tx.execute(text("ALTER TABLE agency RENAME TO gone"))
    engines.close()
    assert requests.get(f"{where}/readyz", timeout=30).status_code == 503
    assert requests.get(f"{where}/healthz", timeout=30).status_code == 200
    nobody = api.Found(agency=IDS.next(), secret=b"", genesis=api.SignedEntry(entry=b"", signatures=[]), boxes=[])
    reply = Laptop(server).ask("found", nobody)
    assert reply.status_code in (500, 503)
    refusal(reply, route=None, code=reply.json()["code"])


def test_a_disk_that_takes_no_more_is_told_and_what_was_stored_before_stays(fresh: Fresh) -> None:
    server = fresh()
    if server.database:
        pytest.skip("PostgreSQL writes in processes of its own, which the limit does not reach")
    team = server.founded()
    first, second = (team.agency.seal(team.agency.founder, size=200_000) for _ in range(2))
    team.boss.push(first)
    assert server.process is not None
    limits = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (60_000, limits[1]))
    for _ in range(2):
        push = api.Push(envelopes=[second])
        team.boss.refused("server.storage_full", "log.push", push, stream=team.agency.stream.hex())
    assert [item.envelope for item in team.boss.log().items] == [first]
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, limits)
    assert team.boss.push(first, second)[1].status == "stored"
    server.stop()
    assert server.run("doctor").returncode == 0


def test_logs_hold_no_token_address_id_or_content(fresh: Fresh) -> None:
    server = fresh()
    team = server.founded()
    ann = team.join()
    envelope = team.agency.seal(ann.device)
    ann.push(envelope, envelope[:50])
    ann.refused("auth.refused", "auth.session", api.Proof(agency=b"", device=b"", nonce=b"", host="", signature=b""))
    mailbox_id = IDS.secret(16).hex()
    team.boss.ok("mailbox.put", api.LetterPost(sealed=b"planted marker"), mailbox=mailbox_id, step="1")
    server.stop()
    log = (server.data / "log").read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    assert {line["event"] for line in lines} == {"listening", "request", "stopped"}
    assert {"log.push", "mailbox.put"} <= {line.get("route") for line in lines}
    secret = (ann.token, team.boss.token, ann.device.id.hex(), team.agency.id.hex(), mailbox_id, "127.0.0.1", "planted")
    assert not [word for word in secret if word in log]


def test_no_token_or_founding_secret_is_kept_in_the_database(fresh: Fresh) -> None:
    server = fresh()
    team = server.founded()
    server.stop()
    if server.database:
        engines = open_engines(address(server))
        with engines.read.begin() as tx:
            stored = repr(tx.execute(text("SELECT * FROM agency")).all()).encode()
        engines.close()
        assert repr(team.agency.secret)[2:-1].encode() not in stored
        return
    for file in server.data.iterdir():
        content = file.read_bytes()
        assert team.agency.secret not in content, file.name
        assert team.boss.token.encode() not in content, file.name
