"""``instaflow apply``: the flows of this folder, or of a plan that was kept, onto the server."""

import json
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from core.cli.desk import Desk, opened, options, overwriting
from core.cli.flow_files import print_json
from core.cli.plan import FORMAT
from core.cli.workspace import Workspace


@click.command("apply", epilog="Example: instaflow apply --yes")
@click.argument("plan", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@options
@overwriting
@click.option("--despite-failed-tests", is_flag=True, help="Apply although a test fails.")
@click.option("--allow-empty", is_flag=True, help="Remove all flows of the workspace when the folder has none.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask; for scripts.")
@click.option("--json", "as_json", is_flag=True, help="Print what was carried out as JSON; needs --yes.")
def command(
    plan: Path | None,
    workspace: Path | None,
    server: str | None,
    account: str | None,
    key_file: Path | None,
    overwrite: tuple[str, ...],
    despite_failed_tests: bool,
    allow_empty: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Plans, shows, asks, and carries out: all in one transaction, or nothing. PLAN is a file that 'instaflow plan --out' wrote: then
    exactly that is carried out, whatever the files say by now.

    Exit status 1 when something stands in the way, or when a flow is not as the plan saw it.
    """
    if as_json and not yes:
        raise click.UsageError("--json cannot ask; say --yes too")
    if plan is not None and (workspace or server or account or overwrite):
        raise click.UsageError("a kept plan has its own server, account and files")
    desk, body, seen = _kept(plan, key_file) if plan else _fresh((workspace, server, account, key_file), overwrite)
    if not body["flows"] and seen["changes"] and not allow_empty:
        gone = f"{seen['changes']} flow{'s' * (seen['changes'] != 1)}"
        raise click.ClickException(f"the folder has no flows: {gone} would be removed; --allow-empty does it")
    _look(seen, desk, despite_failed_tests, as_json)
    if seen["changes"] and not yes:
        click.confirm(f"Apply this to @{desk.username} at {desk.server.address}?", abort=True)
    asked = {**body, "state": seen["state"], "despiteFailedTests": despite_failed_tests}
    done = desk.ask("apply", asked, **{"Idempotency-Key": str(uuid.uuid4())})
    if as_json:
        print_json(done)
    else:
        click.secho(_end(done), fg="green")


def _fresh(where: tuple[Any, ...], overwrite: tuple[str, ...]) -> tuple[Desk, dict[str, Any], dict[str, Any]]:
    desk = opened(*where)
    body = desk.body(overwrite)
    return desk, body, desk.ask("plan", body)


def _kept(file: Path, key_file: Path | None) -> tuple[Desk, dict[str, Any], dict[str, Any]]:
    from core.cli import server as servers

    try:
        kept = json.loads(file.read_text("utf-8"))
        if kept["format"] != FORMAT:
            raise click.ClickException(f"{file} was written by another version of instaflow; plan again")
        at, account, username = str(kept["server"]), str(kept["account"]), str(kept["username"])
        body, seen = dict(kept["body"]), dict(kept["plan"])
    except (OSError, ValueError, KeyError, TypeError):
        raise click.ClickException(f"{file} is no plan; 'instaflow plan --out {file}' writes one") from None
    return Desk(Workspace(file.parent), (), servers.opened(at, key_file), account, username), body, seen


def _look(plan: Mapping[str, Any], desk: Desk, despite_failed_tests: bool, quiet: bool) -> None:
    """Shows it; ends here when something stands in the way."""
    from core.cli.plan_show import show

    if not quiet:
        show(plan, desk.flows)
    weighs = [b for b in plan["blocked"] if not (despite_failed_tests and b["code"] == "tests_failed")]
    if weighs:
        if quiet:
            print_json(plan)
        hint = (
            "; --despite-failed-tests applies all the same" if all(b["code"] == "tests_failed" for b in weighs) else ""
        )
        click.secho(f"Nothing was applied{hint}", fg="red", err=True)
        sys.exit(1)


def _end(done: Mapping[str, Any]) -> str:
    if not done["changes"]:
        return "Nothing to do"
    return f"Applied: {done['changes']} flow{'s' * (done['changes'] != 1)} changed"
