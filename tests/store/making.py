"""Vaults that are quick to make, with known secrets, for tests of the store and of whoever stands on it."""

from pathlib import Path

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.base.private import Private
from advocate_app.crypto.slots import FLOOR
from advocate_app.store.vault import Vault, create_vault

PASSPHRASE = Private("pinyon mesa lantern tortoise seven")
DEVICE_SECRET = bytes(range(64))
CLOCK = FixedClock(1_790_000_000_000)


def make_vault(path: Path, *, seed: int = 1) -> Vault:
    """A new vault, open in the window's slot; its passphrase is PASSPHRASE."""
    return create_vault(
        path,
        passphrase=PASSPHRASE,
        device_secret=DEVICE_SECRET,
        cost=FLOOR,
        ids=SeededIds(CLOCK, seed=seed),
        clock=CLOCK,
    )
