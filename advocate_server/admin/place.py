"""Reaching the database from the console, and refusing one that does not fit this program."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from advocate_app.base.errors import Fault
from advocate_server.settings import Settings
from advocate_server.store import migrating
from advocate_server.store.engine import DatabaseUnreachable, Engines, open_engines


class Refused(Fault):
    """A command that cannot be done as things stand."""

    code = "server.refused"


@contextmanager
def database(settings: Settings) -> Iterator[Engines]:
    """The database, whichever steps it has taken. Raises `DatabaseUnreachable`, `Refused`."""
    file = embedded(settings)
    if file is not None and not file.is_file():
        raise Refused("there is no database here; run: advocate-server init")
    engines = open_engines(settings.address)
    try:
        yield engines
    finally:
        engines.close()


@contextmanager
def ready_database(settings: Settings) -> Iterator[Engines]:
    """The database, if it has taken every step this program knows and none that it does not."""
    with database(settings) as engines:
        need_newest(engines)
        yield engines


def need_newest(engines: Engines) -> None:
    """Raises `Refused` unless the database has taken every step, and none of a newer program."""
    with engines.read.begin() as tx:
        step = migrating.current(tx)
    if step is None:
        raise Refused("the database is empty; run: advocate-server init")
    if not migrating.known(step):
        raise Refused("the database was used by a newer version of this program", step=step)
    if step != migrating.newest():
        raise Refused("the database is behind this program; run: advocate-server db upgrade", step=step)


def embedded(settings: Settings) -> Path | None:
    """The file of an embedded database."""
    address = make_url(settings.address)
    if address.get_backend_name() != "sqlite":
        return None
    if not address.database:
        raise DatabaseUnreachable("the embedded database needs a file")
    return Path(address.database)
