"""``instaflow flow json``: a flow file as the API's body."""

from pathlib import Path

import click

from core.cli.flow_files import locales_of, print_json, read_bytes


@click.command("json", epilog="Example: instaflow flow json welcome.yaml > welcome.json")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Prints FILE as the JSON body that the API takes to create a flow; a file that has errors is printed too."""
    from core.lang.locales import whole
    from core.lang.reading import read
    from core.lang.reading.unreadable import Unreadable

    try:
        data = read(read_bytes(file), None, str(file)).data
    except Unreadable as e:
        raise click.ClickException(f"{file}: {e.message}") from None
    if not isinstance(data, dict):
        raise click.ClickException(f"{file}: a flow must be an object")
    envelope = whole(data, locales_of(file), (file.stem,))
    body = {k: envelope[k] for k in ("name", "slug", "description", "flowDefinition", "triggers") if k in envelope}
    print_json({"name": envelope.get("slug") or file.stem, **body})
