"""``instaflow keys rotate``: seals every secret anew with the newest key."""

import click

from core.clock import SystemClock
from core.model.errors import InstaFlowError
from core.settings import Settings, load
from core.store.keys import add_key, kept
from core.store.migrate import check
from core.store.queries.secrets import reseal
from core.store.queries.system import alive
from core.store.sealing import Sealer
from core.store.store import Store


@click.group(epilog="Example: instaflow keys rotate")
def command() -> None:
    """Rotate the keys that seal Instagram tokens."""


@command.command(epilog="Example: instaflow keys rotate")
def rotate() -> None:
    """Seal every secret with the newest key. Keys in the data folder: a new one is made first, while InstaFlow is stopped.

    With INSTAFLOW_ENCRYPTION_KEYS: put the new key before the old ones, restart every process, run this, then take the
    old ones away.
    """
    settings = load()
    check(settings.database_url)
    store = Store(settings.database_url)
    done = reseal(store, Sealer(_keys(settings, store)))
    click.echo(f"{done} secrets are sealed with the newest key")


def _keys(settings: Settings, store: Store) -> tuple[str, ...]:
    if settings.encryption_keys != kept(settings.data_dir):
        return settings.encryption_keys
    if running := alive(store, SystemClock().real()):
        raise InstaFlowError(f"InstaFlow is running ({', '.join(running)}): stop it, rotate the keys, start it again")
    return add_key(settings.data_dir).encryption_keys
