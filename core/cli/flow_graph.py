"""``instaflow flow graph``: a flow as a picture."""

from pathlib import Path

import click

from core.cli.flow_files import compiled, saved


@click.command("graph", epilog="Example: instaflow flow graph welcome.yaml -o welcome.svg")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "svg"]),
    help="By default what the ending of -o says, else mermaid.",
)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Write into this file.")
def command(file: Path, form: str | None, out: Path | None) -> None:
    """Draws FILE: as text for Mermaid, which GitHub draws in Markdown, or as an SVG that needs nothing else."""
    from core.host.manager import load
    from core.lang.graph import graph_of, mermaid
    from core.lang.graph_svg import svg

    done = compiled(file, load())[1]
    if done.doc is None:
        raise click.ClickException(f"{file}: there is nothing to draw; see 'instaflow flow check {file}'")
    graph = graph_of(done.doc)
    wanted = form or ("svg" if out is not None and out.suffix == ".svg" else "mermaid")
    text = svg(graph) if wanted == "svg" else mermaid(graph)
    if out is None:
        click.echo(text, nl=False)
    else:
        saved(out, text)
