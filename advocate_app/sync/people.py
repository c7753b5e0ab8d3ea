"""Members' names, sealed to the agency's own: only who is in the group `agency` reads them."""

from typing import Final

from advocate_app.base.errors import Fault
from advocate_app.crypto.derive import hkdf
from advocate_app.crypto.symmetric import open_sealed, seal
from advocate_app.store import keys
from advocate_app.store.connection import Reader
from advocate_app.store.keys import HeldKey
from advocate_app.wire.keybox import GROUP
from advocate_app.wire.roster import SealedName
from advocate_app.wire.roster_state import AGENCY_GROUP, RosterState

UNREADABLE: Final = "(name not readable yet)"


def seal_name(*, name: str, whose: bytes, seed: HeldKey) -> SealedName:
    """A name for the roster, under the group's seed. `whose` is the member's or stream's id."""
    key = hkdf(seed.secret, info=b"ADV1/names")
    return SealedName(
        generation=seed.generation, sealed=seal(key, context=b"ADV1/name\0" + whose, plain=name.encode("utf-8"))
    )


def open_name(db: Reader, *, state: RosterState, whose: bytes, sealed: SealedName) -> str:
    """A name from the roster, or words that say that it cannot be read yet."""
    group = state.group(AGENCY_GROUP)
    seed = keys.find_generation(db, kind=GROUP, scope=group.id, generation=sealed.generation)
    if seed is None:
        return UNREADABLE
    try:
        key = hkdf(seed.secret, info=b"ADV1/names")
        return open_sealed(key, context=b"ADV1/name\0" + whose, sealed=sealed.sealed).decode("utf-8")
    except (Fault, UnicodeDecodeError):
        return UNREADABLE


def member_names(db: Reader, *, state: RosterState) -> dict[bytes, str]:
    """Each member's name, by member id."""
    return {
        member.id: open_name(db, state=state, whose=member.id, sealed=member.name) for member in state.members.values()
    }
