"""Loads invented clients into one vault, by the same commands as a person's: `python -m advocate_app.demo.loading`."""

import argparse
import os
import sys
from pathlib import Path

import msgspec

from advocate_app.base.clock import SystemClock
from advocate_app.base.errors import Refusal
from advocate_app.base.ids import Ids, SystemIds
from advocate_app.base.private import Private
from advocate_app.commands import cases, clients, contacts, notes, safe_contacts, services, tasks
from advocate_app.commands.acting import Acting
from advocate_app.demo.errors import NotSo
from advocate_app.sample.field_day import SampleClient, load_field_day
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Writer
from advocate_app.wiring import unlock, who_acts


def load_client(tx: Writer, *, sample: SampleClient, by: Acting, ids: Ids) -> bytes:
    """Record one invented client with all that belongs to them. Returns the client's id."""
    client = ids.next()
    _done(clients.add(tx, client=client, wanted=sample.client, by=by))
    _done(safe_contacts.put(tx, client=client, wanted=sample.safe_contact, by=by))
    _done(cases.open_case(tx, case=ids.next(), client=client, wanted=sample.case, by=by))
    for values in sample.contacts:
        _done(contacts.log(tx, contact=ids.next(), wanted={**values, "client": client}, by=by))
    for values in sample.services:
        _done(services.log(tx, service=ids.next(), wanted={**values, "client": client}, by=by))
    for values in sample.tasks:
        _done(tasks.add(tx, task=ids.next(), wanted={**values, "client": client}, by=by))
    for values in sample.notes:
        _done(notes.write(tx, note=ids.next(), wanted={**values, "client": client}, by=by))
    return client


def _done(outcome: Changes | Refusal) -> None:
    if isinstance(outcome, Refusal):
        raise NotSo(f"a sample record was refused: {outcome.code} {dict(outcome.facts)}")


def main() -> int:
    """Load the clients with these handles; prints {"clients": {handle: id}}."""
    parser = argparse.ArgumentParser(prog="python -m advocate_app.demo.loading", description=__doc__)
    parser.add_argument("--vault", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--passphrase-fd", type=int, required=True)
    parser.add_argument("handles", nargs="+")
    asked = parser.parse_args()
    with os.fdopen(asked.passphrase_fd, encoding="utf-8") as source:
        passphrase = Private(source.readline().rstrip("\n"))
    clock = SystemClock()
    ids = SystemIds(clock)
    samples = {one.handle: one for one in load_field_day()}
    vault = unlock(asked.vault, passphrase=passphrase)
    try:
        with vault.read() as db:
            by = who_acts(db, clock=clock, ids=ids)
        loaded = {}
        for handle in asked.handles:
            with vault.write() as tx:
                loaded[handle] = load_client(tx, sample=samples[handle], by=by, ids=ids).hex()
    finally:
        vault.close()
    sys.stdout.write(msgspec.json.encode({"clients": loaded}).decode() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
