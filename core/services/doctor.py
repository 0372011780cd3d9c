"""What is wrong with this installation, and what to do about it: the findings behind ``instaflow doctor``."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from core.host.registry import Plugin
from core.services.house import House
from core.services.plugins import standing
from core.services.vitals import vitals
from core.store.invariants import violations
from core.store.tables.accounts import account

LOOPBACK = ("127.0.0.1", "localhost", "::1")
OLD_MS = 60_000
WORKER_MS = 15_000
TOKEN_MS = 10 * 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``state`` ok, warning or problem; ``cure`` says what to do, with the command or setting."""

    about: str
    state: str
    says: str
    cure: str = ""

    def as_json(self) -> dict[str, Any]:
        """The shape of ``instaflow doctor --json``."""
        return asdict(self)


def examine(house: House, unusable: str = "") -> list[Finding]:
    """Every finding, in the order in which one would look. ``unusable`` says why the database cannot be asked: then what
    stands in it is left out."""
    before = [
        *_settings(house),
        _disk(house),
        *_plugins(house, house.registry.standing() if unusable else standing(house)),
    ]
    if unusable:
        cure = (
            "instaflow db upgrade" if "db upgrade" in unusable else "look at INSTAFLOW_DATABASE_URL and at the server"
        )
        return [*before, Finding("database", "problem", unusable, cure)]
    return [*before, _database(house), *_running(house), *_accounts(house)]


def _settings(house: House) -> Iterator[Finding]:
    s = house.settings
    public = urlsplit(s.public_url)
    local = public.hostname in LOOPBACK
    yield Finding(
        "settings", "ok", f"read; database {urlsplit(s.database_url).scheme}, queue {urlsplit(s.queue_url).scheme}"
    )
    for name, value, what in (
        ("META_APP_SECRETS", s.meta_app_secrets, "no webhook can be checked, so all are refused"),
        ("META_VERIFY_TOKEN", s.meta_verify_token, "Meta cannot verify the webhook address"),
        ("META_APP_ID", s.meta_app_id, "accounts cannot be connected by login"),
    ):
        if not value:
            yield Finding(
                "Meta app", "problem", f"INSTAFLOW_{name} is not set: {what}", "docs/how-to/connect-instagram.md"
            )
    if local:
        yield Finding(
            "public address",
            "warning",
            f"{s.public_url} is this machine only: Meta cannot reach it",
            "set INSTAFLOW_PUBLIC_URL to an https address",
        )
    elif public.scheme != "https":
        yield Finding(
            "public address",
            "problem",
            f"{s.public_url} is not https: Meta refuses it and sign-in is not safe",
            "put a TLS proxy in front",
        )
    if not local and s.registration == "open":
        yield Finding(
            "registration",
            "warning",
            "anybody who finds the address may register",
            "INSTAFLOW_REGISTRATION=invitation or closed",
        )


def _disk(house: House) -> Finding:
    free = shutil.disk_usage(house.settings.data_dir).free
    state = "ok" if free > 2**30 else "problem"
    return Finding(
        "disk",
        state,
        f"{free / 2**30:.1f} GiB free in {house.settings.data_dir}",
        "" if state == "ok" else "make room: webhooks are refused when the disk is full",
    )


def _database(house: House) -> Finding:
    broken = violations(house.store)
    return Finding(
        "database",
        "problem" if broken else "ok",
        "; ".join(broken[:5]) or "schema and invariants are in order",
        "keep a backup and report it" if broken else "",
    )


def _running(house: House) -> Iterator[Finding]:
    v = vitals(house.store, house.clock.now(), house.clock.real())
    if v.worker_age is None or v.worker_age > WORKER_MS:
        age = "never seen" if v.worker_age is None else f"last seen {v.worker_age // 1000} s ago"
        yield Finding("worker", "problem", f"no worker is alive ({age})", "instaflow run, or instaflow worker")
    else:
        yield Finding("worker", "ok", "alive")
    queues: tuple[tuple[str, int, int], ...] = (
        ("inbox", v.inbox_count, v.inbox_age),
        ("outbox", v.outbox_count, v.outbox_age),
    )
    for where, waiting, oldest in queues:
        late = oldest > OLD_MS
        yield Finding(
            where,
            "warning" if late else "ok",
            f"{waiting} wait, the oldest for {oldest // 1000} s",
            "more workers, or look at their log" if late else "",
        )
    for about, count, cure in (
        ("unknown sends", v.ambiguous, "they settle by echo or look-up; if not, an account's token may be dead"),
        ("sends to review", v.review, "a person decides in the inbox: sent or not"),
        (
            "dead letters",
            v.dead_letters,
            "each one left a stopped run: mend the flow or plugin, then POST /api/v1/runs/{id}/retry",
        ),
        ("events without a mailbox", v.orphans, "the sweep repairs them; report it if the number stays"),
    ):
        yield Finding(about, "warning" if count else "ok", str(count), cure if count else "")


def _accounts(house: House) -> Iterator[Finding]:
    a = account.c
    with house.store.read() as tx:
        rows = tx.execute(
            select(a.instagram_username, a.status, a.status_reason, a.token_expires_at).where(
                a.status != "disconnected"
            )
        ).all()
    if not rows:
        yield Finding("accounts", "warning", "no Instagram account is connected", "docs/how-to/connect-instagram.md")
    for name, status, reason, expires in rows:
        if status == "error":
            yield Finding(
                f"@{name}",
                "problem",
                f"cannot send: {reason or 'unknown reason'}",
                "connect the account again; nothing is lost",
            )
        elif expires is not None and expires - house.clock.real() < TOKEN_MS:
            yield Finding(
                f"@{name}",
                "warning",
                "its token expires within ten days",
                "it is refreshed by itself; connect again if this stays",
            )
        else:
            yield Finding(f"@{name}", "ok", "connected")


def _plugins(house: House, plugins: list[Plugin]) -> Iterator[Finding]:
    for note in house.registry.notes:
        yield Finding("plugins", "warning", note, "look at the environment")
    for plugin in plugins:
        names = ", ".join(house.registry.setting_names(plugin.name))
        if plugin.version and not plugin.problem:
            yield Finding(
                f"plugin {plugin.name}", "ok", f"version {plugin.version}" + (f"; settings {names}" if names else "")
            )
        if plugin.problem:
            yield Finding(
                f"plugin {plugin.name}", "problem", plugin.problem, "upgrade or remove it; the others work without it"
            )
