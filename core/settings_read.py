"""Reading the settings from the environment, by one table that the documentation is made from as well."""

import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from core.model.near import near

PREFIX = "INSTAFLOW_"


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting: how its text becomes a value (raising ValueError with what is wanted), its default and its meaning."""

    name: str
    parse: Callable[[str], Any]
    default: Any
    meaning: str
    shown: str = ""
    secret: bool = False


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.strip().isascii() or not text.strip().isdigit() or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.05 <= value <= 86400:
        raise ValueError("a number of seconds from 0.05 to 86400")
    return value


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.strip().lower() not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return text.strip().lower()

    return parse


def _on_off(text: str) -> bool:
    return _one_of("on", "off")(text) == "on"


def _words(text: str) -> tuple[str, ...]:
    return tuple(w.strip() for w in text.split(",") if w.strip())


def _keys(text: str) -> tuple[str, ...]:
    keys = _words(text)
    for key in keys:
        try:
            size = len(base64.b64decode(key, validate=True))
        except ValueError:
            size = 0
        if size != 32:
            raise ValueError("comma-separated base64 keys of 32 bytes each")
    return keys


def _queue(text: str) -> str:
    kinds = ("memory://", "sqlite:///", "redis://", "rediss://", "unix://", "postgresql://")
    if not text.startswith(kinds):
        raise ValueError(f"an address that begins with one of {', '.join(kinds)}")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError("an address whose port is a number") from None
    if parts.scheme == "sqlite" and not parts.path.strip("/"):
        raise ValueError("the path of a file: sqlite:///relative or sqlite:////absolute")
    needed = {"redis": "redis", "rediss": "redis", "unix": "redis", "postgresql": "psycopg"}.get(parts.scheme)
    if needed and find_spec(needed) is None:
        raise ValueError(f"one whose package is installed: 'instaflow[{EXTRAS[needed]}]' brings {needed}")
    return text


EXTRAS = {"redis": "redis", "psycopg": "postgres"}


def _database(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("sqlite:///relative, sqlite:////absolute or postgresql://user@host/database")
    return text


TABLE: tuple[Entry, ...] = (
    Entry("data_dir", str, "./data", "Folder where the embedded default keeps its files", "./data"),
    Entry(
        "database_url", _database, "", "Database address: sqlite:/// or postgresql://", "SQLite file in the data folder"
    ),
    Entry(
        "queue_url",
        _queue,
        "",
        "Queue address: memory://, sqlite:///, redis://, rediss://, unix://, postgresql://",
        "SQLite file in the data folder",
    ),
    Entry("host", str, "127.0.0.1", "Address that the web process listens on"),
    Entry("port", _whole(0, 65535), 8000, "Port that the web process listens on"),
    Entry("public_url", str, "", "Address that Meta and browsers use", "from host and port"),
    Entry(
        "secret_key", str, "", "Signs access tokens, at least 32 characters", "made and kept in the data folder", True
    ),
    Entry(
        "encryption_keys",
        _keys,
        (),
        "Base64 keys of 32 bytes that seal Instagram tokens, newest first",
        "made and kept in the data folder",
        True,
    ),
    Entry("meta_app_id", str, "", "The Meta app's id"),
    Entry(
        "meta_app_secrets",
        _words,
        (),
        "The Meta app's secrets; any of them may sign a webhook",
        "none: webhooks are refused",
        True,
    ),
    Entry("meta_verify_token", str, "", "The word that Meta sends when it verifies the webhook address", "none", True),
    Entry("meta_login", _one_of("instagram", "facebook"), "instagram", "The login that new accounts use"),
    Entry(
        "graph_url",
        str,
        "",
        "Base of the Graph API for Instagram Login, without the version",
        "https://graph.instagram.com",
    ),
    Entry(
        "graph_url_facebook",
        str,
        "",
        "Base of the Graph API for Facebook Login",
        "https://graph.facebook.com, or graph_url when that is set",
    ),
    Entry("graph_version", str, "v26.0", "Version of the Graph API"),
    Entry(
        "allow_private_hosts", _words, (), "host or host:port that outgoing calls may reach although private", "none"
    ),
    Entry("plugins_off", _words, (), "Names of plugins to leave out, as 'instaflow plugin list' names them", "none"),
    Entry("trusted_proxies", _whole(0, 8), 0, "Number of proxies whose X-Forwarded headers are believed"),
    Entry("sentry_dsn", str, "", "Where errors are reported", "off", True),
    Entry("mail_url", str, "console:", "console:, file:<folder> or smtp://user:password@host:port", "console:", True),
    Entry("media_url", str, "", "Folder or s3:// address of uploaded media", "media in the data folder"),
    Entry("send_rate", _whole(0, 10000), 100, "Text sends a second and account; 0 = no cap"),
    Entry("lease_seconds", _seconds, 30.0, "How long a worker may hold a message it is sending"),
    Entry("settle_grace_seconds", _seconds, 60.0, "How long after the lease an unknown send is looked up"),
    Entry("clock_url", str, "", "Where the demo and tests keep the clock's offset", "none"),
    Entry("rate_limits", _on_off, True, "The API's own rate limits: on or off", "on"),
    Entry(
        "registration", _one_of("open", "invitation", "closed"), "open", "Who may register: open, invitation, closed"
    ),
    Entry(
        "log_level",
        _one_of("debug", "info", "warning", "error", "fatal"),
        "info",
        "debug, info, warning, error or fatal",
    ),
    Entry("log_format", _one_of("console", "json"), "console", "console or json"),
)


def read(environ: Mapping[str, str] | None) -> tuple[dict[str, Any], list[str]]:
    """Field name -> value, and a sentence for every setting that is malformed or unknown."""
    if environ is None:
        environ = environment()
    values: dict[str, Any] = {}
    problems: list[str] = []
    for entry in TABLE:
        text = environ.get(PREFIX + entry.name.upper(), "")
        try:
            values[entry.name] = entry.parse(text) if text else entry.default
        except ValueError as e:
            values[entry.name] = entry.default
            got = "" if entry.secret or "@" in text else f" '{text}'"  # addresses hold passwords
            problems.append(f"{PREFIX}{entry.name.upper()}{got} must be {e}")
    return values, problems + _unknown(environ)


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = [PREFIX + e.name.upper() for e in TABLE]
    others = [name for name in sorted(environ) if name.startswith(PREFIX) and name not in known]
    others = [name for name in others if not name.startswith((f"{PREFIX}STRIPE_", f"{PREFIX}TEST_"))]
    if others:
        from core.host.own_settings import installed_prefixes

        others = [name for name in others if not name.startswith(installed_prefixes())]
    problems = []
    for name in others:
        better = near(name, known)
        problems.append(f"{name} is not a setting" + (f"; did you mean {better}?" if better else ""))
    return problems


def environment() -> dict[str, str]:
    """The process's environment over the ``.env`` file of the working folder."""
    return {**_dotenv(), **os.environ}


def _dotenv() -> dict[str, str]:
    if not os.path.exists(".env"):
        return {}
    from dotenv import dotenv_values

    return {k: v or "" for k, v in dotenv_values(".env").items()}
