"""``instaflow bench chaos``: kill -9 at random while people write, then count every message (durability's first bars)."""

import base64
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from core.cli.chaos_count import Report, count, quiet
from core.cli.chaos_crew import Crew
from core.settings import Settings, load
from core.testing.instagram import FakeInstagram
from core.testing.seed import prepare
from core.testing.servers import postgres, redis

SECRET = "chaos-app-secret"
PEOPLE = 3
"""People per account."""
PACE = (0.005, 0.05)
"""Seconds between two messages, at random."""
BETWEEN = (0.3, 1.6)
"""Seconds between two kills, at random."""
CALM = 60.0
"""Seconds in which everything open must be done before the queue is deleted."""
LOOK = 1.0
"""Seconds of messages before and after the deletion that are compared."""

FLOW = {
    "startNodeId": "start",
    "nodes": [
        {"id": "start", "type": "start", "connections": [{"targetNodeId": "reply", "condition": None}]},
        {
            "id": "reply",
            "type": "message",
            "content": {"text": "You said: {{trigger.text}}"},
            "connections": [{"targetNodeId": None, "condition": None}],
        },
    ],
}


def main(kills: int, accounts: int, store: str, seed: int, flush: bool) -> None:
    """Runs it, prints the report, exits 1 when one message is lost, doubled or out of order."""
    report = shake(kills, accounts, store, seed, flush)
    click.echo(report.text())
    sys.exit(0 if report.well else 1)


def shake(kills: int, accounts: int, store: str, seed: int, flush: bool) -> Report:
    """The whole run: install, write, kill, wait for quiet, count."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="instaflow-chaos-")))
        crew = Crew(folder)
        instagram = stack.enter_context(_instagram(seed, crew.port))
        settings = _settings(stack, folder, crew, instagram, store)
        tokens = dict(instagram.account(f"shop{n}") for n in range(accounts))
        prepare(settings, tokens, FLOW, instagram.now())
        stack.callback(crew.stop)
        crew.start()
        said = _storm(instagram, crew, random.Random(seed), kills, accounts, settings if flush else None)
        return count(settings, instagram, said, crew)


@contextmanager
def _instagram(seed: int, port: int) -> Iterator[FakeInstagram]:
    url = f"http://127.0.0.1:{port}/api/v1/webhooks/instagram"
    with FakeInstagram(seed=seed, webhook_url=url, secret=SECRET, pace=0.01, rate_limits=False) as instagram:
        instagram.faults.drop_rate = 0.02
        instagram.faults.echo_loss = 0.5
        instagram.faults.duplicate_rate = 0.1
        yield instagram


def _settings(stack: ExitStack, folder: Path, crew: Crew, instagram: FakeInstagram, store: str) -> Settings:
    crew.env = {
        "INSTAFLOW_DATA_DIR": str(folder),
        "INSTAFLOW_PORT": str(crew.port),
        "INSTAFLOW_META_APP_SECRETS": SECRET,
        "INSTAFLOW_GRAPH_URL": instagram.graph_url,
        "INSTAFLOW_ALLOW_PRIVATE_HOSTS": f"127.0.0.1:{instagram.port}",
        "INSTAFLOW_LEASE_SECONDS": "1",
        "INSTAFLOW_SETTLE_GRACE_SECONDS": "1",
        "INSTAFLOW_SEND_RATE": "0",
        "INSTAFLOW_LOG_LEVEL": "error",
        "INSTAFLOW_SECRET_KEY": secrets.token_hex(32),
        "INSTAFLOW_ENCRYPTION_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    if store == "postgresql":
        crew.env["INSTAFLOW_DATABASE_URL"] = stack.enter_context(postgres()).url
        crew.env["INSTAFLOW_QUEUE_URL"] = stack.enter_context(redis()).url
    return load(crew.env)


def _storm(
    instagram: FakeInstagram, crew: Crew, dice: random.Random, kills: int, accounts: int, flush: Settings | None
) -> dict[str, list[tuple[int, int]]]:
    """People write while processes die; answers person → [(number, real time in ns)]."""
    said: dict[str, list[tuple[int, int]]] = {f"p{a}_{n}": [] for a in range(accounts) for n in range(PEOPLE)}
    people = sorted(said)

    def talk(until: float) -> None:
        while time.monotonic() < until:
            number = sum(map(len, said.values())) + 1
            person = dice.choice(people)
            said[person].append((number, time.time_ns()))
            instagram.says(person, f"price {number}", account=f"shop{person[1:].split('_')[0]}")
            time.sleep(dice.uniform(*PACE))

    with click.progressbar(length=kills, label="kill -9", file=sys.stderr) as bar:
        due = time.monotonic() + dice.uniform(*BETWEEN)
        for killed in range(kills):
            talk(due)
            if flush is not None and killed == kills // 2:
                _flush(instagram, crew, flush, talk)
            crew.kill(dice.choice(("web", "worker", "all")))
            due = time.monotonic() + dice.uniform(*BETWEEN)
            bar.update(1)
    return said


def _flush(instagram: FakeInstagram, crew: Crew, settings: Settings, talk: Callable[[float], None]) -> None:
    """Deletes the queue while people write. Nothing dies and no answer is swallowed meanwhile: the cost is the deletion's."""
    dropped, instagram.faults.drop_rate = instagram.faults.drop_rate, 0.0
    quiet(settings, instagram, CALM)
    talk(time.monotonic() + LOOK)
    crew.flush_queue(settings)
    talk(time.monotonic() + LOOK)
    quiet(settings, instagram, CALM)
    instagram.faults.drop_rate = dropped
