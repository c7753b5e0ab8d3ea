"""`advocate vault`, `doctor`, `selftest`, `recovery`: the vault itself, and whether all around it is well."""

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from advocate_app.base.errors import Fault
from advocate_app.base.private import Private
from advocate_app.console.arguments import Commands, command, family
from advocate_app.console.desk import Desk
from advocate_app.console.ending import Exit, Stop
from advocate_app.console.texts import told
from advocate_app.crypto import selftest
from advocate_app.crypto.recovery import open_kit
from advocate_app.crypto.slots import KdfCost
from advocate_app.crypto.stretching import DEFAULT, calibrate
from advocate_app.crypto.words import suggest_passphrase
from advocate_app.store import facts
from advocate_app.store.vault import change_passphrase, check, integrity
from advocate_app.sync.server_link import ServerLink
from advocate_app.wiring import make_vault

LEAST_ROOM: Final = 500 * 1024 * 1024
SHORTEST: Final = 12
_EARLIEST_MS: Final = 1_750_000_000_000
"""Mid 2025: a clock before this was never set."""


def add(commands: Commands) -> None:
    """Declare these commands."""
    part = family(commands, "vault", "Make, check and rekey the vault on this laptop.")
    creating = command(part, "create", "Make a new vault in an empty folder.", run=_create)
    creating.add_argument(
        "--kdf-memory",
        type=int,
        metavar="MIB",
        help="memory that guessing the passphrase costs, at least 64; measured for about a second if left out",
    )
    command(part, "check", "Look at the vault's files from outside; asks for no passphrase.", run=_check)
    changing = command(part, "passphrase", "Change the passphrase.", run=_passphrase)
    changing.add_argument("--new-passphrase-fd", type=int, metavar="N", help="read the new one from here")
    changing.add_argument("--kdf-memory", type=int, metavar="MIB", help="as for create; a cost is never lowered")
    command(part, "integrity", "Check every page and index of the database.", run=_integrity)
    looking = command(commands, "doctor", "Check vault, clock, disk, server and versions, each by itself.", run=_doctor)
    looking.add_argument("--closed", action="store_true", help="leave the vault closed: no passphrase, no server")
    command(commands, "selftest", "Ask the cryptography its known answers.", run=_selftest)
    saving = family(commands, "recovery", "The agency's recovery kit.")
    opening = command(saving, "open", "See whether a kit can be read and belongs to this agency.", run=_open_kit)
    opening.add_argument("kit", metavar="KITFILE", help="the kit's text; - is standard input")


def _create(desk: Desk) -> int:
    path = desk.path
    if desk.source.isatty() and desk.asked.passphrase_fd is None:
        desk.out.write(f"Five random words make a good passphrase, for example:\n  {suggest_passphrase(desk.ids)}\n")
    passphrase = _chosen(desk, desk.asked.passphrase_fd)
    vault = desk.keep_open(
        make_vault(path, passphrase=passphrase, cost=_cost(desk.asked.kdf_memory), clock=desk.clock, ids=desk.ids)
    )
    desk.answer(
        {"vault": str(vault.path)},
        f"The vault is made: {vault.path}",
        "Nobody can open it without the passphrase. Next: advocate enrol, or advocate agency create.",
    )
    return Exit.DONE


def _cost(mebibytes: int | None) -> KdfCost:
    if mebibytes is None:
        return calibrate()
    return KdfCost(memory_kib=mebibytes * 1024, passes=DEFAULT.passes, lanes=DEFAULT.lanes)


def _chosen(desk: Desk, descriptor: int | None) -> Private[str]:
    """A new passphrase; typed twice where it is typed."""
    first = desk.secret(descriptor, prompt="New passphrase: ")
    if len(first.reveal()) < SHORTEST:
        raise Stop("console.passphrase_short", {})
    if descriptor is None and desk.secret(None, prompt="Once more: ").reveal() != first.reveal():
        raise Stop("console.passphrases_differ", {})
    return first


def _check(desk: Desk) -> int:
    state = check(desk.path)
    reply = {
        "vault": str(desk.path),
        "problem": None if state.problem is None else state.problem.code,
        "keyfile_version": state.keyfile_version,
        "open_in_window": state.open_in_window,
        "open_in_worker": state.open_in_worker,
    }
    if state.problem is not None:
        raise state.problem
    used = "a window or console has it open" if state.open_in_window else "nobody has it open"
    desk.answer(reply, f"{desk.path}: the files of a vault are here; {used}.")
    return Exit.DONE


def _passphrase(desk: Desk) -> int:
    old = desk.passphrase(prompt="Present passphrase: ")
    new = _chosen(desk, desk.asked.new_passphrase_fd)
    change_passphrase(desk.path, old=old, new=new, cost=_cost(desk.asked.kdf_memory), ids=desk.ids)
    desk.answer({}, "The passphrase is changed. Copies of the vault made before open with the old one still.")
    return Exit.DONE


def _integrity(desk: Desk) -> int:
    found = integrity(desk.vault)
    if not found.sound:
        raise Stop("console.unsound", {"count": len(found.complaints)}, exit_code=Exit.VAULT)
    desk.answer({"pages": found.pages, "complaints": []}, f"{found.pages} pages, every one whole.")
    return Exit.DONE


def _selftest(desk: Desk) -> int:
    names = selftest.run()
    desk.answer({"primitives": names}, *(f"ok  {name}" for name in names))
    return Exit.DONE


def _open_kit(desk: Desk) -> int:
    kit = open_kit(desk.text_of(desk.asked.kit))
    with desk.reading() as db:
        known = facts.find_bytes(db, facts.FINGERPRINT)
    if kit.fingerprint != known:
        raise Stop("recovery.other_agency", {}, exit_code=Exit.ATTENTION)
    desk.answer(
        {"fingerprint": kit.fingerprint.hex()},
        "The kit can be read, and it is this agency's. Put it back into the safe.",
    )
    return Exit.DONE


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check of the doctor found; `action` is empty where all is well."""

    name: str
    good: bool
    words: str
    action: str = ""


def _doctor(desk: Desk) -> int:
    found = list(_findings(desk))
    reply: dict[str, Any] = {
        "findings": [{"name": one.name, "good": one.good, "words": one.words, "action": one.action} for one in found]
    }
    lines = []
    for one in found:
        lines.append(f"{'ok       ' if one.good else 'ATTENTION'}  {one.name}: {one.words}")
        if one.action:
            lines.append(f"             {one.action}")
    desk.answer({**reply, "ok": all(one.good for one in found)}, *lines)
    return Exit.DONE if all(one.good for one in found) else Exit.ATTENTION


def _findings(desk: Desk) -> Iterator[Finding]:
    yield Finding("versions", True, _versions())
    yield _tried("cryptography", lambda: f"{len(selftest.run())} primitives give their known answers")
    yield _clock(desk)
    yield _room(desk)
    state = check(desk.path)
    if state.problem is not None:
        yield _of_fault("vault", state.problem)
        return
    yield Finding("vault", True, "its files are here")
    if desk.asked.closed:
        return
    with desk.reading() as db:
        server = facts.find_text(db, facts.SERVER)
    found = integrity(desk.vault, thorough=False)
    action = "" if found.sound else "Make a copy of the folder, then restore a backup."
    yield Finding("database", found.sound, f"{found.pages} pages, {len(found.complaints)} complaints", action)
    if not server:
        yield Finding("server", False, "this vault belongs to no agency yet", "Enrol: advocate enrol")
        return
    yield _tried("server", lambda: _reach(desk, server))


def _reach(desk: Desk, server: str) -> str:
    link = ServerLink(server=server, clock=desk.clock)
    try:
        meta = link.meta()
    finally:
        link.close()
    return f"it answers ({meta.program} {meta.version})"


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except Fault as fault:
        return _of_fault(name, fault)


def _of_fault(name: str, fault: Fault) -> Finding:
    words = told(fault.code, fault.facts)
    return Finding(name, False, f"{words.what} {words.safe}", words.action)


def _clock(desk: Desk) -> Finding:
    if desk.clock.now() < _EARLIEST_MS:
        return Finding("clock", False, "it stands years in the past", "Set this laptop's clock.")
    return Finding("clock", True, "it stands at a likely time")


def _room(desk: Desk) -> Finding:
    place = desk.path
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    good = free >= LEAST_ROOM
    return Finding("disk", good, f"{free // 2**20} MiB free", "" if good else "Free some room on this disk.")


def _versions() -> str:
    try:
        program = version("advocate")
    except PackageNotFoundError:
        program = "from a checkout"
    packages = ", ".join(f"{name} {version(name)}" for name in ("cryptography", "sqlcipher3", "msgspec", "zstandard"))
    return f"advocate {program}, Python {platform.python_version()}, {packages}, {os.name}"
