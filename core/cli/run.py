"""``instaflow run``: web, worker and timers in one process tree, after migrating."""

import sys

import click

from core.cli.tree import Child, Tree
from core.lifeline import die_with_parent
from core.settings import load
from core.store.migrate import upgrade


@click.command(
    epilog="Example: INSTAFLOW_DATABASE_URL=postgresql://me@localhost/instaflow INSTAFLOW_QUEUE_URL=redis://localhost instaflow run"
)
def command() -> None:
    """Run web and worker together. Starts without Meta's settings too: 'instaflow doctor' says what is missing."""
    die_with_parent()
    settings = load()
    upgrade(settings.database_url)
    tree = Tree([Child("worker", ["worker"]), Child("web", ["web"])])
    tree.start()
    click.echo(f"InstaFlow runs at {settings.public_url} (Ctrl-C stops it)", err=True)
    sys.exit(tree.watch())
