"""``instaflow db upgrade|check|backup|restore``: the schema and the whole database as one file."""

import sys
from pathlib import Path

import click

from core.cli.private import load_private
from core.clock import SystemClock
from core.store import migrate


@click.group(epilog="Example: instaflow db backup before-upgrade.zip")
def command() -> None:
    """Upgrade, check, back up or restore the database that INSTAFLOW_DATABASE_URL names."""


@command.command(epilog="Example: instaflow db upgrade")
def upgrade() -> None:
    """Bring the schema to this program's revision. Safe to run twice, or from two places at once."""
    url = load_private().database_url
    before = migrate.revision(url)
    migrate.upgrade(url)
    after = migrate.revision(url)
    click.echo(
        f"the schema is at {after}" if before == after else f"the schema went from {before or 'empty'} to {after}"
    )


@command.command(epilog="Example: instaflow db check --deep")
@click.option("--deep", is_flag=True, help="Also look for broken invariants (scans the big tables).")
def check(deep: bool) -> None:
    """Say whether the schema is at this program's revision; exit status 1 when it is not."""
    url = load_private().database_url
    migrate.check(url)
    click.echo(f"the schema is at {migrate.revision(url)}")
    if deep:
        from core.store.invariants import violations
        from core.store.store import Store

        _tell(violations(Store(url)))


@command.command(epilog="Example: instaflow db backup instaflow-2026-11-25.zip")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write FILE: one consistent moment of the database, while InstaFlow goes on working. The keys are not in it."""
    from core.store.backup import backup as write

    settings = load_private()
    manifest = write(settings.database_url, file, SystemClock().real(), _say)
    click.echo(f"{file}: {manifest.rows} rows at revision {manifest.revision}, {file.stat().st_size} bytes")
    click.echo("keep the encryption keys apart from it: without them the Instagram accounts must be connected again")


@command.command(epilog="Example: INSTAFLOW_DATABASE_URL=sqlite:///new.db instaflow db restore backup.zip")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Fill an empty database with a backup, bring it to this program's schema and check the invariants."""
    from core.store.backup import restore as read

    broken = read(load_private().database_url, file, _say)
    click.echo(f"{file} is restored")
    _tell(broken)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _tell(broken: list[str]) -> None:
    for sentence in broken:
        click.echo(f"broken: {sentence}", err=True)
    if broken:
        sys.exit(1)
    click.echo("the invariants hold")
