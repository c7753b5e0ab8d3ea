"""How a step is run: on the connection that `store.migrating` hands over."""

from alembic import context

from advocate_server.store.tables import TABLES

_connection = context.config.attributes["connection"]
context.configure(connection=_connection, target_metadata=TABLES, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
