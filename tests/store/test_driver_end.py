"""A process that ends with open connections ends in silence."""

import subprocess
import sys

CODE = """
import sys, threading
from core.store.driver import open_db, postgres
db = open_db(sys.argv[1])
with db.read() as tx:
    assert tx.one("SELECT 1") == (1,)
threading.kept = db, tx, postgres
"""
"""What an older module holds goes after the driver's own names are gone."""


def test_connections_left_open_at_the_end_are_not_spoken_of(db_url: str) -> None:
    done = subprocess.run([sys.executable, "-c", CODE, db_url], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
