"""The files of a workspace as the body of plan and apply."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli.flow_files import at, locales_of, read_bytes
from core.cli.flow_formats import flows_in
from core.cli.workspace import Workspace

if TYPE_CHECKING:
    from core.lang.reading.source import Source
    from core.model.span import Span

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,98}\Z")
SAID = ("name", "description", "status", "triggers", "flowDefinition")


@dataclass(frozen=True, slots=True)
class Local:
    """A flow file. ``shown`` = its path from the root; ``source`` = as it was read; ``envelope`` = with its translations inside."""

    path: Path
    shown: str
    slug: str
    source: "Source"
    envelope: Mapping[str, Any]

    def span(self, node: str | None) -> "Span | None":
        """Where a step stands."""
        data = self.source.data
        wrapped = "flowDefinition" in data
        nodes = (data["flowDefinition"] if wrapped else data).get("nodes")
        for i, one in enumerate(nodes if isinstance(nodes, list) else ()):
            if isinstance(one, Mapping) and one.get("id") == node:
                return self.source.span((*(("flowDefinition",) if wrapped else ()), "nodes", i))
        return None


def flows_of(workspace: Workspace) -> list[Local]:
    """Its flows. Raises ClickException for what cannot be read, with a line for each."""
    problems: list[str] = []
    made = []
    for path in flows_in(workspace.root / p for p in workspace.flows):
        one = _read(workspace, path, problems)
        if one is not None:
            made.append(one)
    by_slug: dict[str, Local] = {}
    for one in made:
        other = by_slug.setdefault(one.slug, one)
        if other is not one:
            problems.append(
                f"{one.shown}: it is the flow '{one.slug}', as {other.shown} is; give it a short name of its own"
            )
    if problems:
        raise click.ClickException("\n".join(problems))
    return made


def _read(workspace: Workspace, path: Path, problems: list[str]) -> Local | None:
    from core.lang.locales import whole, with_files
    from core.lang.reading import read
    from core.lang.reading.unreadable import Unreadable
    from core.lang.report import Report

    shown = path.relative_to(workspace.root).as_posix()
    try:
        source = read(read_bytes(path), None, str(path))
    except Unreadable as e:
        problems += [
            f"{shown}{at(one.span)}: {one.message}" + (f" ({one.hint})" if one.hint else "") for one in (e, *e.others)
        ]
        return None
    if not isinstance(source.data, dict) or not isinstance(source.data.get("flowDefinition", {}), dict):
        problems.append(f"{shown}: a flow must be an object")
        return None
    data = with_files(source.data, locales_of(path), (path.stem,), Report())
    envelope = whole(data, _shared(workspace), (path.stem,))
    slug = envelope.get("slug") or path.stem
    if not isinstance(slug, str) or not SLUG.match(slug):
        wanted = "lower-case letters, digits, hyphens and underscores; name it in the file, or name the file otherwise"
        problems.append(f"{shown}: the short name '{slug}' must be of {wanted}")
        return None
    return Local(path, shown, slug, source, envelope)


def _shared(workspace: Workspace) -> dict[str, bytes]:
    """The translations that all flows share; of two files of one language the first counts."""
    found: dict[str, bytes] = {}
    for place in workspace.locales:
        path = workspace.root / place
        files = sorted(p for p in path.iterdir() if p.suffix in (".yaml", ".yml")) if path.is_dir() else [path]
        for file in files:
            found.setdefault(file.stem, read_bytes(file))
    return found


def body_of(workspace: Workspace, flows: Sequence[Local], overwrite: Iterable[str] = ()) -> dict[str, Any]:
    """The body of a plan."""
    rows = [_row(f) for f in flows]
    body = {"workspace": workspace.name, "flows": rows, "tests": _tests(workspace, flows)}
    return {**body, "overwrite": list(overwrite)} if overwrite else body


def _row(flow: Local) -> dict[str, Any]:
    said = {k: flow.envelope[k] for k in SAID if flow.envelope.get(k) is not None}
    free = sorted(flow.source.automatic)
    return {"slug": flow.slug, "file": flow.shown, **said, **({"automaticIds": free} if free else {})}


def _tests(workspace: Workspace, flows: Sequence[Local]) -> list[dict[str, Any]]:
    from core.testing.flowtest.files import files_of

    by_path = {f.path.resolve(): f.slug for f in flows}
    rows = []
    for path in files_of(workspace.root / p for p in workspace.tests):
        text = read_bytes(path).decode("utf-8", "replace")
        named = {n: by_path.get((path.parent / n).resolve()) for n in _named(text)}
        shown = path.relative_to(workspace.root).as_posix()
        rows.append({"file": shown, "text": text, "flows": {n: s for n, s in named.items() if s}})
    return rows


def _named(text: str) -> tuple[str, ...]:
    """The flows that a test file names; none for a file that cannot be read, of which the server says why."""
    from core.testing.flowtest import Unplayable, read_suite

    try:
        suite = read_suite(text)
    except Unplayable:
        return ()
    return (suite.file, *suite.also)
