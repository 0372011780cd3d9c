"""What plan, apply and pull share: their options, the workspace with its files, and the plan that the server makes of them."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli.workspace import Workspace, found, read

if TYPE_CHECKING:
    from core.cli.server import Server
    from core.cli.workspace_files import Local

OPTIONS = (
    click.option("--workspace", "-w", type=click.Path(path_type=Path), help="The instaflow.yaml, or its folder."),
    click.option(
        "--server",
        envvar="INSTAFLOW_SERVER",
        help="Another server than that of the file, such as https://flows.example.org",
    ),
    click.option("--account", help="Another account than that of the file: its user name or id."),
    click.option("--key-file", type=click.Path(path_type=Path), help="A file with the token (mode 600)."),
)


overwriting = click.option(
    "--overwrite", multiple=True, metavar="SLUG", help="Let the file win over changes on the server; '*' = all."
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that all three take."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


class Failing(click.Command):
    """A command whose status 2 says that there are changes: wrong usage is 1."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as e:
            e.show()
            sys.exit(1)


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace, its files, and the server with the account."""

    workspace: Workspace
    flows: Sequence["Local"]
    server: "Server"
    account_id: str
    username: str

    @property
    def path(self) -> str:
        """Where the account's flows are in the API."""
        return f"/instagram-accounts/{self.account_id}/flows"

    def body(self, overwrite: Sequence[str] = ()) -> dict[str, Any]:
        """The files as a request."""
        from core.cli.workspace_files import body_of

        return body_of(self.workspace, self.flows, overwrite)

    def ask(self, what: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        """``plan`` or ``apply``. Raises Refused, with file names in the place of numbers."""
        from core.cli.server import Refused

        try:
            answer: dict[str, Any] = self.server.post(f"{self.path}/{what}", body, **headers)
        except Refused as e:
            raise Refused(_with_files(e.message, body), e.status, e.code, e.details) from None
        return answer


def _with_files(message: str, body: dict[str, Any]) -> str:
    for kind in ("flows", "tests"):
        for n, row in enumerate(body[kind]):
            message = message.replace(f"\n  {kind}.{n}.", f"\n  {row['file']}: ")
    return message


def opened(workspace: Path | None, server: str | None, account: str | None, key_file: Path | None) -> Desk:
    """Reads the workspace and signs in. Raises ClickException for every mistake of a person."""
    from core.cli import server as servers
    from core.cli.workspace_files import flows_of

    where = found(workspace)
    read_ = read(where)
    chosen = replace(read_, server=server or read_.server, account=(account or read_.account).removeprefix("@"))
    flows = flows_of(chosen)
    at = servers.opened(chosen.server, key_file)
    return Desk(chosen, flows, at, *servers.account_of(at, chosen.account))
