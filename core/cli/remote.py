"""What the command line asks of a server's API: one answer, or one sentence why not."""

import json
import os
import urllib.error
import urllib.request
from typing import Any

import click

SERVER, TOKEN = "INSTAFLOW_SERVER", "INSTAFLOW_TOKEN"
SECONDS = 30


def asked(server: str, path: str) -> Any:
    """The JSON behind ``GET <server>/api/v1<path>``, with the access token of INSTAFLOW_TOKEN."""
    if not server.startswith(("http://", "https://")):
        raise click.UsageError(f"{server} is no address; write https://…")
    request = urllib.request.Request(f"{server.rstrip('/')}/api/v1{path}", headers=_headers())
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as e:
        raise click.ClickException(f"{server} answers {e.code}: {_why(e)}") from None
    except (OSError, ValueError) as e:
        raise click.ClickException(f"{server} does not answer: {getattr(e, 'reason', e)}") from None


def _headers() -> dict[str, str]:
    token = os.environ.get(TOKEN, "")
    if not token:
        raise click.ClickException(f"set {TOKEN} to an access token of the server; POST /api/v1/auth/login answers one")
    return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


def _why(e: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(e)["message"])
    except (ValueError, KeyError, TypeError, OSError):
        return e.reason if isinstance(e.reason, str) else "no reason is given"
