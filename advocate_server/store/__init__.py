"""The server's database: tables, statements that SQLite and PostgreSQL both speak, and the one lane that writes."""
