"""``instaflow worker``: drains mailboxes, sends, fires timers, until it is told to stop."""

import click

from core.cli.private import load_private
from core.cli.tree import refuse_memory
from core.lifeline import die_with_parent
from core.store.migrate import check


@click.command(epilog="Example: instaflow worker")
def command() -> None:
    """Run a worker alone. Any number may run beside each other on PostgreSQL; one on SQLite."""
    die_with_parent()
    settings = load_private()
    refuse_memory(settings.queue_url)
    check(settings.database_url)
    from core.observe import configure
    from core.worker.run import run_worker

    configure(settings.log_level, settings.log_format, settings.sentry_dsn, "worker")
    run_worker(settings)
