"""``instaflow flow test``: plays the tests of flows."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.flow_files import saved

if TYPE_CHECKING:
    from core.testing.flowtest import FileReport

POLL_SECONDS = 0.4
COLOURS = {"pass": ("green", "✓ "), "fail": ("red", "✗ "), "more": (None, "  "), "cover": ("cyan", "  ")}


@click.command("test", epilog="Example: instaflow flow test flows_examples --coverage")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write the results as JUnit XML into this file.")
@click.option("--coverage", is_flag=True, help="Name the states and exits that no test came by.")
@click.option("--min-coverage", type=click.IntRange(0, 100), help="Fail below so many percent of states and exits.")
@click.option("--watch", is_flag=True, help="Play them again whenever a flow or a test changes; end with Ctrl-C.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what failed.")
def command(
    paths: tuple[Path, ...],
    as_json: bool,
    junit: Path | None,
    coverage: bool,
    min_coverage: int | None,
    watch: bool,
    quiet: bool,
) -> None:
    """Plays the tests in PATHS: *.test.yaml files and folders (the folder you are in when none is named).

    Exit status 1 when a test fails.
    """
    wanted = paths or (Path(),)
    show = _Show(coverage or min_coverage is not None, quiet, min_coverage or 0)
    if watch:
        _watch(wanted, show)
        return
    reports = _run(wanted, show.one if not as_json else lambda report: None)
    if junit is not None:
        from core.testing.flowtest import junit as xml

        saved(junit, xml(reports))
    if as_json:
        click.echo(json.dumps({"files": [r.as_json() for r in reports]}, ensure_ascii=False, indent=2))
    else:
        show.total(reports)
    sys.exit(0 if show.fine(reports) else 1)


def _run(paths: Iterable[Path], tell: Callable[["FileReport"], None]) -> list["FileReport"]:
    from core.testing.flowtest.files import files_of, run

    files = files_of(paths)
    if not files:
        raise click.ClickException("there is no *.test.yaml here; 'instaflow flow test --help' shows how one is named")
    try:
        return run(files, tell)
    except OSError as e:
        raise click.ClickException(f"{e.filename}: {e.strerror or e}") from None


class _Show:
    def __init__(self, coverage: bool, quiet: bool, least: int) -> None:
        self._coverage, self._quiet, self._least = coverage, quiet, least

    def one(self, report: "FileReport") -> None:
        """A file's results."""
        from core.testing.flowtest import told

        for kind, line in told(report, self._coverage):
            if kind == "pass" and self._quiet:
                continue
            colour, mark = COLOURS[kind]
            click.echo(click.style(mark, fg=colour) + line)

    def total(self, reports: Sequence["FileReport"]) -> None:
        """The last line."""
        failed = sum(r.failed for r in reports)
        tests = sum(len(r.tests) for r in reports)
        line = f"{_counted(tests, 'test')} in {_counted(len(reports), 'file')}: " + (
            f"{failed} failed" if failed else "all passed"
        )
        if self._coverage:
            line += f"; {self.share(reports):.0%} of all states and exits"
        click.secho(line, fg="red" if failed else "green")
        if not failed and not self.fine(reports):
            click.secho(f"that is less than the {self._least} % asked for", fg="red")

    def share(self, reports: Sequence["FileReport"]) -> float:
        """Coverage over all files, each state and exit counting once."""
        covers = [r.coverage for r in reports if r.coverage is not None]
        total = sum(len(c.states) + len(c.exits) for c in covers)
        return 1.0 if total == 0 else 1 - sum(len(c.missed) for c in covers) / total

    def fine(self, reports: Sequence["FileReport"]) -> bool:
        """Nothing failed, and enough was reached."""
        return not any(r.failed for r in reports) and self.share(reports) * 100 >= self._least


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _watch(paths: Sequence[Path], show: _Show) -> None:
    before: dict[Path, float] = {}
    try:
        while True:
            now = _times(paths)
            if now != before:
                before = now
                click.clear()
                show.total(_run(paths, show.one))
                click.echo("waiting for a change; Ctrl-C ends")
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        click.echo()


def _times(paths: Iterable[Path]) -> dict[Path, float]:
    """When the files in the folders of the tests changed last."""
    folders = {p if p.is_dir() else p.parent for p in paths}
    files = (f for folder in folders for f in folder.rglob("*") if f.suffix in (".yaml", ".yml", ".json", ".flow"))
    return {f: f.stat().st_mtime for f in files if f.is_file()}
