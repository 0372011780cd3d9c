"""``instaflow doctor``: what is wrong, and the cure of each finding."""

import sys

import click

from core.clock import open_clock
from core.host.manager import load as load_plugins
from core.services.house import House
from core.settings import load
from core.store.migrate import check
from core.store.store import Store

MARK = {"ok": ("ok     ", "green"), "warning": ("warning", "yellow"), "problem": ("problem", "red")}


@click.command(epilog="Example: instaflow doctor --json")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Look for what is wrong and say what to do about it. Exit status 1 when there is a problem."""
    settings = load()
    check(settings.database_url)
    from core.services.doctor import examine

    found = examine(House(settings, Store(settings.database_url), open_clock(settings.clock_url), load_plugins()))
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
