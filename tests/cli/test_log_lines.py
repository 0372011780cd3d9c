"""How a line of the log looks, in a process of its own."""

import json
import subprocess
import sys

SCRIPT = """
import logging
from core.observe import bound, configure
configure("debug", "json", process="worker")
with bound(trace="t1"):
    logging.getLogger("core.x").warning("an event is a %s", "dead letter", extra={"event": 20, "kind": "message"})
"""


def test_an_extra_called_event_does_not_take_the_words_away() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=30, check=True)
    line = json.loads(done.stderr)
    assert (line["event"], line["eventId"], line["kind"]) == ("an event is a dead letter", 20, "message")
    assert (line["trace"], line["process"], line["level"]) == ("t1", "worker", "warning")
