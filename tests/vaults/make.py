"""Makes the vault of today's format that later programs must open: `python -m tests.vaults.make`.

Only for a format that is not released yet. A released vault is never made again: it is what people have on their disks.
"""

import json
import shutil
from pathlib import Path

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.base.private import Private
from advocate_app.crypto.slots import FLOOR
from advocate_app.store import drafts
from advocate_app.store.migrations import NEWEST
from advocate_app.store.vault import create_vault

HERE = Path(__file__).parent
PASSPHRASE = "cottonwood acequia ristra adobe luminaria"
CLOCK = FixedClock(1_795_000_000_000)


def main() -> None:
    """Write the folder `schema-N` and what to expect of it."""
    folder = HERE / f"schema-{NEWEST}"
    shutil.rmtree(folder, ignore_errors=True)
    vault = create_vault(
        folder,
        passphrase=Private(PASSPHRASE),
        device_secret=bytes(range(64)),
        cost=FLOOR,
        ids=SeededIds(CLOCK, seed=NEWEST),
        clock=CLOCK,
    )
    with vault.write() as tx:
        tx.run("INSERT INTO fact (name, value) VALUES ('agency', 'Mesa')")
        drafts.keep(tx, key="note/new", text="She asked for T’iists’óóz", caret=24, at=CLOCK.now())
    vault.close()
    for lock in folder.glob("*.lock"):
        lock.unlink()
    expected = {
        "passphrase": PASSPHRASE,
        "schema": NEWEST,
        "device_secret": bytes(range(64)).hex(),
        "facts": [["agency", "Mesa"], ["made_at", CLOCK.now()]],
        "draft": "She asked for T’iists’óóz",
    }
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
