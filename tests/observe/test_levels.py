"""The log's level, its ids, and what Sentry is told."""

import gzip
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from core.observe import first_line
from core.store.ids import new_id
from core.store.store import Store
from core.store.tables.people import user

LEVELS = ("debug", "info", "warning", "error", "fatal")
SAY = """
import logging, sys
from core.observe import configure
configure(sys.argv[1], "json")
for name in ("core.x", "acme"):
    for level in ("debug", "info", "warning", "error", "critical"):
        getattr(logging.getLogger(name), level)(level)
"""
FAIL = """
import logging, sys
from core.observe import bound, configure
configure("info", "json", sys.argv[1], "worker")
def fails():
    wish = "marzipan" + "-canary"
    raise RuntimeError("a plain fault")
try:
    with bound(trace="t-1", account="a-1"):
        try:
            fails()
        except RuntimeError:
            logging.getLogger("core.x").exception("a batch was undone")
finally:
    import sentry_sdk
    sentry_sdk.flush(10)
"""


def run(script: str, *args: str) -> list[dict[str, Any]]:
    done = subprocess.run([sys.executable, "-c", script, *args], capture_output=True, text=True, timeout=60, check=True)
    return [json.loads(line) for line in done.stderr.splitlines()]


@pytest.mark.parametrize("level", LEVELS)
def test_the_level_is_the_least_that_is_told(level: str) -> None:
    told = [(x["logger"], x["event"]) for x in run(SAY, level)]
    wanted = [*LEVELS[:-1], "critical"][LEVELS.index(level) :]
    assert [e for name, e in told if name == "core.x"] == wanted
    assert [e for name, e in told if name == "acme"] == [e for e in wanted if e != "debug"]


class Sink(BaseHTTPRequestHandler):
    """Takes what Sentry's client sends."""

    got: list[bytes] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def test_sentry_gets_the_fault_without_local_variables() -> None:
    Sink.got.clear()
    server = HTTPServer(("127.0.0.1", 0), Sink)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        lines = run(FAIL, f"http://key@127.0.0.1:{server.server_address[1]}/1")
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
    assert [x["event"] for x in lines] == ["a batch was undone"] and lines[0]["trace"] == "t-1"
    events = [json.loads(part) for body in Sink.got for part in body.splitlines() if b'"exception"' in part]
    (event,) = events
    (fault,) = event["exception"]["values"]
    assert (fault["type"], fault["value"]) == ("RuntimeError", "a plain fault")
    assert fault["stacktrace"]["frames"] and not any("vars" in frame for frame in fault["stacktrace"]["frames"])
    assert event["tags"] == {"process": "worker", "trace": "t-1", "account": "a-1"}
    assert "marzipan-canary" not in json.dumps(event) and "request" not in event


REFUSED = """
import logging, sys
from core.observe import configure
configure("info", sys.argv[1])
try:
    try:
        raise KeyError("cause")
    except KeyError as e:
        raise ValueError("violates check constraint\\nDETAIL: Failing row contains (a secret wish)") from e
except ValueError:
    logging.getLogger("core.x").exception("undone")
"""


@pytest.mark.parametrize("format", ["json", "console"])
def test_a_row_that_a_database_quotes_is_not_told(format: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", REFUSED, format], capture_output=True, text=True, timeout=60, check=True
    )
    assert "violates check constraint" in done.stderr and "KeyError" in done.stderr and "undone" in done.stderr
    assert "Failing row contains" not in done.stderr.replace('raise ValueError("violates', "")


def test_an_error_of_the_database_does_not_quote_what_was_written(store: Store) -> None:
    with pytest.raises(IntegrityError) as refused, store.write() as tx:
        tx.execute(insert(user).values(user_id=new_id(), email="wish@canary.example"))
    assert "canary" not in first_line(str(refused.value)) and "parameters: (" not in str(refused.value)
