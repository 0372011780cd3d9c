"""``instaflow flow overlaps``: which flows want the same words."""

import sys
from pathlib import Path

import click

from core.cli.flow_files import print_json, together
from core.cli.flow_formats import flows_in
from core.cli.flow_overlapping import as_json, name_of, overlaps, rows_of, rows_on, show
from core.cli.server import SERVER


@click.command("overlaps", epilog="Example: instaflow flow overlaps flows/")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--server", envvar=SERVER, help="Look at the active flows of an account there too; INSTAFLOW_TOKEN signs in."
)
@click.option("--account", help="The id of that Instagram account.")
@click.option("--json", "as_json_", is_flag=True, help="Print the pairs as JSON.")
def command(paths: tuple[Path, ...], server: str | None, account: str | None, as_json_: bool) -> None:
    """Says which triggers of the flows in PATHS, files and folders, want the same words: who gets them, with the shortest text that shows
    it. Exit status 1 when a trigger gets none of its words.

    Of equals the older one wins; an earlier file counts as older. With --server and --account a file takes the place of the active flow of its name.
    """
    from core.host.manager import load

    registry = load()
    done = together(flows_in(paths), registry)
    rows = rows_of(done)
    if account:
        if not server:
            raise click.UsageError("--account needs a --server")
        rows += rows_on(server, account, {name_of(file, one) for file, _, one in done})
    found = overlaps(rows, registry)
    if as_json_:
        print_json({"overlaps": [as_json(p) for p in found]})
    else:
        show(found)
        if not found:
            click.echo("no two flows want the same words")
    sys.exit(1 if any(p.shadowed for p in found) else 0)
