"""``instaflow flow fuzz``: random people talk to a flow."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.flow_files import print_json, saved
from core.cli.flow_played import played

if TYPE_CHECKING:
    from core.testing.fuzz import Failure


@click.command("fuzz", epilog="Example: instaflow flow fuzz welcome.yaml --people 2000")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--people", default=500, show_default=True, type=click.IntRange(1, 1_000_000), help="How many talk to it."
)
@click.option("--seed", default=1, show_default=True, help="Another number, other people.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option("--save", type=click.Path(path_type=Path), help="Write the first finding as a test into this file.")
def command(file: Path, people: int, seed: int, as_json: bool, save: Path | None) -> None:
    """Lets random people talk to FILE, with the flows beside it that it runs: who tap, write nonsense, are silent for days. The flow must not stop, not write outside
    the messaging window, and not rest for ever. Exit status 1 when it does; each finding is the shortest conversation that shows it.
    """
    from core.testing.flowtest.transcript import lines_of
    from core.testing.fuzz import fuzz

    flow = played(file)
    with click.progressbar(length=people, label="people", file=sys.stderr) as bar:
        found = fuzz(flow.program, flow.shelf, flow.starts, people, seed, lambda n: bar.update(1))
    if as_json:
        print_json(
            {
                "people": people,
                "seed": seed,
                "failures": [{"kind": f.kind, "message": f.message, "script": f.script} for f in found],
            }
        )
    for failure in found if not as_json else ():
        click.secho(f"{file}: {failure.message}", fg="red")
        for line in lines_of(failure.transcript):
            click.echo(f"   | {line}")
    if found and save is not None:
        _save(file, found[0], save)
    if not as_json:
        click.secho(
            f"{people} people: " + (f"{len(found)} kinds of trouble" if found else "nothing went wrong"),
            fg="red" if found else "green",
        )
    sys.exit(1 if found else 0)


def _save(file: Path, failure: "Failure", save: Path) -> None:
    from core.testing.flowtest.recording import recorded

    contact = {k: v for k, v in failure.script["contact"].items() if v != []}
    text = recorded(str(file), failure.message, failure.transcript, contact=contact)
    saved(save, text)
    click.echo(f"written as a test: {save}")
