"""`advocate-server init`: the data folder, its settings file and the database."""

import os
from pathlib import Path

from sqlalchemy import URL, make_url

from advocate_app.base.clock import Clock
from advocate_server.admin.place import embedded
from advocate_server.settings import FILE_NAME, Settings
from advocate_server.store import audit, migrating
from advocate_server.store.engine import open_engines

_SETTINGS = """\
# Settings of advocate-server. `advocate-server run --help` lists them all; an unknown one is an error.
# Flags and ADVOCATE_SERVER_* in the environment come first.
"""


def init(settings: Settings, *, clock: Clock) -> None:
    """Make what is missing; what is there is left as it is."""
    os.umask(0o077)
    address = settings.address
    if settings.data:
        folder = Path(settings.data)
        folder.mkdir(parents=True, exist_ok=True)
        _write_settings(folder / FILE_NAME, database=settings.database)
    file = embedded(settings)
    engines = open_engines(address)
    try:
        with engines.write.begin() as tx:
            fresh = migrating.current(tx) is None
            migrating.upgrade(tx)
            if fresh:
                audit.note(tx, at=clock.now(), code="database.made")
    finally:
        engines.close()
    print(f"The database is ready{f': {file}' if file else ''}.")
    print('Next: advocate-server agency --name "..." prints a founding token; advocate-server run serves.')


def _write_settings(path: Path, *, database: str) -> None:
    if path.exists():
        return
    path.write_text(_SETTINGS + _database_line(database), encoding="utf-8")


def _database_line(database: str) -> str:
    """The database's address, without its password: that belongs into a file of its own."""
    if not database:
        return ""
    address = make_url(database)
    if address.password is None:
        return f'database = "{address.render_as_string(hide_password=False)}"\n'
    return (
        "# The address holds a password: put it into a file and name that in ADVOCATE_SERVER_DATABASE_FILE.\n"
        f'# database = "{_without_password(address).render_as_string(hide_password=False)}"\n'
    )


def _without_password(address: URL) -> URL:
    return URL.create(
        address.drivername,
        username=address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=address.query,
    )
