"""``flow check --fix``: flow files with the fixes of their findings applied; comments and spelling of the rest stay."""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli.flow_files import at, locales_of, read_bytes, written

if TYPE_CHECKING:
    from core.host.registry import Registry
    from core.model.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file that was changed, and the findings that were mended in it, in order."""

    file: Path
    findings: "tuple[Diagnostic, ...]"

    def as_json(self) -> list[dict[str, Any]]:
        """A row for each finding."""
        return [
            {"file": str(self.file), "code": d.code, "message": d.message, "fix": d.fix.as_json()}
            for d in self.findings
            if d.fix
        ]


def mend(files: Sequence[Path], registry: "Registry", unsure: bool) -> list[Fixed]:
    """Writes the files that have fixes; ``unsure`` = those too that a person should look at."""
    found = (_mended(file, registry, unsure) for file in files)
    return [one for one in found if one is not None]


def _mended(file: Path, registry: "Registry", unsure: bool) -> Fixed | None:
    from core.lang import compile_text
    from core.lang.fixing import mended

    raw, locales = read_bytes(file), locales_of(file)
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    try:
        text = raw.removeprefix(mark).decode()
    except UnicodeDecodeError:
        return None
    done = mended(text, lambda t: compile_text(t, registry, source=str(file), locales=locales).diagnostics, unsure)
    if done.text == text:
        return None
    written(file, mark + done.text.encode())
    return Fixed(file, done.fixed)


def show_mended(fixed: Sequence[Fixed], err: bool) -> None:
    """What was changed, a line for each finding; ``err`` = beside what a program reads."""
    for one in fixed:
        for d in one.findings:
            title = d.fix.title if d.fix else ""
            click.echo(
                f"{one.file}{at(d.span)}: {click.style('mended', fg='green', bold=True)} {d.code}: {title}", err=err
            )
