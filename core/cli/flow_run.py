"""``instaflow flow run``: a flow to talk to in the terminal; nothing is sent anywhere."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.flow_played import Played, played

if TYPE_CHECKING:
    from core.testing.talk import Line, Talk

STYLES = {
    "flow": ("  ", "cyan"),
    "note": ("! ", "yellow"),
    "effect": ("* ", "green"),
    "info": ("  ", None),
    "button": ("  ", "magenta"),
}


@click.command("run", epilog="Example: instaflow flow run welcome.yaml")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--now", help="The time at the start, such as 2026-01-05T10:00:00Z.")
def command(file: Path, now: str | None) -> None:
    """Lets you talk to FILE: write, tap by number, let time pass. The engine is the one that answers real people.

    ':help' lists the commands, ':advance 23h' lets time pass, ':state' shows where the run is, ':quit' ends.
    """
    converse(file, now)


def converse(file: Path, now: str | None) -> "tuple[Talk, Played]":
    """A conversation in the terminal; answers it when it is over."""
    from core.engine.script import ScriptError
    from core.testing.talk import Talk

    flow = played(file)
    try:
        talk = Talk(flow.program, flow.shelf, {"now": now} if now else {})
    except ScriptError as e:
        raise click.ClickException(str(e)) from None
    click.echo("':help' lists the commands, ':quit' ends.")
    _show(talk.begin())
    was_over = False
    while (line := _line()) is not None:
        _show(talk.say(line))
        if talk.over and not was_over:
            click.echo("the run is over; ':restart' begins again")
        was_over = talk.over
    return talk, flow


def _line() -> str | None:
    """What is typed; None at the end. What comes through a pipe is shown, so that a log can be read."""
    try:
        line = input("> ")
    except (EOFError, KeyboardInterrupt):
        click.echo()
        return None
    if not sys.stdin.isatty():
        click.echo(line)
    return None if line.strip() in (":quit", ":q", ":exit") else line


def _show(lines: "list[Line]") -> None:
    for kind, text in lines:
        mark, colour = STYLES[kind]
        click.echo(mark + click.style(text, fg=colour))
