"""``instaflow flow replay``: a recorded conversation on a flow file."""

import sys
from pathlib import Path

import click

from core.cli.flow_files import print_json
from core.cli.flow_played import played
from core.cli.flow_recordings import recording_from, show_parting
from core.cli.server import SERVER


@click.command(
    "replay", epilog="Example: instaflow flow replay welcome.yaml --run anas.run.json --beside old/welcome.yaml"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--run", required=True, help="A recording (a file, '-' for what comes in), or the id of a run on --server."
)
@click.option(
    "--server", envvar=SERVER, help="Where the run was, such as https://bot.example; INSTAFLOW_TOKEN signs in."
)
@click.option("--beside", type=click.Path(path_type=Path), help="Another version: say where the two part first.")
@click.option("--json", "as_json", is_flag=True, help="Print what came as JSON.")
def command(file: Path, run: str, server: str | None, beside: Path | None, as_json: bool) -> None:
    """Gives a recorded conversation to the flow in FILE, event by event; nothing is sent. Exit status 1 when it goes another way than
    it did then, or, with --beside, than on that version."""
    from core.engine.replay import faithful, parted, replayed

    flow, recording = played(file), recording_from(run, server)
    turns = list(replayed(flow.shelf, flow.program.hash, recording))
    found = None
    if beside is not None:
        other = played(beside)
        found = parted(list(replayed(other.shelf, other.program.hash, recording)), turns)
    left = faithful(turns, recording)
    if as_json:
        transcript = [{"at": t.at, "came": t.came, "lines": list(t.lines)} for t in turns]
        print_json({"leftAt": left, "difference": found.as_json() if found else None, "transcript": transcript})
    elif found is not None:
        show_parting(found)
    else:
        for n, turn in enumerate(turns):
            click.secho(turn.came, bold=True)
            for line in turn.lines:
                click.echo(f"    {line}")
            if n == left and beside is None:
                click.secho("    here it goes another way than it did then", fg="yellow")
    sys.exit(1 if (found is not None if beside is not None else left is not None) else 0)
