"""``instaflow pull``: what was changed on the server, back into the files."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from core.cli.desk import Desk, opened, options
from core.cli.flow_files import print_json, saved


@click.command("pull", epilog="Example: instaflow pull welcome")
@click.argument("slugs", nargs=-1)
@options
@click.option("--all", "everything", is_flag=True, help="Also flows that are on the server only.")
@click.option("--force", is_flag=True, help="Also flows that were changed in the files too: those changes are lost.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(
    slugs: tuple[str, ...],
    workspace: Path | None,
    server: str | None,
    account: str | None,
    key_file: Path | None,
    everything: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Writes the flows that were changed on the server into their files, each in the notation that its file has; SLUGS = only these,
    also when they are on the server only. New files are YAML. Look at them with 'git diff', then commit.

    Exit status 1 when a flow was changed on both sides.
    """
    desk = opened(workspace, server, account, key_file)
    items = {i["slug"]: i for i in desk.ask("plan", {**desk.body(), "tests": []})["flows"]}
    if unknown := [s for s in slugs if s not in items]:
        raise click.ClickException(f"neither the server nor a file has the flow '{unknown[0]}'")
    wanted = [items[s] for s in slugs] if slugs else [i for i in items.values() if _drifted(i, everything)]
    _refuse(wanted, force)
    written = [row for row in (_pulled(desk, item) for item in wanted) if row is not None]
    if as_json:
        print_json({"written": written})
        return
    for row in written:
        click.echo(f"{row['file']}: {', '.join(row['parts'])}")
    if not written:
        click.echo("the files have everything that is on the server")


def _drifted(item: Mapping[str, Any], everything: bool) -> bool:
    return bool(item["drift"] or item["conflicts"]) or (everything and item["kind"] == "unmanaged")


def _refuse(items: Iterable[Mapping[str, Any]], force: bool) -> None:
    both = [i for i in items if i["conflicts"] and i["kind"] == "conflict" and "file is gone" not in i["reason"]]
    if both and not force:
        lines = [f"{i['slug']}: {i['reason']} ({', '.join(i['conflicts'])})" for i in both]
        hint = "--force takes the server's and loses the file's"
        raise click.ClickException("\n".join([*lines, hint]))


def _pulled(desk: Desk, item: Mapping[str, Any]) -> dict[str, Any] | None:
    """Writes one; answers {slug, file, parts}, None when there is nothing to write."""
    from core.cli.pull_write import Unwritten, laid_over, new_file, printed

    if item["flowId"] is None:
        return None
    local = next((f for f in desk.flows if f.slug == item["slug"]), None)
    parts = [*item["drift"], *item["conflicts"]]
    if local is not None and not parts:
        return None
    theirs = _export(desk, item)
    path = local.path if local is not None else new_file(desk.workspace, item)
    envelope = laid_over(local, theirs, parts) if local is not None else theirs
    try:
        text = printed(envelope, path)
        path.parent.mkdir(parents=True, exist_ok=True)
    except Unwritten as e:
        raise click.ClickException(f"{path}: {e}") from None
    except OSError as e:
        raise click.ClickException(f"{path}: {e.strerror or e}") from None
    saved(path, text)
    shown = path.relative_to(desk.workspace.root).as_posix()
    return {"slug": item["slug"], "file": shown, "parts": parts or ["new"]}


def _export(desk: Desk, item: Mapping[str, Any]) -> dict[str, Any]:
    import json

    flow: dict[str, Any] = desk.server.get(f"/flows/{item['flowId']}")
    text = desk.server.get(f"/flows/{item['flowId']}/export", format="json")["text"]
    told: dict[str, Any] = {**json.loads(text), "name": flow["name"], "description": flow["description"]}
    return {**told, **({"status": flow["status"]} if flow["status"] != "draft" else {})}
