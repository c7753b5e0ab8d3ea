"""All the SQL of the client: the vault, its event log, and what is read from it."""
