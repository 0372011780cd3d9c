"""``instaflow flow check``: what is wrong with flow files."""

import sys
from pathlib import Path

import click

from core.cli.flow_files import explain, print_json, shaped, status, together


@click.command("check", epilog="Example: instaflow flow check welcome.yaml")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the diagnostics as JSON.")
def command(files: tuple[Path, ...], as_json: bool) -> None:
    """Says what is wrong with each FILE; exit status 1 when one of them has an error."""
    from core.host.manager import load

    registry = load()
    done = together(files, registry)
    if as_json:
        found = [d for _, _, c in done for d in shaped(c)]
        print_json({"diagnostics": found})
    else:
        for file, text, one in done:
            explain(file, text, one)
    sys.exit(status([c for _, _, c in done]))
