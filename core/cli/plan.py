"""``instaflow plan``: what applying the flows of this folder would do on the server."""

import json
import sys
from pathlib import Path

import click

from core.cli.desk import Failing, opened, options, overwriting
from core.cli.flow_files import print_json, saved

FORMAT = 1


@click.command("plan", cls=Failing, epilog="Example: instaflow plan --out flows.plan && instaflow apply flows.plan")
@options
@overwriting
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Keep the plan, for 'instaflow apply FILE'."
)
@click.option("--all", "everything", is_flag=True, help="Name the flows that stay as they are, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def command(
    workspace: Path | None,
    server: str | None,
    account: str | None,
    key_file: Path | None,
    overwrite: tuple[str, ...],
    out: Path | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Holds the flows of this folder (instaflow.yaml) against the server: what people would notice, who is under way, what was
    changed there since the last apply; plays the tests. Writes nothing.

    Exit status 0: nothing to do, 2: there are changes, 1: something stands in the way.
    """
    from core.cli.plan_show import show

    desk = opened(workspace, server, account, key_file)
    body = desk.body(overwrite)
    plan = desk.ask("plan", body)
    if out is not None:
        about = {"format": FORMAT, "server": desk.server.address, "account": desk.account_id, "username": desk.username}
        saved(out, json.dumps({**about, "body": body, "plan": plan}, ensure_ascii=False))
    if as_json:
        print_json(plan)
    else:
        show(plan, desk.flows, everything)
    sys.exit(1 if plan["blocked"] else 2 if plan["changes"] else 0)
