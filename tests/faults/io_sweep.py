"""One piece of work on a failing disk, once for every call and kind of fault: `io_sweep.py WORK VAULT KEY_HEX FOLDER`.

Runs on the shim. Each time a child does the work on a fresh copy and tells a pipe what was acknowledged; its parent
then looks at what is left. A line of JSON tells each time the kind, the call, what was said, and what is wrong.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from advocate_app.base.errors import Fault
from advocate_app.base.ids import SeededIds
from advocate_app.base.private import Private
from advocate_app.crypto import slots
from advocate_app.crypto.derive import sha256
from advocate_app.store import files, migrations
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.migrations import schema_number
from advocate_app.store.vault import Vault, change_passphrase, check
from tests.faults.saving import look, open_again, save
from tests.faults.shim import Disk, Kind
from tests.store.making import CLOCK, PASSPHRASE, make_vault

DISK_CODES = ("store.disk_full", "store.disk_fault")
OTHER = Private("another passphrase for the same vault")

Say = Callable[[str], None]
Arm = Callable[[], None]
Disarm = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is done on the failing disk, and how what it left is judged."""

    do: Callable[[Path, bytes, Arm, Disarm, Say], None]
    """Given the folder, the vault key, and what arms and disarms the disk; it says what was acknowledged."""
    judge: Callable[[Path, bytes, list[str]], list[str]]
    """Given the folder, the vault key, and what was said: everything that is wrong."""
    from_nothing: bool = False
    """Whether the work starts without a vault."""
    stride: int = 1
    """Only every so many-th call fails."""
    until: int = 10**6
    """The last call that fails."""


def _try(number: int, vault: Vault, say: Say) -> bool:
    try:
        save(vault, number)
    except Fault as fault:
        say(f"refused {number} {fault.code}")
        return False
    say(f"saved {number}")
    return True


def _saves(*, checkpoint_pages: int) -> Callable[[Path, bytes, Arm, Disarm, Say], None]:
    def do(path: Path, key: bytes, arm: Arm, disarm: Disarm, say: Say) -> None:
        vault = open_again(path, vault_key=key)
        with vault.write() as tx:
            tx.run(f"PRAGMA wal_autocheckpoint = {checkpoint_pages}")
        _try(0, vault, say)
        arm()
        refused = [number for number in (1, 2, 3) if not _try(number, vault, say)]
        disarm()
        for number in (*refused, 4):
            save(vault, number)
            say(f"saved {number}")

    return do


def _close(path: Path, key: bytes, arm: Arm, disarm: Disarm, say: Say) -> None:
    vault = open_again(path, vault_key=key)
    for number in range(4):
        _try(number, vault, say)
    arm()
    vault.close()
    disarm()


def _open(path: Path, key: bytes, arm: Arm, disarm: Disarm, say: Say) -> None:
    # The journal of a program that was killed is waiting, with saves in it.
    if os.fork() == 0:
        killed = open_again(path, vault_key=key)
        for number in range(3):
            _try(number, killed, say)
        os._exit(0)
    os.wait()
    arm()
    try:
        vault = open_again(path, vault_key=key)
        _try(3, vault, say)
    except Fault as fault:
        say(f"refused to open {fault.code}")
    disarm()


def _judge_saves(path: Path, key: bytes, said: list[str]) -> list[str]:
    found = look(path, vault_key=key)
    lost = found.lost(int(line.split()[1]) for line in said if line.startswith("saved "))
    wrong = [f"lost {number}" for number in lost] + [f"half {number}" for number in found.halves]
    wrong += [line for line in said if line.startswith("refused") and line.split()[-1] not in DISK_CODES]
    return wrong + list(found.complaints)


def _create(path: Path, _key: bytes, arm: Arm, disarm: Disarm, say: Say) -> None:
    arm()
    try:
        make_vault(path)
        say("made")
    except Fault as fault:
        say(f"refused {fault.code}")
    disarm()


def _create_end(path: Path, key: bytes, arm: Arm, disarm: Disarm, say: Say) -> None:
    # From where the database is whole and the keyfile comes beside it: here every call decides.
    replace_file = files.replace_file

    def armed(keyfile: Path, *, content: bytes) -> None:
        arm()
        replace_file(keyfile, content=content)

    vars(files).update(replace_file=armed)
    _create(path, key, lambda: None, disarm, say)


def _judge_created(path: Path, key: bytes, said: list[str]) -> list[str]:
    problem = check(path).problem
    if problem is None:
        return _judge_saves(path, key, [])
    code = problem.code
    if "made" in said or code not in ("store.vault_missing", "store.vault_unfinished"):
        return [f"left as {code}"]
    make_vault(path).close()
    return _judge_saves(path, key, [])


def _change(path: Path, _key: bytes, arm: Arm, disarm: Disarm, say: Say) -> None:
    say(f"before {sha256((path / 'vault.key').read_bytes()).hex()}")
    arm()
    try:
        change_passphrase(path, old=PASSPHRASE, new=OTHER, cost=slots.FLOOR, ids=SeededIds(CLOCK, seed=9))
        say("changed")
    except Fault as fault:
        say(f"refused {fault.code}")
    disarm()


def _judge_changed(path: Path, key: bytes, said: list[str]) -> list[str]:
    keyfile = (path / "vault.key").read_bytes()
    if f"before {sha256(keyfile).hex()}" in said:
        return ["the change is lost"] if "changed" in said else []
    return [] if slots.open_keyfile(keyfile, passphrase=OTHER).vault_key == key else ["another vault key"]


def _next_schema(tx: Writer) -> None:
    tx.run("CREATE TABLE later (id INTEGER PRIMARY KEY, filling BLOB NOT NULL) STRICT")
    tx.run_many("INSERT INTO later (filling) VALUES (?)", [(bytes(3000),)] * 8)


def _migrate(path: Path, key: bytes, arm: Arm, disarm: Disarm, say: Say) -> None:
    vault = open_again(path, vault_key=key)
    arm()
    try:
        migrations.migrate(vault.write, to=2)
        say("migrated")
    except Fault as fault:
        say(f"refused {fault.code}")
    disarm()


def _has_later(db: Reader) -> bool:
    return bool(db.rows("SELECT 1 FROM sqlite_schema WHERE name = 'later'"))


def _judge_migrated(path: Path, key: bytes, said: list[str]) -> list[str]:
    with closing(open_again(path, vault_key=key)) as vault:
        with vault.read() as db:
            schema = schema_number(db)
            rows = db.row("SELECT count(*) FROM later") if _has_later(db) else None
        wrong = list(vault.check().complaints)
    if (schema, rows) not in ((1, None), (2, (8,))):
        wrong.append(f"schema {schema} with {rows}")
    if "migrated" in said and schema != 2:
        wrong.append("the migration is lost")
    return wrong


def _made_once(make: Callable[..., bytes]) -> Callable[..., bytes]:
    """The keyfile that `make` gave the first time: all vaults here have the same keys."""
    made: list[bytes] = []

    def again(**arguments: object) -> bytes:
        if not made:
            made.append(make(**arguments))
        return made[0]

    return again


WORKS = {
    "save": Work(do=_saves(checkpoint_pages=1000), judge=_judge_saves),
    "checkpoint": Work(do=_saves(checkpoint_pages=3), judge=_judge_saves),
    "close": Work(do=_close, judge=_judge_saves),
    "open": Work(do=_open, judge=_judge_saves),
    "create": Work(do=_create, judge=_judge_created, from_nothing=True, stride=9),
    "create-end": Work(do=_create_end, judge=_judge_created, from_nothing=True, until=12),
    "passphrase": Work(do=_change, judge=_judge_changed),
    "migrate": Work(do=_migrate, judge=_judge_migrated),
}


def _told_by_child(work: Work, path: Path, *, key: bytes, kind: Kind, at: int) -> tuple[list[str], int]:
    """What a child said, and its wait status: it ends without closing anything, if it is not killed before."""
    disk = Disk()
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:

        def say(line: str) -> None:
            os.write(mouth, f"{line}\n".encode())

        def arm() -> None:
            disk.arm(below=path.parent, kind=kind, at=at)

        work.do(path, key, arm, lambda: say(f"calls {disk.disarm()}"), say)
        os._exit(0)
    os.close(mouth)
    with os.fdopen(ear) as heard:
        said = heard.read().splitlines()
    return said, os.waitpid(child, 0)[1]


def _sweep(work: Work, template: Path, *, key: bytes, folder: Path, kind: Kind) -> None:
    for at in range(work.stride, work.until + 1, work.stride):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        path = folder / "vault"
        if not work.from_nothing:
            shutil.copytree(template, path)
        said, status = _told_by_child(work, path, key=key, kind=kind, at=at)
        calls = next((int(line.split()[1]) for line in said if line.startswith("calls")), None)
        if calls is not None and calls < at:
            return
        wrong = work.judge(path, key, said)
        killed = kind in (Kind.KILL, Kind.TEAR_AND_KILL)
        if os.WIFSIGNALED(status) != killed or (not killed and os.WEXITSTATUS(status) != 0):
            wrong.append(f"ended with {status}")
        print(json.dumps({"kind": kind.name, "at": at, "said": said, "wrong": wrong}), flush=True)


if __name__ == "__main__":
    name, template, key, folder = sys.argv[1], Path(sys.argv[2]), bytes.fromhex(sys.argv[3]), Path(sys.argv[4])
    # Stretching the passphrase anew for each of some hundred vaults would prove nothing more.
    slots.create_keyfile = _made_once(slots.create_keyfile)
    Disk().watch(below=folder)
    make_vault(folder / "first").close()
    vars(migrations).update(MIGRATIONS=(*migrations.MIGRATIONS[:1], _next_schema), NEWEST=2)
    for kind in Kind:
        _sweep(WORKS[name], template, key=key, folder=folder, kind=kind)
