"""Bringing the database's tables forward, and telling how far they are."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_STEPS = Path(__file__).resolve().parents[1] / "migrations"


def newest() -> str:
    """The number of the newest step that this program knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current(tx: Connection) -> str | None:
    """The number of the last step this database took, or None for an empty one."""
    return MigrationContext.configure(tx).get_current_revision()


def upgrade(tx: Connection) -> None:
    """Take every step that is missing, in the caller's transaction."""
    config = _config()
    config.attributes["connection"] = tx
    command.upgrade(config, "head")


def known(revision: str) -> bool:
    """Whether this program knows a step of this number; a newer program's database has one that it does not."""
    return any(step.revision == revision for step in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
