"""``instaflow flow explain``: the page of a diagnostic."""

from pathlib import Path

import click

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"


@click.command("explain", epilog="Example: instaflow flow explain IF402")
@click.argument("code")
def command(code: str) -> None:
    """Tells what CODE means, why it matters, and how to mend it."""
    from core.lang.codes import CODES
    from core.model.near import near

    wanted = code.upper()
    if wanted not in CODES:
        better = near(wanted, CODES)
        raise click.ClickException(f"there is no code {code}" + (f"; did you mean {better}?" if better else ""))
    page = PAGES / f"{wanted}.md"
    if page.is_file():
        click.echo(page.read_text("utf-8").split("---\n", 2)[2].strip())
    else:
        known = CODES[wanted]
        click.echo(f"{wanted} ({known.severity}): {known.title}")
