"""``instaflow flow``: checks and compiles flow files."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from core.host.registry import Registry
    from core.lang import Compilation
    from core.model.diagnostic import Diagnostic
    from core.model.span import Span

_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


@click.group(epilog="Example: instaflow flow check flows/*.yaml")
def command() -> None:
    """Checks and compiles flow files (YAML, or JSON with comments), and makes the JSON of the API from them."""


@command.command(epilog="Example: instaflow flow check welcome.yaml")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the diagnostics as JSON.")
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Says what is wrong with each FILE; exit status 1 when one of them has an error."""
    from core.host.manager import load

    registry = load()
    done = [(file, *_compiled(file, registry)) for file in files]
    if as_json:
        found = [d for _, _, c in done for d in _shaped(c)]
        _print_json({"diagnostics": found})
    else:
        for file, text, compiled in done:
            _explain(file, text, compiled)
    sys.exit(_status([c for _, _, c in done]))


@command.command("compile", epilog="Example: instaflow flow compile --json welcome.yaml")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print diagnostics, hash and program as JSON.")
def compile_(file: Path, as_json: bool) -> None:
    """Compiles FILE to the program that the engine runs; exit status 1 when it has an error."""
    from core.host.manager import load

    text, compiled = _compiled(file, load())
    program = compiled.program
    if as_json:
        _print_json(
            {
                "diagnostics": _shaped(compiled),
                "hash": program.hash if program else None,
                "program": program.as_json() if program else None,
            }
        )
    else:
        _explain(file, text, compiled)
        if program:
            click.echo(f"{program.hash} {len(program.states)} states")
    sys.exit(_status([compiled]))


@command.command("json", epilog="Example: instaflow flow json welcome.yaml > welcome.json")
@click.argument("file", type=click.Path(path_type=Path))
def json_(file: Path) -> None:
    """Prints FILE as the JSON body that the API takes to create a flow; a file that has errors is printed too."""
    from core.lang.reading import read
    from core.lang.reading.unreadable import Unreadable

    try:
        data = read(_bytes(file), None, str(file)).data
    except Unreadable as e:
        raise click.ClickException(f"{file}: {e.message}") from None
    if not isinstance(data, dict):
        raise click.ClickException(f"{file}: a flow must be an object")
    envelope = data if "flowDefinition" in data else {"flowDefinition": data}
    body = {k: envelope[k] for k in ("name", "slug", "description", "flowDefinition", "triggers") if k in envelope}
    _print_json({"name": envelope.get("slug") or file.stem, **body})


def _compiled(file: Path, registry: "Registry") -> tuple[str, "Compilation"]:
    from core.lang import compile_text

    raw = _bytes(file)
    return raw.decode("utf-8", "replace"), compile_text(raw, registry, source=str(file))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as e:
        raise click.ClickException(f"{file}: {e.strerror or e}") from None


def _shaped(compiled: "Compilation") -> list[dict[str, Any]]:
    keys = ("code", "severity", "message", "node", "span", "hint", "fix")
    return [{k: v for k, v in d.as_json().items() if k in keys} for d in compiled.diagnostics]


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _status(done: list["Compilation"]) -> int:
    return 0 if all(not any(d.severity == "error" for d in c.diagnostics) for c in done) else 1


def _explain(file: Path, text: str, compiled: "Compilation") -> None:
    lines = text.splitlines()
    for diagnostic in compiled.diagnostics:
        click.echo(_told(file, lines, diagnostic))
    count = {s: sum(d.severity == s for d in compiled.diagnostics) for s in ("error", "warning")}
    click.echo(f"{file}: " + (", ".join(f"{n} {s}{'s' * (n != 1)}" for s, n in count.items() if n) or "fine"))


def _told(file: Path, lines: list[str], d: "Diagnostic") -> str:
    at = f"{file}:{d.span.line}:{d.span.column}" if d.span else str(file)
    level = click.style(str(d.severity), fg=_COLOURS[d.severity], bold=True)
    node = f" [{d.node}]" if d.node else ""
    out = [f"{at}: {level} {d.code}{node}: {d.message}"]
    if d.span and d.span.line <= len(lines):
        out += _shown(lines[d.span.line - 1], d.span)
    if d.path:
        out.append(f"   = path: {' -> '.join(d.path)}")
    if d.hint:
        out.append(f"   = hint: {d.hint}")
    return "\n".join(out)


def _shown(line: str, span: "Span") -> list[str]:
    """The line and a caret under what is meant; long lines are cut around it."""
    first = max(0, span.column - 60)
    width = span.end_column - span.column if span.end_line == span.line else len(line) - span.column + 1
    cut = line[first : first + 110].replace("\t", " ")
    carets = " " * (span.column - 1 - first) + "^" * max(1, min(width, 110 - (span.column - 1 - first)))
    margin = len(str(span.line))
    return [f" {' ' * margin} |", f" {span.line} | {cut}", f" {' ' * margin} | {carets}"]
