"""The save that every fault test interrupts, and the look at what is left of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from advocate_app.store.vault import Vault, integrity, open_with_key
from tests.store.making import DEVICE_SECRET

ROOT = Path(__file__).parents[2]


def save(vault: Vault, number: int) -> None:
    """One save of several pages, in two parts that belong together."""
    with vault.write() as tx:
        for part in "ab":
            tx.run("INSERT INTO fact (name, value) VALUES (?, ?)", (f"{part} {number}", filling(number)))


def filling(number: int) -> bytes:
    """What either part of a save holds: up to nine thousand bytes."""
    return bytes([number % 251]) * (50 + number * 1777 % 9000)


def open_again(path: Path, *, vault_key: bytes) -> Vault:
    """The vault, opened as a worker does, which needs no passphrase and is quick."""
    return open_with_key(path, vault_key=vault_key, device_secret=DEVICE_SECRET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is in a vault after a bad day."""

    whole: frozenset[int]
    """The saves of which both parts are there, as they were."""
    halves: frozenset[int]
    """The saves of which only one part is there, or another than was saved: there must never be any."""
    complaints: tuple[str, ...]
    """What the integrity check says."""

    def lost(self, acknowledged: Iterable[int]) -> set[int]:
        """The acknowledged saves that are not there."""
        return set(acknowledged) - self.whole


def look(path: Path, *, vault_key: bytes) -> Found:
    """Open the vault as after any bad day, check it, and read every save."""
    vault = open_again(path, vault_key=vault_key)
    try:
        complaints = integrity(vault).complaints
        return Found(complaints=complaints, **_saves(vault))
    finally:
        vault.close()


def _saves(vault: Vault) -> dict[str, frozenset[int]]:
    parts: dict[int, list[bytes]] = {}
    with vault.read() as db:
        for name, value in db.rows("SELECT name, value FROM fact WHERE name GLOB '[ab] *'"):
            parts.setdefault(int(name[2:]), []).append(value)
    whole = frozenset(number for number, values in parts.items() if values == [filling(number)] * 2)
    return {"whole": whole, "halves": frozenset(parts) - whole}
