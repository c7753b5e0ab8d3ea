"""Drafts: one for each key, and there again after the program was killed."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from advocate_app.store import drafts
from advocate_app.store.vault import Vault, open_vault
from tests.store.making import PASSPHRASE, copy_vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = copy_vault(tmp_path / "vault")
    yield made
    made.close()


def test_a_draft_comes_back_as_it_was_typed(vault: Vault) -> None:
    with vault.write() as tx:
        drafts.keep(tx, key="note/new", text="Shé éí – “she said”\n", caret=4, at=1000)
        assert tx.changes == {"drafts"}
    with vault.read() as db:
        found = drafts.find(db, key="note/new")
    assert found == drafts.Draft(key="note/new", text="Shé éí – “she said”\n", caret=4, updated_at=1000)
    assert "she said" not in repr(found)


def test_a_key_holds_one_draft_the_latest(vault: Vault) -> None:
    with vault.write() as tx:
        for at, text in enumerate(["a", "ab", "abc"]):
            drafts.keep(tx, key="k", text=text, caret=at, at=at)
    with vault.read() as db:
        assert [(draft.text, draft.updated_at) for draft in drafts.list_drafts(db)] == [("abc", 2)]


def test_drafts_are_listed_latest_first(vault: Vault) -> None:
    with vault.write() as tx:
        for key, at in (("old", 1), ("new", 3), ("middle", 2)):
            drafts.keep(tx, key=key, text=key, at=at)
    with vault.read() as db:
        assert [draft.key for draft in drafts.list_drafts(db)] == ["new", "middle", "old"]


def test_a_dropped_draft_is_gone_and_dropping_it_again_is_no_error(vault: Vault) -> None:
    with vault.write() as tx:
        drafts.keep(tx, key="k", text="a", at=1)
        drafts.drop(tx, key="k")
        drafts.drop(tx, key="k")
        assert drafts.find(tx, key="k") is None


TYPING = """
import os, signal, sys
from pathlib import Path
from advocate_app.store import drafts
from advocate_app.store.vault import open_vault
from tests.store.making import PASSPHRASE
vault = open_vault(Path(sys.argv[1]), passphrase=PASSPHRASE)
with vault.write() as tx:
    drafts.keep(tx, key="note/new", text="she called from the", caret=19, at=5)
print("kept", flush=True)
with vault.write() as tx:
    drafts.keep(tx, key="note/new", text="half a word mo", caret=14, at=6)
    print("typing", flush=True)
    sys.stdin.read()
"""


def test_a_draft_survives_the_kill_of_its_program(vault: Vault) -> None:
    vault.close()
    typing = subprocess.Popen(
        [sys.executable, "-c", TYPING, str(vault.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with typing:
        assert typing.stdout is not None
        assert typing.stdout.readline() == "kept\n"
        assert typing.stdout.readline() == "typing\n"
        typing.kill()
    again = open_vault(vault.path, passphrase=PASSPHRASE)
    with again.read() as db:
        found = drafts.find(db, key="note/new")
    again.close()
    assert found is not None
    assert (found.text, found.caret) == ("she called from the", 19)
