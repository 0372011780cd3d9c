"""``instaflow run``: web, worker and timers in one process tree, after migrating."""

import socket
import sys

import click

from core.cli.migrating import migrate
from core.cli.private import load_private
from core.cli.tree import Child, Tree, refuse_memory
from core.lifeline import die_with_parent
from core.model.errors import SettingsError
from core.settings import Settings


@click.command(epilog="Example: INSTAFLOW_PORT=8080 instaflow run")
def command() -> None:
    """Run web and worker together. Starts without Meta's settings too: 'instaflow doctor' says what is missing."""
    die_with_parent()
    settings = load_private()
    _possible(settings)
    migrate(settings.database_url)
    tree = Tree([Child("worker", ["worker"]), Child("web", ["web"])])
    tree.start()
    click.echo(f"InstaFlow runs at {settings.public_url} (Ctrl-C stops it)", err=True)
    sys.exit(tree.watch())


def _possible(settings: Settings) -> None:
    """Raises SettingsError for what two processes cannot share: a queue in memory, a port that somebody has."""
    refuse_memory(settings.queue_url)
    try:
        family, kind, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as e:
        raise SettingsError(
            f"INSTAFLOW_HOST, INSTAFLOW_PORT: cannot listen at {settings.host}:{settings.port} ({e.strerror})"
        ) from None
