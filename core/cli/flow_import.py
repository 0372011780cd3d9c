"""``instaflow flow import``: flows of other tools."""

from pathlib import Path

import click

from core.cli.flow_convert import FORMS, named
from core.cli.flow_files import read_bytes


@click.command("import", epilog="Example: instaflow flow import bot.json -o shop.yaml")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "tool", type=click.Choice(["typebot"]), default="typebot", help="The tool that exported FILE.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Write into this file; it may not exist yet.")
def command(file: Path, tool: str, out: Path | None) -> None:
    """Makes a flow of FILE: YAML, or JSON or text when OUT ends so (.json, .flow); says on standard error what was left out and what has to be looked at."""
    from core.lang.importing import FORMATS, NotReadable
    from core.lang.printing import PRINTERS
    from core.lang.reading.json_text import read_json
    from core.lang.reading.source import decoded
    from core.lang.reading.unreadable import Unreadable
    from core.model.limits import SOURCE_BYTES_JSON

    try:
        found = FORMATS[tool](read_json(decoded(read_bytes(file), SOURCE_BYTES_JSON))[0])
    except (Unreadable, NotReadable) as e:
        raise click.ClickException(f"{file}: {e}") from None
    for note in found.notes:
        click.echo(f"{click.style('look at', fg='yellow')} {note}", err=True)
    form = FORMS.get(out.suffix, "yaml") if out is not None else "yaml"
    text = PRINTERS[form](named(found.envelope, out.stem) if out is not None and form == "flow" else found.envelope)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as f:
            f.write(text)
    except OSError as e:
        raise click.ClickException(f"{out}: {e.strerror or e}") from None
