"""The databases that tests are given: of both kinds, migrated, empty, separate."""

import pytest
from sqlalchemy import func, select

from core.store.ids import new_id
from core.store.migrate import check
from core.store.store import Store
from core.store.tables import people


@pytest.mark.parametrize("round", [1, 2])
def test_store_is_migrated_and_empty(store: Store, round: int) -> None:
    check(store.url)
    with store.write() as tx:
        assert tx.scalar(select(func.count()).select_from(people.user)) == 0
        tx.execute(
            people.user.insert().values(
                user_id=new_id(), email="a@example.org", password_hash="-", created_at=round, updated_at=round
            )
        )


def test_redis_is_empty(redis_url: str) -> None:
    import redis

    with redis.from_url(redis_url) as connection:
        assert connection.dbsize() == 0
        connection.set("a", "b")


def test_golden_compares(golden) -> None:
    golden("store/example", {"b": [1, "é"], "a": None})
