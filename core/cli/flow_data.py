"""``instaflow flow data``: where what people tell goes."""

from pathlib import Path

import click

from core.cli.flow_files import compiled, print_json


@click.command("data", epilog="Example: instaflow flow data lead_capture.yaml")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(file: Path, as_json: bool) -> None:
    """Says which answers FILE asks for, where they are kept, and to whom they are given: for a privacy notice."""
    from core.host.manager import load
    from core.lang.datamap import data_map

    program = compiled(file, load())[1].program
    if program is None:
        raise click.ClickException(f"{file}: there is nothing to look at; see 'instaflow flow check {file}'")
    found = data_map(program)
    if as_json:
        print_json({"data": [d.as_json() for d in found]})
        return
    for datum in found:
        origin = "worked out by the flow"
        if datum.asked:
            origin = f"asked in {', '.join(datum.asked)}"
        elif datum.name.startswith("contact."):
            origin = "from Instagram" if datum.profile else "known before"
        click.echo(click.style(datum.name, bold=True) + f"  {origin}")
        for to, node in datum.goes:
            click.echo(f"    to {to}  (step {node})")
    if not found:
        click.echo("the flow asks for nothing and reads nothing of people")
