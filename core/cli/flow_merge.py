"""``instaflow flow merge``: the changes of two people in one flow file, step by step; a merge driver for git."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.flow_convert import FORMS
from core.cli.flow_files import at, read_bytes, written

if TYPE_CHECKING:
    from core.lang.reading import Source
    from core.lang.revisions import Merged

Sides = tuple["Source", "Source", "Source"]


@click.command("merge", epilog="Example: instaflow flow merge base.flow ours.flow theirs.flow -o merged.flow")
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Write here instead of over OURS; - = standard output."
)
@click.option("--path", help="The file's name in the repository (%P of git): its ending tells the notation.")
def command(base: Path, ours: Path, theirs: Path, out: Path | None, path: str | None) -> None:
    """Puts the changes from BASE to OURS and from BASE to THEIRS together, and writes the flow over OURS.

    Steps are told by their ids; in the text language, by what they say. What both changed in different ways is a conflict: it is
    named, OURS stands in the file with a comment about THEIRS, and the exit status is 1. When the lines of the files can be merged
    and say the same, they stay as they were written. When a side cannot be read, the lines are merged as git does it.

    As git's merge driver: git config merge.instaflow.driver "instaflow flow merge %O %A %B --path %P"
    """
    from core.lang.printing import PRINTERS, Unsayable
    from core.lang.revisions.told import noted, told

    form = FORMS.get(Path(path or ours).suffix)
    if form is None:
        raise click.ClickException(f"{path or ours}: the ending must be one of {', '.join(sorted(FORMS))}")
    files = base, ours, theirs
    try:
        sides = _read(base, form), _read(ours, form), _read(theirs, form)
    except _NoFlow as e:
        sys.exit(_lines_only(files, out or ours, str(e)))
    found = _merged(sides)
    text = None if found.conflicts else _by_lines(files, sides[0], form, found)
    try:
        text = text or PRINTERS[form](noted(found))
    except Unsayable as e:
        sys.exit(_lines_only(files, out or ours, f"{ours}: {e.message}"))
    _write(text, out or ours)
    for conflict in found.conflicts:
        click.echo(f"{path or ours}: {click.style('conflict', fg='red', bold=True)}: {told(conflict)}", err=True)
    sys.exit(1 if found.conflicts else 0)


class _NoFlow(Exception):
    """A side that is no flow."""


class _Failed(click.ClickException):
    """Nothing could be merged: git takes 129 for a driver that failed, and keeps ours."""

    exit_code = 129


def _lines_only(files: tuple[Path, Path, Path], out: Path, why: str) -> int:
    """The lines as git merges them, with its marks; 1 when there are any."""
    merged = _git_merge(files)
    if merged is None:
        raise _Failed(why)
    status, text = merged
    click.echo(f"{why}; the lines are merged, not the steps", err=True)
    _write(text.decode("utf-8", "surrogateescape"), out)
    return min(status, 1)


def _git_merge(files: tuple[Path, Path, Path]) -> tuple[int, bytes] | None:
    git = shutil.which("git")
    if git is None:
        return None
    base, ours, theirs = map(str, files)
    marks = ["-L", "ours", "-L", "base", "-L", "theirs"]
    done = subprocess.run([git, "merge-file", "-p", "-q", *marks, ours, base, theirs], capture_output=True, check=False)
    return (done.returncode, done.stdout) if done.returncode < 128 else None


def _read(file: Path, form: str) -> "Source":
    from core.lang.reading import Source, read
    from core.lang.reading.unreadable import Unreadable

    raw = read_bytes(file)
    if not raw.strip():
        return Source({"flowDefinition": {"nodes": []}}, lambda place: None)
    try:
        source = read(raw, form, str(file))
    except Unreadable as e:
        raise _NoFlow(f"{file}{at(e.span)}: {e.message}") from None
    if not isinstance(source.data, dict):
        raise _NoFlow(f"{file}: a flow must be an object")
    return source


def _merged(sides: Sides) -> "Merged":
    from core.lang.revisions import merged

    base, ours, theirs = sides
    return merged(base.data, ours.data, theirs.data, (ours.automatic, theirs.automatic))


def _by_lines(files: tuple[Path, Path, Path], base: "Source", form: str, found: "Merged") -> str | None:
    """The files' lines merged by git, when that says what was found; None when it does not, or there is no git."""
    from core.lang.printing.normal import enveloped
    from core.lang.printing.text_form import without_sections
    from core.lang.reading import read
    from core.lang.reading.unreadable import Unreadable
    from core.lang.revisions import merged

    done = _git_merge(files)
    if done is None or done[0] != 0:
        return None
    try:
        source = read(done[1], form, "merged")
        alone = merged(base.data, source.data, base.data, (source.automatic, frozenset()))
        same = without_sections(enveloped(alone.document)) == without_sections(enveloped(found.document))
    except (Unreadable, KeyError, TypeError):
        return None
    return done[1].decode() if same else None


def _write(text: str, out: Path) -> None:
    if str(out) == "-":
        click.echo(text, nl=False)
        return
    try:
        written(out, text.encode("utf-8", "surrogateescape"))
    except click.ClickException as e:
        raise _Failed(e.message) from None
