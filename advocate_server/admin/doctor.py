"""`advocate-server doctor`: database, migrations, disk, clock, and every hash chain and signature it stored."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from advocate_app.base.clock import Clock
from advocate_app.base.errors import Fault
from advocate_app.base.ids import id_text
from advocate_app.crypto.signing import RECEIPT, verify
from advocate_app.wire.log import Receipt, first_head, next_head
from advocate_app.wire.roster_reading import read_entry
from advocate_app.wire.roster_state import RosterState
from advocate_server.admin.place import database, embedded, need_newest
from advocate_server.answers.roster import verify_entry
from advocate_server.settings import Settings
from advocate_server.store import agencies, audit, rosters, streams

LEAST_ROOM = 512 * 2**20
EARLIEST_MS = 1_750_000_000_000
_STRETCH = 1000
_EVERY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    what: str
    good: bool
    words: str


def report(settings: Settings, *, clock: Clock) -> bool:
    """Print what each check found; whether all is well."""
    findings = []
    for finding in examine(settings, clock=clock):
        print(f"{'ok    ' if finding.good else 'BROKEN'}  {finding.what}: {finding.words}", flush=True)
        findings.append(finding)
    return all(finding.good for finding in findings)


def examine(settings: Settings, *, clock: Clock) -> Iterator[Finding]:
    """Check after check; those that need the database come only if it answers."""
    yield _disk(settings)
    with database(settings) as engines:
        yield _said("migrations", lambda: need_newest(engines), good="every step was taken")
        with engines.read.begin() as tx:
            yield _database(tx)
            yield _clock(tx, clock=clock)
            broken = audit.first_broken(tx)
            yield Finding("audit", broken is None, "unbroken" if broken is None else f"broken at line {broken}")
            for agency in tx.execute(agencies.EVERY).all():
                yield from _agency(tx, agency)


def _said(what: str, check: Callable[[], Any], *, good: str) -> Finding:
    try:
        check()
    except Fault as fault:
        return Finding(what, False, str(fault))
    return Finding(what, True, good)


def _disk(settings: Settings) -> Finding:
    file = embedded(settings)
    if file is None:
        return Finding("disk", True, "the database is elsewhere; look there")
    free = shutil.disk_usage(file.parent).free
    return Finding("disk", free >= LEAST_ROOM, f"{free // 2**20} MiB free")


def _database(tx: Connection) -> Finding:
    if tx.dialect.name != "sqlite":
        count = tx.execute(agencies.COUNT).scalar_one()
        return Finding("database", True, f"PostgreSQL answers; {count} agencies")
    told = tx.execute(text("PRAGMA integrity_check")).scalar_one()
    return Finding("database", told == "ok", "whole" if told == "ok" else "SQLite finds it damaged; restore a backup")


def _clock(tx: Connection, *, clock: Clock) -> Finding:
    newest = tx.execute(text("SELECT max(at) FROM audit")).scalar() or 0
    now = clock.now()
    if now < EARLIEST_MS:
        return Finding("clock", False, "it stands years in the past")
    if now < newest - 60_000:
        return Finding("clock", False, "it went back; receipts would carry wrong times")
    return Finding("clock", True, "not behind what was written last")


def _agency(tx: Connection, agency: Row[Any]) -> Iterator[Finding]:
    name = id_text(agency.id)
    if not agency.roster_size:
        yield Finding(f"agency {name}", True, "not founded yet")
        return
    yield _said(f"roster {name}", lambda: _roster(tx, agency), good=f"{agency.roster_size} entries, each verified")
    for stream in tx.execute(streams.STREAMS, {"agency": agency.id}).scalars().all():
        yield _log(tx, agency, stream)


def _roster(tx: Connection, agency: Row[Any]) -> None:
    """Read the roster as a client does. Raises a `Fault` where it does not hold."""
    state: RosterState | None = None
    for signed in rosters.entries_from(tx, agency=agency.id, start=0, most=_EVERY):
        state = read_entry(state=state, data=signed.entry, signatures=signed.signatures, verify=verify_entry)
    if state is None or (state.size, state.head) != (agency.roster_size, agency.roster_head):
        raise Fault("the roster does not end where its agency says")


def _log(tx: Connection, agency: Row[Any], stream: bytes) -> Finding:
    """Work out every head anew and check the receipts."""
    ids = {"agency": agency.id, "stream": stream}
    life, size, stored_head, _ = tx.execute(streams.PLACE, ids).one()
    head, after = first_head(**ids), 0
    what = f"log {stream.hex()}"
    while rows := tx.execute(streams.CHAIN, {**ids, "after": after, "most": _STRETCH}).all():
        for place, leaf, told, received_at, roster_size, signature in rows:
            head = next_head(before=head, index=place, leaf=leaf, received_at=received_at, roster_size=roster_size)
            receipt = Receipt(
                **ids,
                life=life,
                index=place,
                leaf=leaf,
                head=head,
                received_at=received_at,
                roster_size=roster_size,
            )
            if place != after + 1 or head != told:
                return Finding(what, False, f"broken at {after + 1}")
            try:
                verify(agency.log_public, domain=RECEIPT, message=receipt.signed(), signature=signature)
            except Fault:
                return Finding(what, False, f"the receipt at {place} does not stand")
            after = place
    if (size, stored_head) != (after, head):
        return Finding(what, False, f"it says {size} items and holds {after}")
    return Finding(what, True, f"{size} items, each with its receipt")
