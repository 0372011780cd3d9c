"""A server's API from the command line: signing in, asking, and its refusals as sentences."""

import json
import os
import ssl
import stat
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from core.cli.workspace import unfit

SECONDS = 300
KEYS = ("INSTAFLOW_TOKEN", "INSTAFLOW_EMAIL", "INSTAFLOW_PASSWORD")
KEY_FILE, SERVER = "INSTAFLOW_KEY_FILE", "INSTAFLOW_SERVER"
HOW = "set INSTAFLOW_TOKEN, or INSTAFLOW_EMAIL and INSTAFLOW_PASSWORD, or name a file with one of them by --key-file"


class Refused(click.ClickException):
    """The server said no. ``status``, ``code`` and ``details`` are the API's; status 0 = it was not reached."""

    exit_code = 1

    def __init__(self, message: str, status: int = 0, code: str = "", details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.details = status, code, details or {}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token is not carried to another address."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Server:
    """One server. ``token`` is sent as Bearer and never shown."""

    def __init__(self, address: str, token: str = "") -> None:
        self.address, self._token = address, token
        secure = urllib.request.HTTPSHandler(context=ssl.create_default_context())
        self._opener = urllib.request.build_opener(_NoRedirect, secure)

    def get(self, path: str, **query: Any) -> Any:
        """The answer. Raises Refused."""
        return self._call("GET", path + (f"?{urlencode(query)}" if query else ""), None, {})

    def post(self, path: str, body: Mapping[str, Any], **headers: str) -> Any:
        """The answer. Raises Refused."""
        return self._call("POST", path, body, headers)

    def sign_in(self, email: str, password: str) -> None:
        """Takes a token for the person. Raises Refused."""
        self._token = str(self.post("/auth/login", {"email": email, "password": password})["token"])

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None, more: Mapping[str, str]) -> Any:
        headers = {"Accept": "application/json", "User-Agent": "instaflow", **more}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        asked = urllib.request.Request(f"{self.address}/api/v1{path}", data, headers, method=method)
        try:
            with self._opener.open(asked, timeout=SECONDS) as answer:
                raw = answer.read()
        except urllib.error.HTTPError as e:
            raise _refusal(self.address, e.code, e.read()) from None
        except (OSError, ValueError) as e:
            reason = getattr(e, "reason", None) or e
            raise Refused(f"{self.address} cannot be reached: {reason}") from None
        try:
            return json.loads(raw)
        except ValueError:
            raise Refused(f"{self.address} does not answer as InstaFlow does; is the address right?") from None


def _refusal(address: str, status: int, raw: bytes) -> Refused:
    try:
        told = json.loads(raw)
        code, message, details = str(told["code"]), str(told["message"]), dict(told["details"])
    except (ValueError, KeyError, TypeError):
        return Refused(f"{address} answered with {status}, not as InstaFlow does; is the address right?", status)
    if code == "validation_failed" and details:
        message += "".join(f"\n  {field}: {' '.join(map(str, why))}" for field, why in details.items())
    if status == 401:
        message += f"; {HOW}"
    return Refused(message, status, code, details)


def opened(address: str, key_file: Path | None) -> Server:
    """The server, signed in with what the environment or the key file holds. Raises Refused, ClickException."""
    if not address:
        raise click.ClickException("which server? Write it into instaflow.yaml (server: https://…), or say --server")
    if why := unfit(address):
        raise click.ClickException(why)
    held = _keys(key_file)
    token, email, password = (held.get(name, "") for name in KEYS)
    server = Server(address.rstrip("/"), token)
    if not token:
        if not (email and password):
            raise click.ClickException(f"nobody is signed in: {HOW}")
        server.sign_in(email, password)
    return server


def asked(address: str, path: str) -> Any:
    """The JSON behind one ``GET <address>/api/v1<path>``. Raises Refused, ClickException."""
    return opened(address, None).get(path)


def _keys(file: Path | None) -> Mapping[str, str]:
    named = file or (Path(p) if (p := os.environ.get(KEY_FILE)) else None)
    return _read(named) if named is not None else os.environ


def _read(file: Path) -> Mapping[str, str]:
    """A token alone, or lines NAME=value. Like ssh, it refuses a file that others can read."""
    from io import StringIO

    from dotenv import dotenv_values

    try:
        mode, text = file.stat().st_mode, file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise click.ClickException(f"{file}: {getattr(e, 'strerror', None) or 'it is no text'}") from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise click.ClickException(f"{file}: others can read this key; run 'chmod 600 {file}'")
    lines = text.split()
    if len(lines) == 1 and "=" not in lines[0].rstrip("="):
        return {"INSTAFLOW_TOKEN": lines[0]}
    return {k: v for k, v in dotenv_values(stream=StringIO(text)).items() if v}


def account_of(server: Server, wanted: str) -> tuple[str, str]:
    """(id, user name) of the account with that user name or id; the only one when none is wanted."""
    if not wanted:
        known = server.get("/instagram-accounts", limit=100)
        if len(known) != 1:
            names = ", ".join(f"@{a['instagramUsername']}" for a in known) or "none"
            raise click.ClickException(f"which account? Write it into instaflow.yaml (account: …); there are: {names}")
        return known[0]["instagramAccountId"], known[0]["instagramUsername"] or ""
    page = 1
    while known := server.get("/instagram-accounts", limit=100, page=page):
        for one in known:
            if wanted in (one["instagramAccountId"], one["instagramUsername"]):
                return one["instagramAccountId"], one["instagramUsername"] or ""
        page += 1
    raise click.ClickException(f"{server.address} has no account '{wanted}' that you can reach")
