"""An open vault: what is saved stays, what is undone goes, and readers hold still."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from advocate_app.store.connection import BUSY_SECONDS, Reader, Use, Writer, connect, split_script
from advocate_app.store.errors import StoreBug, VaultDamaged, VaultReadOnly
from advocate_app.store.migrations import NEWEST, schema_number
from advocate_app.store.vault import Vault, integrity, open_vault, open_with_key
from tests.store.making import DEVICE_SECRET, PASSPHRASE, copy_vault

MARKER = "Xochitl-Begay-marker"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = copy_vault(tmp_path / "vault")
    yield made
    made.close()


def put(tx: Writer, name: str, value: object) -> None:
    tx.run("INSERT INTO fact (name, value) VALUES (?, ?)", (name, value))


def got(db: Reader, name: str) -> object:
    row = db.row("SELECT value FROM fact WHERE name = ?", (name,))
    return row and row[0]


def test_what_was_saved_is_there_after_opening_again_with_the_passphrase(vault: Vault) -> None:
    with vault.write() as tx:
        put(tx, "agency", b"\x01\x02")
    vault.close()
    again = open_vault(vault.path, passphrase=PASSPHRASE)
    with again.read() as db:
        assert got(db, "agency") == b"\x01\x02"
        assert schema_number(db) == NEWEST
    assert again.secret.device_secret == DEVICE_SECRET
    assert again.secret.vault_key == vault.secret.vault_key
    again.close()


def test_the_worker_opens_the_same_vault_beside_the_window(vault: Vault) -> None:
    worker = open_with_key(vault.path, vault_key=vault.secret.vault_key, device_secret=DEVICE_SECRET)
    with worker.write_page() as tx:
        put(tx, "pulled", 1)
    with vault.read() as db:
        assert got(db, "pulled") == 1
    worker.close()


def test_a_block_that_raises_leaves_nothing_behind(vault: Vault) -> None:
    with pytest.raises(KeyError):
        put_and_raise(vault)
    with vault.write() as tx:
        assert got(tx, "half") is None


def put_and_raise(vault: Vault) -> None:
    with vault.write() as tx:
        put(tx, "half", 1)
        raise KeyError


def test_a_statement_that_fails_undoes_its_block_and_keeps_its_words_to_itself(vault: Vault) -> None:
    with pytest.raises(StoreBug) as raised:
        put_and_ask_nonsense(vault)
    assert MARKER not in repr(raised.value)
    assert str(raised.value)
    with vault.read() as db:
        assert got(db, "first") is None


def put_and_ask_nonsense(vault: Vault) -> None:
    with vault.write() as tx:
        put(tx, "first", 1)
        tx.run("SELECT * FROM fact WHERE name MATCH ?", (MARKER,))


def test_a_reader_sees_one_moment_while_others_write(vault: Vault) -> None:
    with vault.write() as tx:
        put(tx, "n", 1)
    with vault.read() as db:
        assert got(db, "n") == 1
        with vault.write() as tx:
            tx.run("UPDATE fact SET value = 2 WHERE name = 'n'")
        assert got(db, "n") == 1
    with vault.read() as db:
        assert got(db, "n") == 2


def test_two_reads_may_stand_inside_each_other(vault: Vault) -> None:
    with vault.read() as outer, vault.read() as inner:
        assert outer.rows("SELECT 1") == inner.rows("SELECT 1")


def test_rows_are_plain_tuples(vault: Vault) -> None:
    with vault.read() as db:
        assert db.rows("SELECT 1, 'a', x'00' UNION ALL SELECT 2, 'b', NULL") == [(1, "a", b"\0"), (2, "b", None)]
        assert [type(row) for row in db.each("SELECT 1")] == [tuple]
        assert db.row("SELECT 1 WHERE 0") is None


def test_a_reading_connection_cannot_write(vault: Vault) -> None:
    with pytest.raises(VaultReadOnly), vault.read() as db:
        db.rows("INSERT INTO fact (name, value) VALUES ('x', 1) RETURNING name")


@pytest.mark.parametrize("inner", ["write", "write_page"])
def test_writing_inside_writing_is_a_bug_and_undoes_the_outer(vault: Vault, inner: str) -> None:
    with pytest.raises(StoreBug):
        write_inside_writing(vault, inner)
    with vault.write() as tx:
        assert got(tx, "outer") is None


def write_inside_writing(vault: Vault, inner: str) -> None:
    with vault.write() as tx:
        put(tx, "outer", 1)
        with getattr(vault, inner)():
            pass


def test_a_writer_kept_beyond_its_block_is_of_no_use(vault: Vault) -> None:
    with vault.write() as tx:
        put(tx, "in", 1)
    with vault.read() as db:
        pass
    for late in (lambda: put(tx, "late", 1), lambda: tx.run_many("SELECT ?", [(1,)]), lambda: db.rows("SELECT 1")):
        with pytest.raises(StoreBug):
            late()


def test_many_rows_and_scripts_run_in_the_same_block(vault: Vault) -> None:
    with vault.write() as tx:
        tx.run_script("CREATE TABLE thing (id INTEGER PRIMARY KEY, word TEXT) STRICT; CREATE INDEX t ON thing (word);")
        tx.run_many("INSERT INTO thing (word) VALUES (?)", [("a",), ("b;c",)])
        assert tx.run("INSERT INTO thing (word) VALUES ('d')") == 3
        assert tx.changes == set()
    with vault.read() as db:
        assert db.rows("SELECT word FROM thing ORDER BY id") == [("a",), ("b;c",), ("d",)]


def test_a_script_is_cut_only_where_a_statement_ends() -> None:
    script = (
        "-- a; b's\nCREATE TABLE a (x TEXT DEFAULT ';');\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;\n"
    )
    statements = split_script(script)
    assert [statement.split("\n")[-1].split()[1] for statement in statements] == ["TABLE", "TRIGGER"]


def test_threads_take_turns_at_writing(vault: Vault) -> None:
    with vault.write() as tx:
        put(tx, "count", 0)

    def count(block: str) -> None:
        for _ in range(50):
            with getattr(vault, block)() as tx:
                (value,) = tx.row("SELECT value FROM fact WHERE name = 'count'")
                tx.run("UPDATE fact SET value = ? WHERE name = 'count'", (value + 1,))

    threads = [threading.Thread(target=count, args=(block,)) for block in ("write", "write_page", "write")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with vault.read() as db:
        assert got(db, "count") == 150


@pytest.mark.parametrize(("use", "synchronous"), [(Use.SAVE, 2), (Use.READ, 2), (Use.PAGE, 1)])
def test_connections_keep_the_promises_of_the_specification(vault: Vault, use: Use, synchronous: int) -> None:
    promised = {
        "synchronous": synchronous,
        "journal_mode": "wal",
        "cipher_page_size": "4096",
        "cipher_memory_security": "0",
        "cache_size": -65536,
        "busy_timeout": int(BUSY_SECONDS * 1000),
        "foreign_keys": 1,
        "trusted_schema": 0,
        "temp_store": 2,
        "secure_delete": 1,
        "journal_size_limit": 64 * 2**20,
        "fullfsync": 1,
        "checkpoint_fullfsync": 1,
        "query_only": int(use is Use.READ),
    }
    connection = connect(vault.path / "vault.db", key=vault.key, use=use)
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in promised}
    connection.close()
    assert found == promised


def test_every_kind_of_block_runs_on_its_own_kind_of_connection(vault: Vault) -> None:
    with vault.write() as tx:
        assert tx.row("PRAGMA synchronous") == (2,)
    with vault.write_page() as tx:
        assert tx.row("PRAGMA synchronous") == (1,)
    with vault.read() as db:
        assert db.row("PRAGMA query_only") == (1,)


def test_nothing_written_can_be_read_in_any_file_of_the_vault(vault: Vault) -> None:
    with vault.write() as tx:
        put(tx, MARKER, MARKER * 1000)
    files = {path.name: path.read_bytes() for path in vault.path.iterdir()}
    assert len(files["vault.db-wal"]) > 4096
    for name, content in files.items():
        assert MARKER.encode() not in content, name
        assert b"SQLite format 3" not in content, name
        assert b"CREATE TABLE" not in content, name
        assert vault.secret.vault_key not in content, name
        assert vault.secret.vault_key.hex().encode() not in content, name


def test_neither_a_vault_nor_its_key_shows_anything_in_a_log(vault: Vault) -> None:
    shown = f"{vault!r} {vault.key!r}"
    assert vault.secret.vault_key.hex() not in shown
    assert str(vault.path) not in shown


def test_a_closed_vault_can_be_closed_again_and_does_nothing_else(vault: Vault) -> None:
    vault.close()
    vault.close()
    with pytest.raises(StoreBug), vault.read():
        pass
    with pytest.raises(StoreBug), vault.write():
        pass


def test_closing_leaves_the_database_alone_without_a_journal(vault: Vault) -> None:
    with vault.write() as tx:
        put(tx, "n", 1)
    vault.close()
    left = {path.name for path in vault.path.iterdir()}
    assert left == {"vault.db", "vault.key", "vault.lock", "turn.lock"}


def test_a_sound_vault_is_found_sound(vault: Vault) -> None:
    with vault.write() as tx:
        put(tx, "n", b"x" * 100_000)
    found = integrity(vault)
    assert found.sound
    assert found.pages > 25


def test_a_damaged_page_is_found_by_the_check_and_by_whoever_reads_it(vault: Vault) -> None:
    with vault.write() as tx:
        put(tx, "long", b"x" * 400_000)
    vault.close()
    database = vault.path / "vault.db"
    content = bytearray(database.read_bytes())
    content[len(content) - 4096 * 40 + 100] ^= 1
    database.write_bytes(content)
    again = open_vault(vault.path, passphrase=PASSPHRASE)
    found = integrity(again)
    assert not found.sound
    assert "page" in found.complaints[0]
    with pytest.raises(VaultDamaged) as raised, again.read() as db:
        db.rows("SELECT * FROM fact")
    assert raised.value.facts["complaints"] == len(integrity(again, thorough=False).complaints)
    again.close()
