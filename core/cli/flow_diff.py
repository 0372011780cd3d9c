"""``instaflow flow diff``: what two versions of a flow do differently."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.flow_differences import told
from core.cli.flow_files import compiled, print_json
from core.cli.flow_played import played
from core.cli.flow_recordings import first_partings, show_parting

if TYPE_CHECKING:
    from core.engine.replay import Parting


@click.command("diff", epilog="Example: instaflow flow diff old/welcome.yaml welcome.yaml")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
@click.option(
    "--conversations",
    "-c",
    "held",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="Recordings (*.run.json) and flow tests, files and folders: say how many go otherwise.",
)
@click.option("--exit-code", is_flag=True, help="Exit status 1 when there is a difference.")
def command(old: Path, new: Path, as_json: bool, held: tuple[Path, ...], exit_code: bool) -> None:
    """Says what NEW does differently from OLD for the people who meet it.

    Renamed, moved and commented steps are no difference. Both files may be JSON, YAML or text. With
    --conversations, conversations that were had are played on both.
    """
    from core.host.manager import load
    from core.lang.behaviour import differences

    registry = load()
    programs = []
    for file in (old, new):
        program = compiled(file, registry)[1].program
        if program is None:
            raise click.ClickException(f"{file}: there is nothing to compare; see 'instaflow flow check {file}'")
        programs.append(program)
    found = differences(programs[0], programs[1])
    looked, otherwise = first_partings(held, played(old), played(new)) if held else (0, [])
    if as_json:
        rows = [{"name": name, "difference": p.as_json()} for name, p in otherwise]
        conversations = {"lookedAt": looked, "differ": len(otherwise), "first": rows[0] if rows else None}
        print_json({"differences": [d.as_json() for d in found], **({"conversations": conversations} if held else {})})
    else:
        for difference in found:
            for line, colour in told(difference.as_json()):
                click.secho(line, fg=colour, bold=colour is None)
        click.echo(f"{len(found)} difference{'s' * (len(found) != 1)} for the people who meet the flow")
        if held:
            _conversations(looked, otherwise)
    sys.exit(1 if exit_code and (found or otherwise) else 0)


def _conversations(looked: int, otherwise: "list[tuple[str, Parting]]") -> None:
    first = f", first: {otherwise[0][0]}" if otherwise else ""
    click.echo(f"{len(otherwise)} of {looked} recorded conversations differ{first}")
    if otherwise:
        show_parting(otherwise[0][1])
