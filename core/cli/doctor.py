"""``instaflow doctor``: what is wrong, and the cure of each finding."""

import sys
from typing import TYPE_CHECKING

import click

from core.clock import open_clock
from core.host.manager import load as load_plugins
from core.model.errors import InstaFlowError
from core.services.house import House
from core.settings import Settings, load
from core.store.migrate import check
from core.store.store import Store

if TYPE_CHECKING:
    from core.services.doctor import Finding

MARK = {"ok": ("ok     ", "green"), "warning": ("warning", "yellow"), "problem": ("problem", "red")}


@click.command(epilog="Example: instaflow doctor --json")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Look for what is wrong and say what to do about it. Exit status 1 when there is a problem."""
    found = _findings(load())
    if as_json:
        import orjson

        click.echo(orjson.dumps({"findings": [f.as_json() for f in found]}).decode())
    else:
        for finding in found:
            mark, colour = MARK[finding.state]
            click.echo(f"{click.style(mark, fg=colour)}  {finding.about}: {finding.says}")
            if finding.cure:
                click.echo(f"         → {finding.cure}")
    sys.exit(1 if any(f.state == "problem" for f in found) else 0)


def _findings(settings: Settings) -> "list[Finding]":
    from core.services.doctor import examine

    try:
        check(settings.database_url)
        unusable = ""
    except InstaFlowError as e:
        unusable = str(e).partition("\n")[0]
    house = House(settings, Store(settings.database_url), open_clock(settings.clock_url), load_plugins())
    return [*examine(house, unusable), _queue(settings)]


def _queue(settings: Settings) -> "Finding":
    """The queue answers; its address is not told (it may hold a password)."""
    from core.services.doctor import Finding
    from core.worker.queue import open_queue

    try:
        waiting = open_queue(settings.queue_url).pending_count()
    except Exception as e:
        cure = (
            "look at INSTAFLOW_QUEUE_URL and at the server; nothing is lost meanwhile, work begins up to 250 ms later"
        )
        return Finding("queue", "warning", f"it is unreachable ({type(e).__name__})", cure)
    return Finding("queue", "ok", f"answers, {waiting} wake-ups wait")
