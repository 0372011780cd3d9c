"""``instaflow openapi``: the OpenAPI document, from an application in memory."""

import sys
import tempfile
from importlib import import_module
from pathlib import Path

import click

from core.clock import SystemClock
from core.host.manager import load
from core.services.house import House
from core.settings import Settings
from core.store.store import Store


@click.command(epilog="Example: instaflow openapi > openapi.json")
@click.option(
    "--check", "compared", type=click.Path(exists=True, dir_okay=False), help="Compare with this file instead."
)
def command(compared: str | None) -> None:
    """Print the OpenAPI document (JSON). With --check FILE: exit 1 when it differs."""
    text = document()
    if compared is None:
        click.echo(text)
    elif Path(compared).read_text().rstrip("\n") != text:
        click.echo(f"{compared} differs from the code: instaflow openapi > {compared}", err=True)
        sys.exit(1)


def document() -> str:
    """The document as indented JSON; no database is touched."""
    import orjson

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/none.db"
        settings = Settings(Path(folder), url, "memory://", secret_key="x" * 32, rate_limits=False)
        app = import_module("flask_api").create_app(
            House(settings, Store(url), SystemClock(), load(entry_points=False))
        )
        found = app.extensions["instaflow-api"].document()
    return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()
