"""An agency whose advocate Bea reaches the server through a proxy process that can lie."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from advocate_app.commands import clients, notes
from advocate_app.store import facts
from tests.agency import Colleague, FoundedAgency, done, founded_agency
from tests.commands.giving import give

PLANTED = ("Quillabrasa", "the blue truck at Kilometerstein")
_TABLES = ("event", "record", "log_entry", "chain", "stream", "roster_entry", "compartment", "parcel", "envelope")


@dataclass(slots=True)
class Proxy:
    """The proxy process, told which lie to tell."""

    process: "subprocess.Popen[str]"
    port: int
    seen: Path

    def tell(self, lie: str) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{lie}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "ok\n"


@dataclass(slots=True)
class Ambush:
    """Bea behind the proxy; Ana (the founder) and Cruz reach the server itself."""

    agency: FoundedAgency
    ana: Colleague
    bea: Colleague
    cruz: Colleague
    proxy: Proxy

    def work(self, who: Colleague, *, count: int = 1) -> bytes:
        """Take in a client and write notes, each sealed and pushed apart; the client's id."""
        client = who.new_id()
        done(give(who, clients.add, client=client, wanted={"first_name": PLANTED[0], "name_kind": "partial"}))
        for _ in range(count):
            done(give(who, notes.write, note=who.new_id(), wanted={"client": client, "text": f"Told of {PLANTED[1]}."}))
        return client


def picture(who: Colleague) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in a vault that a lie could change."""
    with who.vault.read() as db:
        return {table: db.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in _TABLES}  # constants


def shown(who: Colleague) -> set[tuple[Any, ...]]:
    """The records of people's own types as this vault has them, without what is local to it."""
    with who.vault.read() as db:
        return set(db.rows("SELECT record_id, type, status, conflicts, updated_at FROM record WHERE type < 20"))


@pytest.fixture
def ambush(tmp_path: Path) -> Iterator[Ambush]:
    agency = founded_agency(tmp_path)
    process = None
    try:
        bea, cruz = agency.enrol("Bea", role="supervisor"), agency.enrol("Cruz", role="supervisor")
        for one in (agency.founder, bea, cruz, agency.founder):
            one.sync()
        seen = tmp_path / "seen"
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.hostile.lying", "--to", str(agency.server.port)),
                *("--database", str(agency.server.data / "advocate.db"), "--seen", str(seen)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with bea.vault.write() as tx:
            facts.put(tx, facts.SERVER, f"http://127.0.0.1:{port}")
        proxy = Proxy(process=process, port=port, seen=seen)
        yield Ambush(agency=agency, ana=agency.founder, bea=bea, cruz=cruz, proxy=proxy)
        saw = seen.read_bytes()
        assert saw, "nothing went through the proxy"
        assert not any(word.encode() in saw for word in PLANTED), "plaintext on the wire"
    finally:
        if process is not None:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            process.wait(timeout=30)
            process.stdout.close()
        agency.close()
