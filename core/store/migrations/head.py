"""The newest revision, written down so that asking whether a database is up to date needs no Alembic."""

HEAD = "0010"
