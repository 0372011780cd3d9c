"""``instaflow web``: the web process alone, on granian; the composition root is ``wsgi.py``."""

import os

import click

from core.cli.private import load_private
from core.cli.tree import refuse_memory
from core.lifeline import PARENT, die_with_parent
from core.store.migrate import check


@click.command(epilog="Example: INSTAFLOW_PORT=8080 instaflow web")
@click.option("--processes", default=1, show_default=True, help="Web processes, for PostgreSQL and Redis.")
def command(processes: int) -> None:
    """Run the web process alone. It refuses to start on an older schema: run 'instaflow db upgrade' first."""
    die_with_parent()
    settings = load_private()
    refuse_memory(settings.queue_url)
    check(settings.database_url)
    os.environ[PARENT] = str(os.getpid())
    from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes
    from granian.server import Server

    Server(
        "wsgi:front",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        runtime_mode=RuntimeModes.st,
        workers=processes,
        loop=Loops.uvloop,
        backlog=2048,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=20,
    ).serve()
