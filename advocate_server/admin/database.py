"""`advocate-server db`: bring the database forward, or say how far it is."""

from advocate_server.admin.place import Refused, database
from advocate_server.settings import Settings
from advocate_server.store import migrating


def upgrade(settings: Settings) -> str:
    """Take every step that is missing. There is no way back: make a backup first."""
    with database(settings) as engines, engines.write.begin() as tx:
        before = migrating.current(tx)
        if before is not None and not migrating.known(before):
            raise Refused("the database was used by a newer version of this program", step=before)
        migrating.upgrade(tx)
    return f"{before or 'empty'} -> {migrating.newest()}"


def current(settings: Settings) -> str:
    """The last step taken, and the newest there is."""
    with database(settings) as engines, engines.read.begin() as tx:
        return f"{migrating.current(tx) or 'empty'} (newest: {migrating.newest()})"
