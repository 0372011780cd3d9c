"""Settings from the environment (and a .env file), checked at start, all problems at once, secrets masked when printed."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The installation's settings; ``core.settings.load`` reads them. Names and meanings: docs/reference/settings.md."""

    data_dir: Path
    database_url: str
    queue_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    secret_key: str = field(default="", repr=False)
    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    meta_app_id: str = ""
    meta_app_secrets: tuple[str, ...] = field(default=(), repr=False)
    meta_verify_token: str = field(default="", repr=False)
    meta_login: str = "instagram"
    graph_url: str = "https://graph.instagram.com"
    graph_url_facebook: str = "https://graph.facebook.com"
    graph_version: str = "v26.0"
    allow_private_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    sentry_dsn: str = field(default="", repr=False)
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
