"""Work done while the shim writes down every call to the disk: `disk_log.py WORK FOLDER LOG`; runs on the shim.

What is acknowledged is written into the same log, so that a test can tell what had to be on the disk at any moment.
"""

import sys
from contextlib import closing
from pathlib import Path

from advocate_app.store.vault import Vault
from tests.faults.platter import flushed
from tests.faults.saving import filling
from tests.faults.shim import Disk
from tests.store.making import copy_vault, make_vault

SAVES = 12
CREATED = 1000


def save_all(vault: Vault, disk: Disk, *, pulled: bool) -> None:
    """Save again and again, with the journal written back every few pages."""
    block = vault.write_page if pulled else vault.write
    with block() as tx:
        tx.run("PRAGMA wal_autocheckpoint = 20")
    for number in range(SAVES):
        with block() as tx:
            for part in "ab":
                tx.run("INSERT INTO fact (name, value) VALUES (?, ?)", (f"{part} {number}", filling(number)))
        disk.note(number)


if __name__ == "__main__":
    work, folder, disk = sys.argv[1], Path(sys.argv[2]), Disk()
    with Path(sys.argv[3]).open("wb", buffering=0) as log:
        if work == "create":
            disk.log(below=folder, descriptor=log.fileno())
            vault = make_vault(folder / "vault")
            disk.note(CREATED)
        else:
            vault = copy_vault(folder / "vault")
            log.write(flushed(vault.path))
            disk.log(below=folder, descriptor=log.fileno())
            save_all(vault, disk, pulled=work == "pull")
        with closing(vault):
            pass
