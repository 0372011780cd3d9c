"""What the commands of ``instaflow flow`` share: reading files, showing what the compiler found."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from core.cli.flow_names import Names
    from core.host.registry import Registry
    from core.lang import Compilation, Workspace
    from core.model.diagnostic import Diagnostic
    from core.model.fix import Related
    from core.model.program import Program
    from core.model.span import Span

ENDINGS = (".flow", ".yaml", ".yml", ".json", ".jsonc")
_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


def compiled(file: Path, registry: "Registry", around: "Workspace | None" = None) -> tuple[str, "Compilation"]:
    """The file's text and what the compiler says of it."""
    from core.lang import Workspace, compile_text

    raw, locales = read_bytes(file), locales_of(file)
    done = compile_text(raw, registry, source=str(file), around=around or Workspace(), locales=locales)
    return raw.decode("utf-8", "replace"), done


def together(
    files: Sequence[Path], registry: "Registry", names: "Names | None" = None
) -> list[tuple[Path, str, "Compilation"]]:
    """The files of one call know each other, and the flows beside them that they run: a flow that runs another one is looked at
    with it. A file that runs nobody is compiled once."""
    from core.lang import Workspace

    done = [(file, *compiled(file, registry)) for file in files]
    flows = {n: c.program for f, _, c in done if c.program for n in (f.stem, c.doc.slug if c.doc else None) if n}
    runs = [(f, c.program) for f, _, c in done if c.program and c.program.uses.get("flows")]
    for file, program in runs:
        beside(file, program, registry, flows)
    around = names.around(flows.values()) if names is not None else Workspace()
    asks = [f for f, _, c in done if c.program and around.sets_tag is not None and c.program.uses.get("tags")]
    looked = {*(file for file, _ in runs), *asks}
    if not looked:
        return done
    around = replace(around, flows=flows)
    return [(f, *compiled(f, registry, around)) if f in looked else (f, t, c) for f, t, c in done]


def beside(file: Path, program: "Program", registry: "Registry", flows: "dict[str, Program]") -> None:
    """Adds the flows that a file's flow runs and that lie beside it under their names, and those that they run."""
    stack = list(program.uses.get("flows", ()))
    while stack:
        name = stack.pop()
        there = (file.with_name(name + ending) for ending in ENDINGS) if Path(name).name == name else ()
        other = next((p for p in there if p.is_file()), None) if name not in flows else None
        found = compiled(other, registry)[1].program if other is not None else None
        if found is not None:
            flows[name] = found
            stack += found.uses.get("flows", ())


def read_bytes(file: Path) -> bytes:
    """The file, or one sentence why not."""
    try:
        return file.read_bytes()
    except OSError as e:
        raise click.ClickException(f"{file}: {e.strerror or e}") from None


def written(file: Path, made: bytes) -> None:
    """Over the old file, if there is one, in one move: a reader sees the old or the new one."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(made)
        if file.exists():
            beside.chmod(file.stat().st_mode & 0o7777)
        beside.replace(file)
    except OSError as e:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise click.ClickException(f"{file}: {e.strerror or e}") from None


def saved(file: Path, text: str) -> None:
    """Writes a file, or one sentence why not."""
    try:
        file.write_text(text, "utf-8")
    except OSError as e:
        raise click.ClickException(f"{file}: {e.strerror or e}") from None


def at(span: "Span | None") -> str:
    """``:line:column`` behind the name of a file; nothing for what has no place."""
    return f":{span.line}:{span.column}" if span else ""


def locales_of(file: Path) -> dict[str, bytes]:
    """The translations beside the file, or one sentence why they cannot be read."""
    from core.host.beside import locales_beside

    try:
        return locales_beside(file)
    except OSError as e:
        raise click.ClickException(f"{e.filename}: {e.strerror or e}") from None


def shaped(done: "Compilation") -> list[dict[str, Any]]:
    """The diagnostics as ``flow check --json`` prints them; the way and the conversation are there where something shows it."""
    keys = ("code", "severity", "message", "node", "span", "hint", "fix")
    more = ("path", "witness", "related")
    return [{k: v for k, v in d.as_json().items() if k in keys or (k in more and v)} for d in done.diagnostics]


def print_json(value: Any) -> None:
    """JSON for programs and people."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def status(done: list["Compilation"]) -> int:
    """0, or 1 when one of them has an error."""
    return 0 if all(not any(d.severity == "error" for d in c.diagnostics) for c in done) else 1


def explain(file: Path, text: str, done: "Compilation") -> None:
    """Every finding with its line, then the count."""
    lines = text.splitlines()
    for diagnostic in done.diagnostics:
        click.echo(_told(file, lines, diagnostic))
    count = {s: sum(d.severity == s for d in done.diagnostics) for s in ("error", "warning")}
    told = ", ".join(f"{n} {s}{'s' * (n != 1)}" for s, n in count.items() if n) or "fine"
    sure = sum(d.fix is not None and d.fix.sure and bool(d.fix.edits) for d in done.diagnostics)
    click.echo(f"{file}: {told}" + (f" ({sure} can be mended by --fix)" if sure else ""))


def _told(file: Path, lines: list[str], d: "Diagnostic") -> str:
    at = f"{file}:{d.span.line}:{d.span.column}" if d.span else str(file)
    level = click.style(str(d.severity), fg=_COLOURS[d.severity], bold=True)
    node = f" [{d.node}]" if d.node else ""
    out = [f"{at}: {level} {d.code}{node}: {d.message}"]
    if d.span and d.span.line <= len(lines):
        out += _shown(lines[d.span.line - 1], d.span)
    if d.path:
        out.append(f"   = path: {' -> '.join(d.path)}")
    if d.witness:
        from core.lang.analysis.retold import retold

        out.append(f"   = shown by: {retold(d.witness)}")
    out += [f"   = see{_line(r)}: {r.message}" for r in d.related]
    fix = d.fix if d.fix and d.fix.edits else None
    if d.hint and not (fix and d.hint.startswith("did you mean")):
        out.append(f"   = hint: {d.hint}")
    if fix:
        out.append(f"   = {'fix' if fix.sure else 'possible fix'}: {fix.title}")
    return "\n".join(out)


def _line(related: "Related") -> str:
    return f" line {related.span.line}" if related.span else ""


def _shown(line: str, span: "Span") -> list[str]:
    """The line and a caret under what is meant; long lines are cut around it."""
    first = max(0, span.column - 60)
    width = span.end_column - span.column if span.end_line == span.line else len(line) - span.column + 1
    cut = line[first : first + 110].replace("\t", " ")
    carets = " " * (span.column - 1 - first) + "^" * max(1, min(width, 110 - (span.column - 1 - first)))
    margin = len(str(span.line))
    return [f" {' ' * margin} |", f" {span.line} | {cut}", f" {' ' * margin} | {carets}"]
