"""Composition: the vault opened once the primitives were tried, who acts, and the way to the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from advocate_app.base.clock import Clock
from advocate_app.base.ids import Ids
from advocate_app.base.paths import default_vault_home
from advocate_app.base.private import Private
from advocate_app.commands.acting import Acting, Circle
from advocate_app.crypto import selftest
from advocate_app.crypto.slots import KdfCost
from advocate_app.store import facts, roster_log
from advocate_app.store.connection import Reader
from advocate_app.store.event_log import Author
from advocate_app.store.vault import Vault, create_vault, open_vault
from advocate_app.sync.errors import NotEnrolled
from advocate_app.sync.following import follow_roster
from advocate_app.sync.identity import Identity
from advocate_app.sync.rounds import open_link
from advocate_app.sync.server_link import ServerLink
from advocate_app.wire.roster_state import RosterState

VAULT_VARIABLE: Final = "ADVOCATE_VAULT"
_DEFAULT_VAULT: Final = "main"
_SHORT_NAME: Final = "short_name"
_NO_SHORT_NAME: Final = "TF"
_DEVICE_SECRET_SIZE: Final = 64


def vault_path(chosen: Path | None, *, environment: Mapping[str, str]) -> Path:
    """The vault that is meant: the one named, else `ADVOCATE_VAULT`, else this account's own."""
    if chosen is not None:
        return chosen
    named = environment.get(VAULT_VARIABLE)
    return Path(named) if named else default_vault_home() / _DEFAULT_VAULT


def make_vault(path: Path, *, passphrase: Private[str], cost: KdfCost, clock: Clock, ids: Ids) -> Vault:
    """A new vault with a device of its own, ready for use."""
    selftest.run()
    return create_vault(
        path,
        passphrase=passphrase,
        device_secret=ids.secret(_DEVICE_SECRET_SIZE),
        cost=cost,
        ids=ids,
        clock=clock,
    )


def unlock(path: Path, *, passphrase: Private[str]) -> Vault:
    """An open vault, ready for use; the primitives are tried first, and nothing is opened with a wrong one."""
    selftest.run()
    return open_vault(path, passphrase=passphrase)


def who_acts(db: Reader, *, clock: Clock, ids: Ids) -> Acting:
    """The member whose vault this is, as the roster known here has them; needs no network. Raises `NotEnrolled`."""
    state = roster_log.load_roster(db)
    member = facts.find_bytes(db, facts.MEMBER)
    if state is None or not member:
        raise NotEnrolled
    return acting_of(state, member=member, clock=clock, ids=ids)


def acting_of(state: RosterState, *, member: bytes, clock: Clock, ids: Ids) -> Acting:
    """A member of this roster, acting here and now; without roles once they were removed."""
    mine = state.members.get(member)
    author = Author(
        member=member,
        roles=frozenset() if mine is None or mine.removed else mine.now,
        cited=state.size,
        clock=clock,
        ids=ids,
    )
    named = state.policy.get(_SHORT_NAME)
    return Acting(
        author=author,
        agency=state.agency,
        groups={one.name: Circle(id=one.id, members=one.members) for one in state.groups.values()},
        roles={one.id: one.now for one in state.members.values() if not one.removed},
        short_name=named if isinstance(named, str) and named else _NO_SHORT_NAME,
    )


@dataclass(frozen=True, slots=True)
class Connected:
    """A link to the server as this vault's device, with the roster followed to its end."""

    link: ServerLink
    me: Identity
    state: RosterState


def connect(vault: Vault, *, clock: Clock) -> Connected:
    """Reach the server and follow the roster; whoever asks closes the link. Raises `NotEnrolled` and sync's faults."""
    link, me = open_link(vault, clock=clock)
    try:
        link.meta()
        with vault.read() as db:
            known = roster_log.load_roster(db)
        state = follow_roster(vault, link=link, state=known, device=me.device.id)
    except BaseException:
        link.close()
        raise
    return Connected(link=link, me=me, state=state)
