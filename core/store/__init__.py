"""The only layer that knows SQL: tables, queries, migrations, the driver for the hot path, SQLite and PostgreSQL."""
