"""Power cuts as the disk sees them: journals cut, torn or garbled at every sector, and pages torn on their way home.

Each image is a folder as a power cut could leave it. None may lose a save that was flushed before it, and none may be
called damaged.
"""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from advocate_app.store.connection import DatabaseKey, Use, connect
from advocate_app.store.vault import Vault
from tests.faults.saving import Found, look, open_again, save
from tests.store.making import copy_vault

SECTOR = 512
FRAME = 24 + 4096
JOURNAL_HEAD = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A vault, and how its files grew with every save."""

    path: Path
    vault_key: bytes
    database: bytes
    """vault.db during all of the saves."""
    journal: bytes
    """vault.db-wal after the last of them."""
    lengths: dict[int, int]
    """How long the journal was when each save was acknowledged."""

    def lay_out(self, *, database: bytes, journal: bytes) -> None:
        """Put these two files in the vault's place; the index of the journal does not survive a cut."""
        (self.path / "vault.db-shm").unlink(missing_ok=True)
        (self.path / "vault.db").write_bytes(database)
        (self.path / "vault.db-wal").write_bytes(journal)

    def look(self) -> Found:
        """What opening this image shows."""
        return look(self.path, vault_key=self.vault_key)

    def flushed_within(self, length: int) -> set[int]:
        """The saves that stood whole in the first `length` bytes of the journal."""
        return {number for number, needed in self.lengths.items() if needed <= length}


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    """Ten saves, none of them written back yet."""
    vault = copy_vault(tmp_path / "vault")
    journal = vault.path / "vault.db-wal"
    lengths = {}
    for number in range(10):
        save(vault, number)
        lengths[number] = journal.stat().st_size
    database, written = (vault.path / "vault.db").read_bytes(), journal.read_bytes()
    copied = Path(shutil.copytree(vault.path, tmp_path / "copied"))
    vault_key = vault.secret.vault_key
    vault.close()
    return Recorded(path=copied, vault_key=vault_key, database=database, journal=written, lengths=lengths)


def cuts(length: int) -> list[int]:
    """Every sector boundary, and the edges of every frame and of its head, with a byte to either side."""
    sectors = range(0, length, SECTOR)
    frames = range(JOURNAL_HEAD, length, FRAME)
    edges = [edge + step for frame in frames for edge in (frame, frame + 24) for step in (-1, 0, 1)]
    return sorted({*sectors, *(edge for edge in edges if 0 <= edge <= length), length})


def reopened(recorded: Recorded) -> Vault:
    """The vault of the recorded files, as they were after the tenth save."""
    return open_again(recorded.path, vault_key=recorded.vault_key)


@contextmanager
def own_connection(recorded: Recorded) -> Iterator[Any]:
    """A connection beside the vault's own."""
    connection = connect(recorded.path / "vault.db", key=DatabaseKey(recorded.vault_key), use=Use.SAVE)
    try:
        yield connection
    finally:
        connection.close()


def written_home(recorded: Recorded) -> bytes:
    """vault.db once all of the journal is written back to it."""
    recorded.lay_out(database=recorded.database, journal=recorded.journal)
    with own_connection(recorded) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return (recorded.path / "vault.db").read_bytes()


def complaints_of_the_file_alone(recorded: Recorded) -> list[Any]:
    """What SQLCipher's check says of the file while the journal still covers it."""
    with own_connection(recorded) as connection:
        return list(connection.execute("PRAGMA cipher_integrity_check"))


def changed_until(older: bytes, newer: bytes) -> int:
    """The end of the last sector in which the two differ."""
    return max(at for at in range(0, len(older), SECTOR) if older[at : at + SECTOR] != newer[at : at + SECTOR]) + SECTOR


def unharmed(found: Found) -> bool:
    """No save is half there and the check has nothing to say."""
    return not found.halves and not found.complaints


@pytest.mark.parametrize("tail", ["cut", "zeros", "noise"])
def test_a_journal_torn_anywhere_keeps_every_save_flushed_before(recorded: Recorded, tail: str) -> None:
    source = random.Random(tail)
    looked = 0
    for cut in cuts(len(recorded.journal))[:: 2 if tail == "cut" else 5]:
        rest = len(recorded.journal) - cut
        # Noise whose first byte happens to be the right one would leave a whole frame where one byte is missing.
        first = bytes(byte ^ 0xFF for byte in recorded.journal[cut : cut + 1])
        torn = {"cut": b"", "zeros": bytes(rest), "noise": first + source.randbytes(max(rest - 1, 0))}[tail]
        recorded.lay_out(database=recorded.database, journal=recorded.journal[:cut] + torn)
        found = recorded.look()
        assert found.whole == recorded.flushed_within(cut), cut
        assert unharmed(found), cut
        looked += 1
    assert looked > 60


def test_saves_written_over_an_older_journal_are_told_from_it(recorded: Recorded) -> None:
    older = recorded.journal
    vault = reopened(recorded)
    with own_connection(recorded) as connection:
        connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
    save(vault, 10)
    save(vault, 11)
    journal = (recorded.path / "vault.db-wal").read_bytes()
    database = (recorded.path / "vault.db").read_bytes()
    vault.close()
    new = changed_until(older, journal)
    assert len(journal) == len(older)
    assert JOURNAL_HEAD + FRAME < new < len(older)
    for cut in cuts(new)[1:]:
        recorded.lay_out(database=database, journal=journal[:cut] + older[cut:])
        found = recorded.look()
        assert found.whole >= set(range(10)), cut
        assert unharmed(found), cut
    assert found.whole == set(range(12))


def test_pages_torn_on_their_way_home_are_read_from_the_journal(recorded: Recorded) -> None:
    home = written_home(recorded)
    grown = recorded.database.ljust(len(home), b"\0")
    changed = [at for at in range(0, len(home), SECTOR) if home[at : at + SECTOR] != grown[at : at + SECTOR]]
    source = random.Random(4)
    false_alarms = 0
    for step in range(60):
        image = bytearray(recorded.database if step % 2 else grown)
        # Sectors reach the plate in any order, and the one under the head may be garbled.
        arrived = source.sample(changed, k=source.randrange(1, len(changed)))
        for at in arrived:
            image[at : at + SECTOR] = home[at : at + SECTOR]
        image[arrived[0] : arrived[0] + SECTOR] = source.randbytes(SECTOR)
        recorded.lay_out(database=bytes(image), journal=recorded.journal)
        false_alarms += bool(complaints_of_the_file_alone(recorded))
        recorded.lay_out(database=bytes(image), journal=recorded.journal)
        found = recorded.look()
        assert found.whole == set(range(10)), step
        assert unharmed(found), step
    # What makes the check write the journal back first: the file alone looks damaged, and is not.
    assert false_alarms > 30


def test_a_damaged_page_that_no_journal_covers_is_still_found(recorded: Recorded) -> None:
    home = bytearray(written_home(recorded))
    home[-4096 + 700] ^= 1  # the saves came last
    recorded.lay_out(database=bytes(home), journal=b"")
    vault = reopened(recorded)
    assert not vault.check().sound
    vault.close()
