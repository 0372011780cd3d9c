"""Recorded conversations for the commands: from a file, from a server's run, from flow tests."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli.flow_files import read_bytes
from core.cli.flow_played import Played
from core.cli.server import asked

if TYPE_CHECKING:
    from core.engine.replay import Parting
    from core.model.recording import Recording

TESTS = (".test.yaml", ".test.yml")


def recording_from(run: str, server: str | None) -> "Recording":
    """A recording by its file, or by the id of a run on a server."""
    path = Path(run)
    if run != "-" and not path.is_file() and server:
        return _made(asked(server, f"/runs/{run}/recording"), run)
    if run == "-":
        return _read(sys.stdin.buffer.read(), "what came in")
    if not path.is_file():
        raise click.ClickException(f"there is no file {run}; for the id of a run, name its --server")
    return _read(read_bytes(path), run)


def _read(raw: bytes, name: str) -> "Recording":
    try:
        return _made(json.loads(raw), name)
    except (ValueError, RecursionError):
        raise click.ClickException(f"{name} is not JSON") from None


def _made(data: Any, name: str) -> "Recording":
    from core.model.recording import Recording

    try:
        return Recording.from_json(data)
    except ValueError as e:
        raise click.ClickException(f"{name}: {e}") from None


def conversations(paths: tuple[Path, ...], flow: Played) -> "Iterator[tuple[str, Recording]]":
    """(name, recording) of every recording and of every flow test in files and folders; tests are played on ``flow`` to be recorded."""
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in inside:
            if file.name.endswith(TESTS):
                yield from _of_tests(file, flow)
            elif file.suffix == ".json" and (file == path or file.name.endswith(".run.json")):
                yield str(file), _read(read_bytes(file), str(file))


def _of_tests(file: Path, flow: Played) -> "Iterator[tuple[str, Recording]]":
    from core.testing.flowtest import Unplayable, read_suite
    from core.testing.flowtest.played import recordings_of

    try:
        suite = read_suite(read_bytes(file).decode("utf-8", "replace"))
    except Unplayable as e:
        raise click.ClickException(f"{file}: {e}") from None
    for name, recording in recordings_of(suite, flow.program, flow.shelf):
        yield f"{file}: {name}", recording


def first_partings(paths: tuple[Path, ...], old: Played, new: Played) -> "tuple[int, list[tuple[str, Parting]]]":
    """How many conversations there are, and (name, parting) of those that go otherwise."""
    from core.engine.replay import parted, replayed

    looked, found = 0, []
    for name, recording in conversations(paths, old):
        looked += 1
        turns = [list(replayed(p.shelf, p.program.hash, recording)) for p in (old, new)]
        one = parted(turns[0], turns[1])
        if one is not None:
            found.append((name, one))
    return looked, found


def show_parting(parting: "Parting") -> None:
    """What both do, then what each does instead."""
    for line in parting.after:
        click.echo(f"      {line}")
    for sign, colour, lines in (("-", "red", parting.old), ("+", "green", parting.new)):
        for line in lines:
            click.secho(f"    {sign} {line}", fg=colour)
