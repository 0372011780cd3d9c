"""``instaflow flow convert``: a flow file in another notation."""

from pathlib import Path
from typing import Any

import click

from core.cli.flow_files import read_bytes, saved

FORMS = {".json": "json", ".yaml": "yaml", ".yml": "yaml", ".flow": "flow"}
"""Ending of a file -> notation."""


@click.command("convert", epilog="Example: instaflow flow convert welcome.yaml welcome.flow")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over a TARGET that exists.")
def command(source: Path, target: Path, force: bool) -> None:
    """Writes SOURCE as TARGET; their endings tell the notations: .json, .yaml or .flow. Nothing of the flow is lost; comments of
    YAML are. A flow without a short name takes that of the file when it becomes text.

    A SOURCE with errors is converted too, as long as it can be read.
    """
    from core.lang.printing import PRINTERS, Unsayable
    from core.lang.reading import read
    from core.lang.reading.unreadable import Unreadable

    form = FORMS.get(target.suffix)
    if form is None:
        raise click.ClickException(f"{target}: the ending must be one of {', '.join(sorted(FORMS))}")
    if target.exists() and not force:
        raise click.ClickException(f"{target} exists; --force writes over it")
    try:
        data = read(read_bytes(source), None, str(source)).data
    except Unreadable as e:
        at = f":{e.span.line}:{e.span.column}" if e.span else ""
        raise click.ClickException(f"{source}{at}: {e.message}") from None
    if not isinstance(data, dict):
        raise click.ClickException(f"{source}: a flow must be an object")
    if form == "flow":
        data = named(data, target.stem)
    try:
        saved(target, PRINTERS[form](data))
    except Unsayable as e:
        raise click.ClickException(f"{source}: {e.message}") from None
    click.echo(f"{target}")


def named(data: dict[str, Any], slug: str) -> dict[str, Any]:
    """The document with a short name: its own, or ``slug``."""
    from core.lang.printing.normal import enveloped

    wrapped = enveloped(data)
    return {**wrapped, "slug": wrapped.get("slug") or slug}
