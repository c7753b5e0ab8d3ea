"""How a console command ends: exit codes, and what went wrong in three parts."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from advocate_app.base.errors import Bug, Fact, Fault, WorldFault


class Exit(IntEnum):
    """Exit codes, as `docs/console.md` lists them."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    VAULT = 3
    PASSPHRASE = 4
    OFFLINE = 5
    ATTENTION = 6
    BUG = 70
    LATER = 75


class Stop(Exception):
    """The command ends here: a rule said no, or something is to be looked at. `code` has words in `console.texts`."""

    def __init__(self, code: str, facts: Mapping[str, Fact], *, exit_code: Exit = Exit.REFUSED) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.exit_code = exit_code


class Usage(Exception):
    """What was typed cannot be meant; the message says what is."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


_BY_CODE: Final[Mapping[str, Exit]] = {
    "vault.wrong_passphrase": Exit.PASSPHRASE,
    "vault.keystore_needed": Exit.PASSPHRASE,
    "store.disk_full": Exit.LATER,
    "store.disk_fault": Exit.LATER,
    "store.write_busy": Exit.LATER,
    "store.vault_busy": Exit.LATER,
    "sync.program_too_old": Exit.ATTENTION,
    "sync.not_enrolled": Exit.VAULT,
    "words.broken": Exit.USAGE,
    "wire.broken": Exit.USAGE,
    "wire.newer": Exit.USAGE,
}
_BY_ROOM: Final[Mapping[str, Exit]] = {
    "vault": Exit.VAULT,
    "store": Exit.VAULT,
    "recovery": Exit.USAGE,
    "sync": Exit.ATTENTION,
}


def exit_of(fault: Fault) -> Exit:
    """The exit code that a fault ends with."""
    known = _BY_CODE.get(fault.code)
    if known is not None:
        return known
    if isinstance(fault, Bug):
        return Exit.BUG
    room = fault.code.split(".", 1)[0]
    if room == "sync" and isinstance(fault, WorldFault):
        return Exit.OFFLINE
    return _BY_ROOM.get(room, Exit.ATTENTION)
