"""The ``instaflow`` command: a lazy table of its commands, each imported when it is asked for."""

import sys
from typing import Any

import click

from core.cli.lazy import Lazy
from core.model.errors import InstaFlowError, SettingsError

LAZY = {
    "run": ("core.cli.run", "Run web, worker and timers in one process tree; migrates first"),
    "demo": (
        "core.cli.demo",
        "The same with a fake Instagram, an account, example flows and a conversation that happens",
    ),
    "web": ("core.cli.web", "Run the web process alone"),
    "worker": ("core.cli.worker", "Run a worker alone"),
    "db": ("core.cli.db", "Upgrade, check, back up or restore the database"),
    "user": ("core.cli.user", "Create users, change roles"),
    "flow": ("core.cli.flow", "Check and compile flow files, make the JSON of the API"),
    "lsp": ("core.cli.lsp", "Serve an editor: findings, completion, rename, fixes while you write flows"),
    "plan": ("core.cli.plan", "Say what applying the flows of this folder would do on the server"),
    "apply": ("core.cli.apply", "Put the flows of this folder on the server"),
    "pull": ("core.cli.pull", "Take what was changed on the server into the files of this folder"),
    "fake-instagram": ("core.cli.fake_instagram", "Run the fake Instagram alone"),
    "plugin": ("core.cli.plugin", "List the plugins: whether they work and what they offer"),
    "doctor": ("core.cli.doctor", "Look for what is wrong and say what to do about it"),
    "openapi": ("core.cli.openapi", "Print the OpenAPI document"),
    "keys": ("core.cli.keys", "Rotate the keys that seal Instagram tokens"),
    "bench": ("core.cli.bench", "Measure the parts: lang, engine, match; chaos kills at random and counts"),
}


@click.command(cls=Lazy, table=LAZY, epilog="Example: instaflow demo")
@click.version_option(package_name="instaflow")
def cli() -> None:
    """InstaFlow: flows that answer people on Instagram, compiled, durable, tested like code."""


def main(argv: list[str] | None = None) -> Any:
    """The console script: 0 well, 1 failed, 2 wrong usage or settings. A user's mistake never shows a stack trace."""
    try:
        return cli.main(args=argv, prog_name="instaflow")
    except SettingsError as e:
        click.echo(f"instaflow cannot start:\n{e}", err=True)
        sys.exit(2)
    except InstaFlowError as e:
        click.echo(f"instaflow: {e}", err=True)
        sys.exit(1)
