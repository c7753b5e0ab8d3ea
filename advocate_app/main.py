"""The program: `advocate-app` opens the window; `advocate-app sync-worker` is its sync process, without Qt."""

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advocate_app.base.clock import Clock
    from advocate_app.base.ids import Ids
    from advocate_app.store.connection import Reader, Writer
    from advocate_app.store.vault import Vault
    from advocate_app.sync.words import SyncState
    from advocate_app.ui.opened import KeptDraft, Opened, SyncWorker


def main(arguments: list[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    parser = argparse.ArgumentParser(prog="advocate-app", description=__doc__)
    parser.add_argument("--vault", type=Path, help="the vault's folder; else ADVOCATE_VAULT, else this account's own")
    parser.add_argument("--offline", action="store_true", help="do not sync")
    parts = parser.add_subparsers(dest="part")
    worker = parts.add_parser("sync-worker", help="sync one vault; keys and orders come on standard input")
    worker.add_argument("vault", type=Path)
    worker.add_argument("--repeat", action="store_true", help="go on syncing by the schedule")
    chosen = parser.parse_args(arguments)
    if chosen.part == "sync-worker":
        from advocate_app.sync.worker import run_worker

        return run_worker(chosen.vault, repeat=chosen.repeat, source=sys.stdin.buffer, out=sys.stdout.buffer)
    return _open_window(chosen.vault, offline=chosen.offline)


def _open_window(vault: Path | None, *, offline: bool) -> int:
    try:
        from advocate_app.ui.window import run
    except ImportError:
        sys.stderr.write("advocate-app: the window needs the desktop extra (PySide6); the console is `advocate`\n")
        return 2
    from advocate_app.base.clock import SystemClock
    from advocate_app.base.ids import SystemIds
    from advocate_app.base.private import Private
    from advocate_app.wiring import unlock, vault_path

    clock = SystemClock()
    ids = SystemIds(clock)
    path = vault_path(vault, environment=os.environ)

    def open_with(passphrase: str) -> "Opened":
        return opened(unlock(path, passphrase=Private(passphrase)), clock=clock, ids=ids, sync=not offline)

    again = [sys.executable, "-m", "advocate_app.main", "--vault", str(path)] + (["--offline"] if offline else [])
    return run(open_with, again=again)


def opened(vault: "Vault", *, clock: "Clock", ids: "Ids", sync: bool) -> "Opened":
    """An unlocked vault, put together for the window; with `sync`, its sync process can be started."""
    from advocate_app.store import facts, roster_log, search
    from advocate_app.sync.people import member_names
    from advocate_app.sync.state import sync_state
    from advocate_app.ui.opened import Opened
    from advocate_app.wiring import who_acts

    def names(db: "Reader") -> dict[bytes, str]:
        state = roster_log.load_roster(db)
        return {} if state is None else member_names(db, state=state)

    return Opened(
        vault=vault,
        clock=clock,
        ids=ids,
        who=partial(who_acts, clock=clock, ids=ids),
        names=names,
        sync_state=lambda: sync_state(vault, now=clock.now()),
        last_contact=lambda db: facts.find_number(db, facts.LAST_CONTACT),
        drafts=_Drafts(clock),
        worker=partial(_start_worker, vault) if sync else None,
        index=search.index_pending,
        found=_found,
    )


def _start_worker(vault: "Vault", tell: "Callable[[SyncState], None]") -> "SyncWorker":
    from advocate_app.sync.worker import Worker

    return Worker(vault, tell=tell, repeat=True)


def _found(db: "Reader", text: str) -> list[tuple[bytes, str]]:
    from advocate_app.store.queries.clients import find_client
    from advocate_app.store.search import search
    from advocate_app.ui.people import called

    meant = dict.fromkeys(hit.client for hit in search(db, text, limit=40) if hit.client is not None)
    rows = [find_client(db, client=client) for client in list(meant)[:12]]
    return [(row.client, called(row)) for row in rows if row is not None]


class _Drafts:
    """Drafts in the vault, with the time at which they were kept."""

    def __init__(self, clock: "Clock") -> None:
        self._clock = clock

    def keep(self, tx: "Writer", *, key: str, text: str, caret: int) -> None:
        from advocate_app.store import drafts

        drafts.keep(tx, key=key, text=text, caret=caret, at=self._clock.now())

    def find(self, db: "Reader", *, key: str) -> "KeptDraft | None":
        from advocate_app.store import drafts
        from advocate_app.ui.opened import KeptDraft

        found = drafts.find(db, key=key)
        return None if found is None else KeptDraft(text=found.text, caret=found.caret)

    def drop(self, tx: "Writer", *, key: str) -> None:
        from advocate_app.store import drafts

        drafts.drop(tx, key=key)


if __name__ == "__main__":
    sys.exit(main())
