"""A second program on a vault, for tests: run as `second_program.py VAULT KEY_HEX JOB`; it answers on its output."""

import sys
from pathlib import Path

from advocate_app.store.errors import VaultBusy
from advocate_app.store.vault import open_vault, open_with_key
from tests.store.making import DEVICE_SECRET, PASSPHRASE

PAGES = 80
ROWS = 1500


def row(page: int, n: int) -> tuple[int, bytes]:
    """One row of a page; a page is some ten milliseconds of writing."""
    return (page * ROWS + n, b"x" * 400)


def say(word: str) -> None:
    """A line to whoever started this program."""
    print(word, flush=True)


def count(path: Path, key: bytes) -> None:
    """Add one to a number again and again, in transactions of its own."""
    vault = open_with_key(path, vault_key=key, device_secret=DEVICE_SECRET)
    say("ready")
    sys.stdin.readline()
    for _ in range(100):
        with vault.write() as tx:
            row = tx.row("SELECT value FROM fact WHERE name = 'count'")
            tx.run("UPDATE fact SET value = ? WHERE name = 'count'", (row and row[0] + 1,))
    vault.close()


def pull(path: Path, key: bytes) -> None:
    """Write page after page with no pause between them, each counted by the number it leaves behind."""
    vault = open_with_key(path, vault_key=key, device_secret=DEVICE_SECRET)
    say("ready")
    sys.stdin.readline()
    for page in range(PAGES):
        with vault.write_page() as tx:
            tx.run_many("INSERT INTO key_box VALUES (?, x'00', ?, '')", [row(page, n) for n in range(ROWS)])
            tx.run("UPDATE fact SET value = ? WHERE name = 'count'", (page + 1,))
    vault.close()


def window(path: Path, _key: bytes) -> None:
    """Open the vault as a window does, and wait."""
    try:
        vault = open_vault(path, passphrase=PASSPHRASE)
    except VaultBusy:
        say("busy")
        return
    say("ready")
    sys.stdin.readline()
    vault.close()


if __name__ == "__main__":
    {"count": count, "pull": pull, "window": window}[sys.argv[3]](Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
