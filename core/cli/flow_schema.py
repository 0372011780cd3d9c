"""``instaflow flow schema``: the JSON Schema of flow files, for editors."""

import json
from pathlib import Path

import click

from core.cli.flow_files import saved


@click.command("schema", epilog="Example: instaflow flow schema -o flow.schema.json")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it into this file.")
def command(output: Path | None) -> None:
    """Prints the JSON Schema of flows in JSON and YAML: completion and checks while you write, the step types of your plugins included.

    In a YAML file name it in the first line: # yaml-language-server: $schema=flow.schema.json
    """
    from core.host.manager import load
    from core.lang.schema import flow_schema

    text = json.dumps(flow_schema(load()), ensure_ascii=False, indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    saved(output, text)
