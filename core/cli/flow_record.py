"""``instaflow flow record``: a conversation that was had becomes a flow test."""

from pathlib import Path

import click

from core.cli.flow_files import saved
from core.cli.flow_played import Played, played
from core.cli.flow_recordings import recording_from
from core.cli.server import SERVER


@click.command("record", epilog="Example: instaflow flow record welcome.yaml --output welcome.test.yaml")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Where the test is written; else it is printed.")
@click.option("--name", default="a recorded conversation", show_default=True, help="The name of the test.")
@click.option("--run", help="A recording (a file, '-' for what comes in), or the id of a run on --server.")
@click.option(
    "--server", envvar=SERVER, help="Where the run was, such as https://bot.example; INSTAFLOW_TOKEN signs in."
)
@click.option("--now", help="The time at the start of a conversation in the terminal.")
def command(file: Path, output: Path | None, name: str, run: str | None, server: str | None, now: str | None) -> None:
    """Writes a conversation with FILE down as a test that passes: one that you have now in the terminal, or, with --run, one that somebody
    had. What the flow does is expected; names, addresses and texts that change nothing are replaced by others.

    FILE is the version that the run was had on. 'instaflow flow test' plays the test.
    """
    from core.cli.flow_run import converse

    if run is not None:
        flow, recording = played(file), recording_from(run, server)
    else:
        talk, flow = converse(file, now)
        recording = talk.recording
    text = _test(recording, flow, file, output, name)
    if output is None:
        click.echo(text, nl=False)
        return
    saved(output, text)
    click.echo(f"written: {output}")


def _test(recording: object, flow: Played, file: Path, output: Path | None, name: str) -> str:
    from core.model.recording import Recording
    from core.testing.flowtest.from_run import Unrecordable, test_of

    assert isinstance(recording, Recording)
    if not recording.taken:
        raise click.ClickException("nothing was said: there is nothing to record")
    try:
        return test_of(recording, flow.program, flow.shelf, _seen_from(file, output), name, tuple(_also(flow, file)))
    except Unrecordable as e:
        raise click.ClickException(str(e)) from None


def _seen_from(file: Path, output: Path | None) -> str:
    """The flow's name as the test's folder sees it."""
    if output is None:
        return file.name
    try:
        return file.resolve().relative_to(output.resolve().parent).as_posix()
    except ValueError:
        return str(file.resolve())


def _also(flow: Played, file: Path) -> list[str]:
    """The subflows' files beside it."""
    return [p.name for p in flow.files if p != file]
