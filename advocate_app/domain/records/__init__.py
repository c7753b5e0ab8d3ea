"""Every record type, by name and by its released number."""
