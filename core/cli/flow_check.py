"""``instaflow flow check``: what is wrong with flow files."""

import sys
from pathlib import Path
from typing import Any

import click

from core.cli.flow_files import explain, print_json, shaped, status, together
from core.cli.flow_fixed import mend, show_mended
from core.cli.flow_formats import flows_in, github, sarif
from core.cli.flow_names import workspace_of
from core.cli.flow_overlapping import as_json as overlapping
from core.cli.flow_overlapping import overlaps, rows_of, show


@click.command("check", epilog="Example: instaflow flow check flows/")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Mend what can be mended with certainty, and say what was changed.")
@click.option("--unsure", is_flag=True, help="With --fix: mend also where a person should look at what was changed.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "json", "sarif", "github"]),
    default="terminal",
    show_default=True,
    help="sarif is for code scanning, github for annotations in a workflow.",
)
def command(paths: tuple[Path, ...], fix: bool, unsure: bool, as_json: bool, form: str) -> None:
    """Says what is wrong with the flows in PATHS, files and folders; exit status 1 when one of them has an error.

    The flows of one call know each other: subflows are looked at with the flow that runs them. Tests and translations are no
    flows and are left out. Triggers that want the same words are named ('instaflow flow overlaps' looks at an account too). 'instaflow flow explain IF402' tells more of a code.
    """
    from core.host.manager import load

    files = flows_in(paths)
    if not files:
        raise click.ClickException("there is no flow here: .yaml, .json or .flow files are looked for")
    if unsure and not fix:
        raise click.UsageError("--unsure goes with --fix")
    registry = load()
    as_json = as_json or form == "json"
    fixed = mend(files, registry, unsure) if fix else []
    if fixed:
        show_mended(fixed, err=as_json or form != "terminal")
    done = together(files, registry, workspace_of(paths))
    pairs = overlaps(rows_of(done), registry) if len(done) > 1 else []
    if as_json:
        more: dict[str, Any] = {"overlaps": [overlapping(p) for p in pairs]} if pairs else {}
        if fix:
            more["fixed"] = [told for one in fixed for told in one.as_json()]
        print_json({"diagnostics": [d for _, _, c in done for d in shaped(c)], **more})
    elif form == "sarif":
        print_json(sarif(done))
    elif form == "github":
        for line in github(done):
            click.echo(line)
    else:
        for file, text, one in done:
            explain(file, text, one)
        show(pairs)
    sys.exit(status([c for _, _, c in done]))
