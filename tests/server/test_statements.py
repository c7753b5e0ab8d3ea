"""Every statement speaks to both databases, and the migrations make exactly the declared tables."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import ClauseElement, Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

import advocate_server.store
from advocate_server.openapi import document
from advocate_server.store import migrating
from advocate_server.store.engine import open_engines, sqlite_address
from advocate_server.store.tables import TABLES

DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}


def modules() -> list[ModuleType]:
    found = pkgutil.iter_modules(advocate_server.store.__path__)
    return [importlib.import_module(f"advocate_server.store.{module.name}") for module in found]


def statements() -> Iterator[tuple[str, ClauseElement]]:
    for module in modules():
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, Executable) and isinstance(value, ClauseElement):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", value


STATEMENTS = dict(statements())


def test_there_are_statements_in_several_rooms() -> None:
    assert len(STATEMENTS) >= 40
    assert {"agencies.HOLD", "streams.BY_SEQ", "audit.ADD", "letters.SEE", "boxes.AFTER"} <= set(STATEMENTS)


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_compiles_for_both_databases(name: str) -> None:
    texts = {kind: str(STATEMENTS[name].compile(dialect=dialect)) for kind, dialect in DIALECTS.items()}
    assert all(texts.values())


@pytest.mark.parametrize("table", TABLES.sorted_tables, ids=lambda table: table.name)
def test_every_table_compiles_for_both_databases(table: object) -> None:
    for dialect in DIALECTS.values():
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))  # type: ignore[arg-type]  # any dialect


def test_the_migrations_make_the_declared_tables(database: object, tmp_path: Path) -> None:
    assert callable(database)
    address = database(f"migrated_{tmp_path.name}"[:60]) or sqlite_address(tmp_path / "advocate.db")
    engines = open_engines(address)
    with engines.write.begin() as tx:
        assert migrating.current(tx) is None
        migrating.upgrade(tx)
    with engines.read.begin() as tx:
        assert migrating.current(tx) == migrating.newest()
        assert compare_metadata(MigrationContext.configure(tx), TABLES) == []
    engines.close()


def test_the_committed_description_is_the_generated_one() -> None:
    committed = Path(__file__).parents[2] / "docs" / "openapi.json"
    assert committed.read_bytes() == document(), "run: python -m advocate_server.openapi > docs/openapi.json"


def test_every_reference_of_the_description_leads_somewhere() -> None:
    import msgspec

    described = msgspec.json.decode(document())
    names = set(described["components"]["schemas"])
    references = {part.split('"')[0] for part in document().decode().split("#/components/schemas/")[1:]}
    assert references <= names
    assert described["openapi"] == "3.1.0"
    for operations in described["paths"].values():
        for operation in operations.values():
            assert operation["summary"]
            assert "200" in operation["responses"]
