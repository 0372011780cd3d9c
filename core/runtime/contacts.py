"""Who wrote: contacts by (account, external id), found or made in the transaction that takes their first event."""

from collections import OrderedDict
from collections.abc import Iterable

from core.store.driver import Tx
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
    _insert(tx, wanted, owners, now)
    made = {
        (account_id, external_id)
        for account_id, external_id in tx.insert_returning(
            "contact_identity",
            ("instagram_account_id", "external_id", "contact_id", "user_id"),
            [(*key, contact_id, owners[key]) for key, contact_id in wanted.items()],
            "instagram_account_id, external_id",
            "ON CONFLICT DO NOTHING",
        )
    }
    lost = [key for key in wanted if key not in made]
    if lost:
        where, params = tx.within("contact_id", [wanted.pop(key) for key in lost])
        tx.run(f"DELETE FROM contact WHERE {where}", params)
        wanted.update(find(tx, lost))
    tx.insert(
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
        [(new_id(), owners[key], key[0], wanted[key], now, now, now) for key in made],
    )
    return wanted


def _insert(tx: Tx, wanted: dict[Key, str], owners: dict[Key, str], now: int) -> None:
    tx.insert(
        "contact",
        ("contact_id", "user_id", "instagram_account_id", "instagram_user_id", "created_at", "updated_at"),
        [
            (contact_id, owners[key], key[0], None if key[1].startswith("comment:") else key[1], now, now)
            for key, contact_id in wanted.items()
        ],
    )
