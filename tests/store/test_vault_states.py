"""Making and opening a vault: every way in which it may not be there, not be whole, or not be ours to open."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from advocate_app.base.clock import FixedClock
from advocate_app.base.errors import Fault, WorldFault
from advocate_app.base.ids import SeededIds
from advocate_app.base.private import Private
from advocate_app.crypto.errors import KeyfileDamaged, KeystoreNeeded, WrongPassphrase
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.slots import FLOOR, open_recovery
from advocate_app.store.connection import Writer
from advocate_app.store.errors import (
    DatabaseMissing,
    DiskFault,
    KeyfileMissing,
    VaultBusy,
    VaultDamaged,
    VaultExists,
    VaultMissing,
    VaultNewer,
    VaultReadOnly,
    VaultUnfinished,
)
from advocate_app.store.files import disk_faults
from advocate_app.store.migrations import MIGRATIONS, NEWEST, migrate, schema_number
from advocate_app.store.vault import (
    Vault,
    add_recovery,
    change_passphrase,
    check,
    create_vault,
    integrity,
    open_vault,
    open_with_key,
)
from tests.store.making import CLOCK, DEVICE_SECRET, PASSPHRASE, make_vault

OTHER = Private("a passphrase of somebody else")


@pytest.fixture(scope="module")
def _whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    vault = make_vault(tmp_path_factory.mktemp("whole") / "vault")
    with vault.write() as tx:
        tx.run_many("INSERT INTO fact (name, value) VALUES (?, ?)", [(f"n{n}", b"x" * 2000) for n in range(50)])
    vault.close()
    return vault.path, vault.secret.vault_key


@pytest.fixture
def path(_whole: tuple[Path, bytes], tmp_path: Path) -> Path:
    """A whole vault, closed."""
    return Path(shutil.copytree(_whole[0], tmp_path / "vault"))


@pytest.fixture
def vault_key(_whole: tuple[Path, bytes]) -> bytes:
    return _whole[1]


@pytest.fixture
def opened(path: Path) -> Iterator[Vault]:
    vault = open_vault(path, passphrase=PASSPHRASE)
    yield vault
    vault.close()


def worker(path: Path, vault_key: bytes) -> Vault:
    return open_with_key(path, vault_key=vault_key, device_secret=DEVICE_SECRET)


def problem(path: Path) -> type[Fault]:
    """What opening raises, which the outside look must have told before."""
    told = check(path).problem
    with pytest.raises(Fault) as raised:
        open_vault(path, passphrase=PASSPHRASE).close()
    assert told is None or type(told) is raised.type
    assert str(path) not in str(raised.value)
    return raised.type


def test_a_place_without_a_vault_says_so(tmp_path: Path) -> None:
    assert problem(tmp_path / "nowhere") is VaultMissing
    assert problem(tmp_path) is VaultMissing
    assert not check(tmp_path).exists
    assert not (tmp_path / "nowhere").exists()
    assert list(tmp_path.iterdir()) == []


def test_a_whole_vault_shows_from_outside_without_its_passphrase(path: Path) -> None:
    state = check(path)
    assert state.problem is None
    assert state.exists
    assert state.keyfile_version == 1
    assert not state.open_in_window
    assert not state.open_in_worker


def test_a_wrong_passphrase_says_so_and_leaves_the_vault_free(path: Path) -> None:
    with pytest.raises(WrongPassphrase):
        open_vault(path, passphrase=OTHER)
    open_vault(path, passphrase=PASSPHRASE).close()


@pytest.mark.parametrize("damage", ["cut", "empty", "altered", "rubbish"])
def test_a_damaged_keyfile_says_so(path: Path, damage: str) -> None:
    keyfile = path / "vault.key"
    whole = keyfile.read_bytes()
    middle = len(whole) // 2
    damaged = {
        "cut": whole[:middle],
        "empty": b"",
        "altered": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "rubbish": bytes(len(whole)),
    }
    keyfile.write_bytes(damaged[damage])
    assert problem(path) is KeyfileDamaged


def test_a_database_without_its_keyfile_says_which_is_missing(path: Path) -> None:
    (path / "vault.key").unlink()
    assert problem(path) is KeyfileMissing
    assert check(path).exists


def test_a_keyfile_without_its_database_says_which_is_missing(path: Path) -> None:
    (path / "vault.db").unlink()
    assert problem(path) is DatabaseMissing
    assert check(path).exists


@pytest.mark.parametrize("offset", [16, 100, 2000, 4095])
def test_a_database_with_a_damaged_head_says_damaged(path: Path, offset: int) -> None:
    content = bytearray((path / "vault.db").read_bytes())
    content[offset] ^= 1
    (path / "vault.db").write_bytes(content)
    assert problem(path) is VaultDamaged


def test_the_salt_in_the_file_is_not_relied_upon_and_heals(path: Path, opened: Vault) -> None:
    opened.close()
    whole = (path / "vault.db").read_bytes()
    (path / "vault.db").write_bytes(bytes(16) + whole[16:])
    again = open_vault(path, passphrase=PASSPHRASE)
    assert integrity(again).sound
    with again.write() as tx:
        tx.run("PRAGMA user_version = 1")
        tx.run("CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT")
    again.close()
    assert (path / "vault.db").read_bytes()[:16] == whole[:16]


@pytest.mark.parametrize("length", [0, 10, 4096, 4096 * 3])
def test_a_database_that_was_cut_says_damaged(path: Path, length: int) -> None:
    os.truncate(path / "vault.db", length)
    with pytest.raises(VaultDamaged):
        open_and_check(path)


def open_and_check(path: Path) -> None:
    vault = open_vault(path, passphrase=PASSPHRASE)
    try:
        found = integrity(vault)
    finally:
        vault.close()
    if not found.sound:
        raise VaultDamaged(complaints=len(found.complaints))


def test_the_database_of_another_vault_says_damaged(path: Path, tmp_path: Path) -> None:
    other = make_vault(tmp_path / "other", seed=2)
    other.close()
    shutil.copy(other.path / "vault.db", path / "vault.db")
    assert problem(path) is VaultDamaged


def test_a_vault_of_a_newer_program_is_left_alone(path: Path, opened: Vault) -> None:
    with opened.write() as tx:
        tx.run(f"PRAGMA user_version = {NEWEST + 1}")
    opened.close()
    before = (path / "vault.db").read_bytes()
    with pytest.raises(VaultNewer) as raised:
        open_vault(path, passphrase=PASSPHRASE)
    assert raised.value.facts == {"found": NEWEST + 1, "known": NEWEST}
    assert (path / "vault.db").read_bytes() == before


def test_a_migration_that_fails_leaves_the_schema_it_found(opened: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(tx: Writer) -> None:
        tx.run("CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT")
        raise KeyError

    monkeypatch.setattr("advocate_app.store.migrations.MIGRATIONS", (*MIGRATIONS, broken))
    monkeypatch.setattr("advocate_app.store.migrations.NEWEST", NEWEST + 1)
    with pytest.raises(KeyError):
        migrate(opened.write, to=NEWEST + 1)
    with opened.read() as db:
        assert schema_number(db) == NEWEST
        assert db.rows("SELECT 1 FROM sqlite_schema WHERE name = 'later'") == []


def test_the_next_migration_runs_once_on_what_is_there(opened: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def later(tx: Writer) -> None:
        tx.run("CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT")

    monkeypatch.setattr("advocate_app.store.migrations.MIGRATIONS", (*MIGRATIONS, later))
    monkeypatch.setattr("advocate_app.store.migrations.NEWEST", NEWEST + 1)
    for _ in range(2):
        migrate(opened.write, to=NEWEST + 1)
    with opened.read() as db:
        assert schema_number(db) == NEWEST + 1
        assert db.row("SELECT count(*) FROM fact WHERE name LIKE 'n%'") == (50,)


def test_a_second_window_is_told_that_the_vault_is_open(path: Path, opened: Vault) -> None:
    with pytest.raises(VaultBusy) as raised:
        open_vault(path, passphrase=PASSPHRASE)
    assert raised.value.facts == {"seat": "window"}
    state = check(path)
    assert state.open_in_window
    assert not state.open_in_worker
    opened.close()
    assert not check(path).open_in_window


def test_a_second_worker_is_told_so_too_and_the_first_goes_on(path: Path, opened: Vault, vault_key: bytes) -> None:
    first = worker(path, vault_key)
    with pytest.raises(VaultBusy) as raised:
        worker(path, vault_key)
    assert raised.value.facts == {"seat": "worker"}
    assert check(path).open_in_worker
    with first.write() as tx:
        tx.run("DELETE FROM fact WHERE name = 'n1'")
    first.close()
    worker(path, vault_key).close()


def test_a_worker_with_the_wrong_key_gets_nothing(path: Path) -> None:
    with pytest.raises(VaultDamaged):
        worker(path, bytes(32))
    assert not check(path).open_in_worker


@pytest.mark.parametrize("there", ["vault", "keyfile", "file", "strangers"])
def test_a_new_vault_overwrites_nothing(path: Path, tmp_path: Path, there: str) -> None:
    place = tmp_path / "place"
    if there == "vault":
        place = path
    elif there == "keyfile":
        place.mkdir()
        shutil.copy(path / "vault.key", place)
    elif there == "file":
        place.write_text("a letter")
    else:
        place.mkdir()
        (place / "letter.txt").write_text("a letter")
    before = {entry: entry.read_bytes() for entry in tmp_path.rglob("*") if entry.is_file()}
    with pytest.raises(VaultExists):
        make_vault(place)
    assert {entry: entry.read_bytes() for entry in tmp_path.rglob("*") if entry.is_file()} == before


def test_making_cut_short_says_unfinished_and_can_be_done_again(path: Path) -> None:
    (path / "vault.db").rename(path / "vault.db.new")
    (path / "vault.db.new-wal").write_bytes(b"rest")
    assert problem(path) is VaultUnfinished
    vault = make_vault(path, seed=3)
    with vault.read() as db:
        assert db.row("SELECT count(*) FROM fact WHERE name GLOB 'n[0-9]*'") == (0,)
    vault.close()
    assert {entry.name for entry in path.iterdir()} == {"vault.db", "vault.key", "vault.lock", "turn.lock"}
    open_vault(path, passphrase=PASSPHRASE).close()


def test_a_new_vault_knows_when_it_was_made(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "deep" / "vault")
    with vault.read() as db:
        assert db.rows("SELECT value FROM fact WHERE name = 'made_at'") == [(CLOCK.now(),)]
    vault.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps accounts apart by the folder's access list")
def test_only_this_account_may_read_a_vault(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        vault = make_vault(tmp_path / "vault")
        with vault.write() as tx:
            tx.run("INSERT INTO fact (name, value) VALUES ('a', 1)")
        modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in vault.path.iterdir()}
        assert "vault.db-wal" in modes
        assert set(modes.values()) == {0o600}
        assert stat.S_IMODE(vault.path.stat().st_mode) == 0o700
        vault.close()
    finally:
        os.umask(old)


def test_a_changed_passphrase_opens_and_the_old_one_does_not(path: Path, opened: Vault) -> None:
    ids = SeededIds(FixedClock(0), seed=7)
    change_passphrase(path, old=PASSPHRASE, new=OTHER, cost=FLOOR, ids=ids)
    with opened.write() as tx:
        tx.run("DELETE FROM fact WHERE name = 'n1'")
    opened.close()
    with pytest.raises(WrongPassphrase):
        open_vault(path, passphrase=PASSPHRASE)
    again = open_vault(path, passphrase=OTHER)
    assert again.secret == opened.secret
    again.close()
    assert not list(path.glob("*.new"))


def test_a_passphrase_is_not_changed_by_who_does_not_know_it(path: Path) -> None:
    before = (path / "vault.key").read_bytes()
    with pytest.raises(WrongPassphrase):
        change_passphrase(path, old=OTHER, new=OTHER, cost=FLOOR, ids=SeededIds(FixedClock(0), seed=7))
    assert (path / "vault.key").read_bytes() == before


def test_a_passphrase_changed_by_two_programs_at_once_is_changed_by_one(path: Path, opened: Vault) -> None:
    class Meanwhile(SeededIds):
        """Changes the keyfile while the other change is under way."""

        def secret(self, size: int) -> bytes:
            add_recovery(opened, recovery_public=KemKey.from_seed(bytes(32)).public)
            return super().secret(size)

    with pytest.raises(VaultBusy) as raised:
        change_passphrase(path, old=PASSPHRASE, new=OTHER, cost=FLOOR, ids=Meanwhile(CLOCK, seed=7))
    assert raised.value.facts == {"seat": "keyfile"}
    opened.close()
    open_vault(path, passphrase=PASSPHRASE).close()


def test_the_recovery_key_opens_a_vault_that_was_given_it(path: Path, opened: Vault) -> None:
    recovery = KemKey.from_seed(bytes(range(32)))
    add_recovery(opened, recovery_public=recovery.public)
    assert open_recovery((path / "vault.key").read_bytes(), recovery=recovery) == opened.secret.vault_key
    opened.close()
    open_vault(path, passphrase=PASSPHRASE).close()


def test_a_vault_bound_to_this_computer_needs_its_keystore(tmp_path: Path) -> None:
    keystore = Private(bytes(range(32)))
    vault = create_vault(
        tmp_path / "vault",
        passphrase=PASSPHRASE,
        device_secret=DEVICE_SECRET,
        cost=FLOOR,
        ids=SeededIds(CLOCK, seed=5),
        clock=CLOCK,
        keystore=keystore,
    )
    vault.close()
    with pytest.raises(KeystoreNeeded):
        open_vault(vault.path, passphrase=PASSPHRASE)
    open_vault(vault.path, passphrase=PASSPHRASE, keystore=keystore).close()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_vault_that_may_not_be_written_says_so(path: Path) -> None:
    for entry in path.iterdir():
        entry.chmod(0o400)
    path.chmod(0o500)
    with pytest.raises(VaultReadOnly):
        open_vault(path, passphrase=PASSPHRASE)
    path.chmod(0o700)


def test_an_error_of_the_disk_is_told_without_the_path_it_carries(tmp_path: Path) -> None:
    with pytest.raises(DiskFault) as raised, disk_faults():
        (tmp_path / "Xochitl").read_bytes()
    assert "Xochitl" not in f"{raised.value!r} {raised.value}"
    assert isinstance(raised.value, WorldFault)
