"""A whole sync round for an open vault: who it is, which server, and how it ended, kept for all to see."""

from collections.abc import Callable

from advocate_app.base.clock import Clock
from advocate_app.base.errors import Fault
from advocate_app.base.ids import Ids
from advocate_app.store import facts
from advocate_app.store.vault import Vault
from advocate_app.sync.errors import NotEnrolled
from advocate_app.sync.identity import Identity, find_identity
from advocate_app.sync.server_link import ServerLink
from advocate_app.sync.session import Round, SyncSession
from advocate_app.sync.state import note_outcome
from advocate_app.sync.words import Tell, silent


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
