"""``instaflow flow compile``: the program of a flow file."""

import sys
from pathlib import Path

import click

from core.cli.flow_files import compiled, explain, print_json, shaped, status


@click.command("compile", epilog="Example: instaflow flow compile --json welcome.yaml")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print diagnostics, hash and program as JSON.")
def command(file: Path, as_json: bool) -> None:
    """Compiles FILE to the program that the engine runs; exit status 1 when it has an error."""
    from core.host.manager import load

    text, done = compiled(file, load())
    program = done.program
    if as_json:
        print_json(
            {
                "diagnostics": shaped(done),
                "hash": program.hash if program else None,
                "program": program.as_json() if program else None,
            }
        )
    else:
        explain(file, text, done)
        if program:
            click.echo(f"{program.hash} {len(program.states)} states")
    sys.exit(status([done]))
