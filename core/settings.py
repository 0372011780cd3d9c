"""Settings from the environment (and a .env file), checked at start, all problems at once, secrets masked when printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.model.errors import SettingsError

PREFIX = "INSTAFLOW_"
GRAPH = "https://graph.instagram.com"
GRAPH_FACEBOOK = "https://graph.facebook.com"


def _secret() -> Any:
    return field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The installation's settings; names and meanings stand in ``core.settings_read.TABLE`` and docs/reference/settings.md.

    ``meta_app_secrets``, ``encryption_keys``, ``allow_private_hosts`` and ``plugins_off`` are tuples; times are seconds; ``send_rate`` is text
    sends a second and account, 0 = no cap. Secrets do not appear in ``repr``.
    """

    data_dir: Path
    database_url: str
    queue_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    secret_key: str = _secret()
    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    meta_app_id: str = ""
    meta_app_secrets: tuple[str, ...] = field(default=(), repr=False)
    meta_verify_token: str = _secret()
    meta_login: str = "instagram"
    graph_url: str = GRAPH
    graph_url_facebook: str = GRAPH_FACEBOOK
    graph_version: str = "v26.0"
    allow_private_hosts: tuple[str, ...] = ()
    plugins_off: tuple[str, ...] = ()
    trusted_proxies: int = 0
    sentry_dsn: str = _secret()
    mail_url: str = "console:"
    media_url: str = ""
    send_rate: int = 100
    lease_seconds: float = 30.0
    settle_grace_seconds: float = 60.0
    clock_url: str = ""
    rate_limits: bool = True
    registration: str = "open"
    log_level: str = "info"
    log_format: str = "console"

    @property
    def embedded(self) -> bool:
        """True on the embedded default: SQLite, whose data folder may keep the keys."""
        return self.database_url.startswith("sqlite")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings, from ``environ`` or else from the process's environment and ``.env``.

    Makes the data folder, for its owner only; on the embedded default makes the keys that are missing and keeps them there (mode 0600).
    Raises SettingsError with one line for every setting that is missing or malformed.
    """
    from core.settings_read import read

    values, problems = read(environ)
    values = _derived(values)
    problems += _missing(values)
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**_with_keys(values))


def _derived(v: dict[str, Any]) -> dict[str, Any]:
    data = Path(v["data_dir"]).resolve()
    port = v["port"]
    host = f"[{v['host']}]" if ":" in v["host"] else v["host"]
    graph = v["graph_url"] or GRAPH
    return {
        **v,
        "data_dir": data,
        "database_url": v["database_url"] or f"sqlite:///{data}/instaflow.db",
        "queue_url": v["queue_url"] or f"sqlite:///{data}/queue.db",
        "public_url": (
            v["public_url"] or f"http://{'127.0.0.1' if host in ('0.0.0.0', '[::]') else host}:{port}"
        ).rstrip("/"),
        "graph_url": graph.rstrip("/"),
        "graph_url_facebook": (v["graph_url_facebook"] or (graph if v["graph_url"] else GRAPH_FACEBOOK)).rstrip("/"),
        "media_url": v["media_url"] or str(data / "media"),
    }


def _missing(v: dict[str, Any]) -> list[str]:
    problems = []
    if not v["database_url"].startswith("sqlite"):
        problems += [
            f"{PREFIX}{name.upper()} is required when {PREFIX}DATABASE_URL is not SQLite"
            for name in ("secret_key", "encryption_keys")
            if not v[name]
        ]
    if v["secret_key"] and len(v["secret_key"]) < 32:
        problems.append(f"{PREFIX}SECRET_KEY is shorter than 32 characters")
    for name in ("public_url", "graph_url", "graph_url_facebook", "clock_url"):
        parts = urlsplit(v[name])
        if v[name] and (parts.scheme not in ("http", "https") or not parts.netloc):
            problems.append(f"{PREFIX}{name.upper()} '{v[name]}' is not an http or https address")
    return problems


def _with_keys(v: dict[str, Any]) -> dict[str, Any]:
    try:
        v["data_dir"].mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as e:
        raise SettingsError(f"{PREFIX}DATA_DIR: the folder {v['data_dir']} cannot be made ({e.strerror})") from None
    if v["secret_key"] and v["encryption_keys"]:
        return v
    from core.store.keys import load_or_make

    made = load_or_make(v["data_dir"])
    return {
        **v,
        "secret_key": v["secret_key"] or made.secret_key,
        "encryption_keys": v["encryption_keys"] or made.encryption_keys,
    }
