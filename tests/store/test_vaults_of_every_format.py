"""The vaults kept from every format: each is opened with its passphrase and becomes what a new one is."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from advocate_app.base.private import Private
from advocate_app.store import drafts
from advocate_app.store.connection import Reader
from advocate_app.store.migrations import NEWEST, schema_number
from advocate_app.store.vault import integrity, open_vault
from tests.store.making import copy_vault

KEPT = sorted((Path(__file__).parents[1] / "vaults").glob("schema-*"))


def schema_of(db: Reader) -> set[tuple[Any, ...]]:
    return set(db.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"))


def test_a_vault_of_every_schema_is_kept() -> None:
    assert [path.name for path in KEPT] == [f"schema-{number}" for number in range(1, NEWEST + 1)]


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_a_kept_vault_opens_whole_and_as_new(kept: Path, tmp_path: Path) -> None:
    expected = json.loads((kept / "expected.json").read_text(encoding="utf-8"))
    path = Path(shutil.copytree(kept, tmp_path / "kept"))
    vault = open_vault(path, passphrase=Private(expected["passphrase"]))
    assert vault.secret.device_secret.hex() == expected["device_secret"]
    assert integrity(vault).sound
    with vault.read() as db:
        assert schema_number(db) == NEWEST
        assert {tuple(fact) for fact in expected["facts"]} <= set(db.rows("SELECT name, value FROM fact"))
        assert [draft.text for draft in drafts.list_drafts(db)] == [expected["draft"]]
        migrated = schema_of(db)
    vault.close()
    new = copy_vault(tmp_path / "new")
    with new.read() as db:
        # Where this fails and the newest schema is not released yet: python -m tests.vaults.make
        assert migrated == schema_of(db)
    new.close()
