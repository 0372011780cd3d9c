"""``instaflow flow fmt``: flow files in their one spelling."""

import sys
from pathlib import Path

import click

from core.cli.flow_convert import FORMS
from core.cli.flow_files import at, read_bytes, written
from core.cli.flow_formats import flows_in


@click.command("fmt", epilog="Example: instaflow flow fmt --check flows/")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit status 1 when a file would be changed.")
def command(paths: tuple[Path, ...], check: bool) -> None:
    """Puts the flows in PATHS, files and folders (default: this folder), into their one spelling.

    The text language gets its margins, spaces and quotes; comments and the order of lines stay. JSON and YAML are printed in the
    normal form. A file that would lose comments by that is left as it is and named, and so is one that cannot be read (exit
    status 1). What a flow does never changes.
    """
    files = [f for f in flows_in(paths or (Path("."),)) if f.suffix in FORMS]
    if not files:
        raise click.ClickException("there is no flow here: .yaml, .json or .flow files are looked for")
    told = [_formatted(file, check) for file in files]
    changed, left = told.count("changed"), told.count("left")
    word = "would be changed" if check else "changed"
    same = len(told) - changed - left
    click.echo(f"{changed} {word}, {same} as they should be" + (f", {left} left as they are" if left else ""))
    sys.exit(1 if "failed" in told or (check and changed) else 0)


def _formatted(file: Path, check: bool) -> str:
    """changed, same, left or failed."""
    from core.lang.printing import WouldLose, formatted
    from core.lang.reading.source import decoded
    from core.lang.reading.unreadable import Unreadable
    from core.model.limits import SOURCE_BYTES_JSON

    raw = read_bytes(file)
    try:
        made = formatted(decoded(raw, SOURCE_BYTES_JSON), FORMS[file.suffix]).encode()
    except WouldLose as e:
        click.echo(f"{file}: left as it is: {e}", err=True)
        return "left"
    except Unreadable as e:
        click.echo(f"{file}{at(e.span)}: {click.style('error', fg='red', bold=True)}: {e.message}", err=True)
        return "failed"
    if made == raw:
        return "same"
    if not check:
        written(file, made)
    click.echo(f"{file}: {'would be changed' if check else 'changed'}")
    return "changed"
