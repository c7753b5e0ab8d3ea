"""A program that saves on a disk with less and less room: `full_disk.py VAULT KEY_HEX WORK_FOLDER STEP`.

For every size of file, STEP bytes apart, a copy of the vault is saved to by a process that may not write a file beyond
that size (RLIMIT_FSIZE). It tells each save acknowledged and each refused; then the limit is lifted, and what was
refused is saved again. A line of JSON tells how each went.
"""

import json
import os
import resource
import shutil
import signal
import sys
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from advocate_app.base.errors import Fault
from advocate_app.store.vault import Vault
from tests.faults.saving import look, open_again, save

SAVES = 8


@dataclass(kw_only=True)
class Told:
    """What one process said of its saves."""

    acknowledged: list[int]
    faults: list[str]
    """Codes, in order."""
    again: list[int]
    """Saves refused at first and acknowledged once there was room."""


def limit_files(size: int) -> None:
    """Let no file grow beyond `size` bytes; -1 lifts the limit. Writing beyond is an error and no longer a signal."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def save_with_little_room(path: Path, *, vault_key: bytes, limit: int) -> Told:
    """Save until refused, go on trying the rest, and once more with room."""
    told = Told(acknowledged=[], faults=[], again=[])
    limit_files(limit)
    vault: Vault | None = None
    try:
        vault = open_again(path, vault_key=vault_key)
    except Fault as fault:
        told.faults.append(fault.code)
    refused = [number for number in range(SAVES) if vault is None or not _saved(vault, number, told)]
    limit_files(resource.RLIM_INFINITY)
    vault = vault or open_again(path, vault_key=vault_key)
    for number in refused:
        save(vault, number)
        told.again.append(number)
    return told


def _saved(vault: Vault, number: int, told: Told) -> bool:
    try:
        save(vault, number)
    except Fault as fault:
        told.faults.append(fault.code)
        return False
    told.acknowledged.append(number)
    return True


def in_a_process_of_its_own(path: Path, *, vault_key: bytes, limit: int) -> Told:
    """What a child told before it ended without closing anything."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        told = save_with_little_room(path, vault_key=vault_key, limit=limit)
        os.write(mouth, json.dumps(asdict(told)).encode())
        os._exit(0)
    os.close(mouth)
    with os.fdopen(ear) as heard:
        text = heard.read()
    os.waitpid(child, 0)
    return Told(**json.loads(text))


if __name__ == "__main__":
    vault_path, key, work = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), Path(sys.argv[3])
    for limit in count(0, int(sys.argv[4])):
        shutil.rmtree(work / "vault", ignore_errors=True)
        copy = Path(shutil.copytree(vault_path, work / "vault"))
        told = in_a_process_of_its_own(copy, vault_key=key, limit=limit)
        found = look(copy, vault_key=key)
        lost = sorted(found.lost(told.acknowledged + told.again))
        harm = [*map(str, found.halves), *found.complaints]
        print(json.dumps({"limit": limit, "lost": lost, "harm": harm, **asdict(told)}), flush=True)
        if not told.faults:
            break
