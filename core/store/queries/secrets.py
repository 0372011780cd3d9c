"""Every sealed column, and sealing them anew with the newest key."""

from sqlalchemy import select, update

from core.store.sealing import Sealer
from core.store.store import Store
from core.store.tables.accounts import account

SEALED = ((account, account.c.instagram_account_id, account.c.access_token),)
"""(table, the column whose value is the associated data, the sealed column)."""

BATCH = 200


def reseal(store: Store, sealer: Sealer) -> int:
    """Seals what an older key sealed with the newest one; answers how many. A token that changed meanwhile is let be.

    Raises Unsealable when a key is missing; what was done until then stays done.
    """
    return sum(_column(store, sealer, index) for index in range(len(SEALED)))


def _column(store: Store, sealer: Sealer, index: int) -> int:
    table, key, column = SEALED[index]
    done, after = 0, ""
    while True:
        with store.write() as tx:
            wanted = select(key, column).where(column.is_not(None)).order_by(key).limit(BATCH)
            rows = tx.execute(wanted.where(key > after) if after else wanted).all()
            if not rows:
                return done
            after = rows[-1][0]
            for row_id, sealed in rows:
                if not sealer.newest(sealed):
                    anew = sealer.seal(sealer.open(sealed, row_id), row_id)
                    done += tx.execute(
                        update(table).where(key == row_id, column == sealed).values({column.name: anew})
                    ).rowcount
