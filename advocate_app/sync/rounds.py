"""A whole sync round for an open vault: who it is, which server, and how it ended, kept for all to see."""

from collections.abc import Callable
from typing import Final

from advocate_app.base.clock import Clock
from advocate_app.base.errors import Fault
from advocate_app.base.ids import Ids
from advocate_app.store import facts, roster_log, stream_log
from advocate_app.store.arrivals import Waiting, replay_newer
from advocate_app.store.queries.standing import count_newer
from advocate_app.store.search import index_pending
from advocate_app.store.vault import Vault
from advocate_app.sync.errors import NotEnrolled
from advocate_app.sync.identity import Identity, find_identity
from advocate_app.sync.judging import judge_of
from advocate_app.sync.server_link import ServerLink
from advocate_app.sync.session import Round, SyncSession
from advocate_app.sync.state import note_outcome
from advocate_app.sync.words import Tell, silent

INDEX_STEP: Final = 200
"""Records that one transaction brings into the search: some tens of milliseconds."""


def open_link(vault: Vault, *, clock: Clock) -> tuple[ServerLink, Identity]:
    """A link to the vault's server as its device. Raises `NotEnrolled`."""
    with vault.read() as db:
        me = find_identity(db, device_secret=vault.secret.device_secret)
        server = facts.find_text(db, facts.SERVER)
    if me is None or not server:
        raise NotEnrolled
    return ServerLink(server=server, clock=clock, identity=me), me


def run_round(
    vault: Vault,
    *,
    clock: Clock,
    ids: Ids,
    tell: Tell = silent,
    should_stop: Callable[[], bool] = lambda: False,
) -> Round:
    """One round; its outcome is noted in the vault. Raises the fault that ended it."""
    link, me = open_link(vault, clock=clock)
    try:
        done = SyncSession(vault, link=link, me=me, clock=clock, ids=ids, tell=tell, should_stop=should_stop).run()
    except Fault as fault:
        note_outcome(vault, fault=fault)
        raise
    finally:
        link.close()
    note_outcome(vault, fault=None)
    return done


def replay_known(vault: Vault) -> None:
    """After an update: take in the events that an older program kept for this one, judged as they are today."""
    with vault.read() as db:
        if not count_newer(db):
            return
        state = roster_log.load_roster(db)
        devices = {row: device for row, (device, _) in roster_log.device_members(db).items()}
        streams = {one.row: one.stream for one in stream_log.list_streams(db)}
    if state is None:
        return

    def power(waiting: Waiting) -> int:
        judge = judge_of(
            state=state,
            device=devices[waiting.device],
            stream=streams[waiting.stream],
            log_index=waiting.log_index or 0,
            cited=waiting.cited,
            stamped=state.size if waiting.stamped is None else waiting.stamped,
        )
        return judge.state_of(record_type=waiting.record_type, verb=waiting.verb)

    with vault.write() as tx:
        replay_newer(tx, power=power)


def index_waiting(vault: Vault, *, should_stop: Callable[[], bool] = lambda: False) -> None:
    """Bring the search up to date, a little at a time; it can be stopped and goes on the next time."""
    while not should_stop():
        with vault.write_page() as tx:
            if not index_pending(tx, INDEX_STEP):
                return
