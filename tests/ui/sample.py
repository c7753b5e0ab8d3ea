"""A vault with invented clients, enrolled at a real server that has gone away, opened anew for each test."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop

from advocate_app.demo.loading import load_client
from advocate_app.main import opened
from advocate_app.sample.field_day import load_field_day
from advocate_app.store import search
from advocate_app.store.vault import Vault, open_with_key
from advocate_app.ui.desk import Desk
from tests.agency import CLOCK, IDS, founded_agency


@dataclass(frozen=True)
class SampleVault:
    """A closed vault and the keys that open it without a passphrase."""

    path: Path
    vault_key: bytes
    device_secret: bytes
    clients: tuple[bytes, ...]

    def open_copy(self, into: Path) -> Vault:
        """A copy of its own, open."""
        shutil.copytree(self.path, into)
        return open_with_key(into, vault_key=self.vault_key, device_secret=self.device_secret, as_worker=False)


def make_sample(home: Path) -> SampleVault:
    """Found an agency, load the dozen clients of the field day, and close all of it."""
    agency = founded_agency(home)
    try:
        vault = agency.founder.vault
        by = agency.founder.acting()
        clients = []
        for one in load_field_day():
            with vault.write() as tx:
                clients.append(load_client(tx, sample=one, by=by, ids=IDS))
        with vault.write() as tx:
            search.index_pending(tx, 10_000)
        secret = vault.secret
    finally:
        agency.close()
    return SampleVault(
        path=home / "founder",
        vault_key=secret.vault_key,
        device_secret=secret.device_secret,
        clients=tuple(clients),
    )


def desk_over(vault: Vault) -> Desk:
    """A desk over an open vault, without a sync process."""
    return Desk(opened(vault, clock=CLOCK, ids=IDS, sync=False))


def until(true: Callable[[], bool], *, seconds: float = 10.0) -> None:
    """Let the window live until something is true; fails when it does not come true."""
    deadline = QDeadlineTimer(int(seconds * 1000))
    while not true():
        assert not deadline.hasExpired(), "it did not come true"
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
