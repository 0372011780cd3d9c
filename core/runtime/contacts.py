"""Who wrote: contacts by (account, external id), found or made in the transaction that takes their first event."""

from collections import OrderedDict
from collections.abc import Iterable

from core.store.driver import Tx, Writes
from core.store.ids import new_id

CACHED = 50_000

Key = tuple[str, str]
"""(account id, external id)."""


class ContactCache:
    """The newest contact ids of this process; filled only after a commit."""

    def __init__(self, size: int = CACHED) -> None:
        self._size = size
        self._ids: OrderedDict[Key, str] = OrderedDict()

    def get(self, key: Key) -> str | None:
        """The contact id, when it is known."""
        return self._ids.get(key)

    def put(self, found: dict[Key, str]) -> None:
        """Remembers; the oldest are forgotten beyond the size."""
        self._ids.update(found)
        while len(self._ids) > self._size:
            self._ids.popitem(last=False)


def find(tx: Tx, keys: Iterable[Key]) -> dict[Key, str]:
    """The contacts that exist."""
    found: dict[Key, str] = {}
    by_account: dict[str, list[str]] = {}
    for account_id, external_id in keys:
        by_account.setdefault(account_id, []).append(external_id)
    for account_id, externals in by_account.items():
        where, params = tx.within("external_id", externals, "text")
        sql = f"SELECT external_id, contact_id FROM contact_identity WHERE instagram_account_id = ? AND {where}"
        for external_id, contact_id in tx.all(sql, [account_id, *params]):
            found[account_id, external_id] = contact_id
    return found


def make(tx: Tx, owners: dict[Key, str], now: int) -> dict[Key, str]:
    """New contacts with identity and conversation; ``owners`` = the tenant of each key. Who lost a race against another
    process gets that one's contact."""
    wanted = {key: new_id() for key in sorted(owners)}
    with tx.together() as batch:
        _insert(batch, wanted, owners, now)
        identities = batch.insert(
            "contact_identity",
            ("instagram_account_id", "external_id", "contact_id", "user_id"),
            [(*key, contact_id, owners[key]) for key, contact_id in wanted.items()],
            "ON CONFLICT DO NOTHING",
        )
        batch.insert(
            "conversation",
            (
                "conversation_id",
                "user_id",
                "instagram_account_id",
                "contact_id",
                "started_at",
                "created_at",
                "updated_at",
            ),
            [(new_id(), owners[key], key[0], contact_id, now, now, now) for key, contact_id in wanted.items()],
        )
    if identities.rowcount == len(wanted):
        return wanted
    found = find(tx, wanted)
    where, params = tx.within("contact_id", [id_ for key, id_ in wanted.items() if found[key] != id_])
    tx.run(f"DELETE FROM conversation WHERE {where}", params)
    tx.run(f"DELETE FROM contact WHERE {where}", params)
    return found


def _insert(tx: Writes, wanted: dict[Key, str], owners: dict[Key, str], now: int) -> None:
    tx.insert(
        "contact",
        ("contact_id", "user_id", "instagram_account_id", "instagram_user_id", "created_at", "updated_at"),
        [
            (contact_id, owners[key], key[0], None if key[1].startswith("comment:") else key[1], now, now)
            for key, contact_id in wanted.items()
        ],
    )
