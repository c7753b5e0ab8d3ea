"""Vaults with known secrets, for tests of the store and of whoever stands on it."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.base.private import Private
from advocate_app.crypto.slots import FLOOR
from advocate_app.store.vault import Vault, create_vault, open_with_key

PASSPHRASE = Private("pinyon mesa lantern tortoise seven")
DEVICE_SECRET = bytes(range(64))
CLOCK = FixedClock(1_790_000_000_000)


def make_vault(path: Path, *, seed: int = 1) -> Vault:
    """A new vault, open in the window's seat; its passphrase is PASSPHRASE."""
    return create_vault(
        path,
        passphrase=PASSPHRASE,
        device_secret=DEVICE_SECRET,
        cost=FLOOR,
        ids=SeededIds(CLOCK, seed=seed),
        clock=CLOCK,
    )


def copy_vault(path: Path) -> Vault:
    """The same, but copied from one that was made earlier in this run: stretching the passphrase takes its time."""
    content, vault_key = _made_once()
    path.mkdir(mode=0o700)
    for name, part in content.items():
        (path / name).write_bytes(part)
    return open_with_key(path, vault_key=vault_key, device_secret=DEVICE_SECRET, as_worker=False)


@cache
def _made_once() -> tuple[dict[str, bytes], bytes]:
    with TemporaryDirectory() as folder:
        vault = make_vault(Path(folder) / "vault")
        vault.close()
        return {entry.name: entry.read_bytes() for entry in vault.path.iterdir()}, vault.secret.vault_key
