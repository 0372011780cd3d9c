"""``instaflow flow convert``: a flow file in another notation."""

from pathlib import Path

import click

from core.cli.flow_files import read_bytes

FORMS = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}


@click.command("convert", epilog="Example: instaflow flow convert welcome.flow welcome.yaml")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over a TARGET that exists.")
def command(source: Path, target: Path, force: bool) -> None:
    """Writes SOURCE (JSON, YAML or text) as TARGET, JSON or YAML by its ending. Nothing of the flow is lost; comments of YAML are.

    A SOURCE with errors is converted too, as long as it can be read.
    """
    from core.lang.printing import to_json, to_yaml
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
    try:
        target.write_text(to_json(data) if form == "json" else to_yaml(data), "utf-8")
    except OSError as e:
        raise click.ClickException(f"{target}: {e.strerror or e}") from None
    click.echo(f"{target}")
