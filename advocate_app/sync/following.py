"""Following the roster: every entry is verified before anything is believed of it."""

from advocate_app.crypto.signing import ROSTER, verify
from advocate_app.store import facts, roster_log
from advocate_app.store.vault import Vault
from advocate_app.sync.errors import Attack, NotEnrolled, ProgramTooOld
from advocate_app.sync.server_link import ServerLink
from advocate_app.wire import api
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.roster_reading import read_entry
from advocate_app.wire.roster_state import RosterState


def verify_entry(public: bytes, message: bytes, signature: bytes) -> None:
    """A roster signature stands over SHA-256 of an entry, or `SignatureBroken` is raised."""
    verify(public, domain=ROSTER, message=message, signature=signature)


def load_known(vault: Vault) -> RosterState:
    """The roster as this vault has verified it. Raises `NotEnrolled`."""
    with vault.read() as db:
        state = roster_log.load_roster(db)
    if state is None:
        raise NotEnrolled
    return state


def follow_roster(vault: Vault, *, link: ServerLink, state: RosterState | None, device: bytes) -> RosterState:
    """The roster brought up to the server's, each entry verified and kept.

    Raises `Attack` when the server shows a shorter or another roster than this vault knows, `ProgramTooOld` when an
    entry is of a kind this program does not know.
    """
    with vault.read() as db:
        pinned = facts.find_bytes(db, facts.FINGERPRINT)
    while True:
        size = 0 if state is None else state.size
        page = link.roster(since=size)
        _check_page(state=state, page=page)
        if state is not None and page.size == size:
            return state
        grown = state
        for signed in page.entries:
            grown = _follow(state=grown, signed=signed)
            if grown.fingerprint != pinned:
                raise Attack("the roster does not hang on the fingerprint that this vault was given")
        assert grown is not None
        _check_page_end(state=grown, page=page)
        with vault.write() as tx:
            pairs = [(signed.entry, signed.signatures) for signed in page.entries]
            roster_log.keep_entries(tx, first=size, entries=pairs)
            roster_log.keep_devices(tx, state=grown, own=device)
        state = grown


def _follow(*, state: RosterState | None, signed: api.SignedEntry) -> RosterState:
    try:
        return read_entry(state=state, data=signed.entry, signatures=signed.signatures, verify=verify_entry)
    except WireBroken as broken:
        raise ProgramTooOld("a roster entry of a kind this program does not know") from broken


def _check_page(*, state: RosterState | None, page: api.RosterPage) -> None:
    size = 0 if state is None else state.size
    if page.size < size:
        raise Attack("the server's roster is shorter than the one this vault has verified")
    if state is not None and page.size == size and page.head != state.head:
        raise Attack("the server's roster is another one than this vault has verified")
    if page.size > size and not page.entries:
        raise Attack("the server holds back roster entries")


def _check_page_end(*, state: RosterState, page: api.RosterPage) -> None:
    if state.size > page.size or (state.size == page.size and state.head != page.head):
        raise Attack("the server's roster does not end where it says")
