"""Statements sent together: in order, all or none, their answers at the end."""

from typing import Any

import pytest
from psycopg.errors import ProgramLimitExceeded

from core.store.store import Store


def test_order_answers_and_rows(store: Store) -> None:
    """The lane of an account does not exist: nothing is touched; then it does."""
    row = ("worker", "kind", 1, "{}")
    with store.db.write() as tx, tx.together() as batch:
        none = batch.update("heartbeat", ("process",), ("at",), [(2, "worker")])
        empty = batch.insert("heartbeat", ("process", "kind", "at", "data"), [])
        made = batch.insert("heartbeat", ("process", "kind", "at", "data"), [row, ("other", "kind", 1, "{}")])
        again = batch.insert("heartbeat", ("process", "kind", "at", "data"), [row], "ON CONFLICT DO NOTHING")
        changed = batch.update("heartbeat", ("process",), ("at",), [(3, "worker"), (4, "missing")])
        where, params = batch.within("process", ["other"], "text")
        batch.run(f"UPDATE heartbeat SET at = 5 WHERE {where}", params)
        asked = batch.ask("SELECT process, at FROM heartbeat ORDER BY process")
    assert [p.rowcount for p in (none, empty, made, again, changed)] == [0, 0, 2, 0, 1]
    assert [tuple(r) for r in asked.fetchall()] == [("other", 5), ("worker", 3)] and empty.fetchall() == []


def test_an_error_undoes_all_and_the_connection_lives(store: Store) -> None:
    bad: list[tuple[Any, ...]] = [("worker", "kind", None, "{}")]
    with pytest.raises(Exception, match=r"(?i)not.null"), store.db.write() as tx, tx.together() as batch:
        batch.insert("heartbeat", ("process", "kind", "at", "data"), [("a", "kind", 1, "{}")])
        batch.insert("heartbeat", ("process", "kind", "at", "data"), bad)
        batch.insert("heartbeat", ("process", "kind", "at", "data"), [("b", "kind", 1, "{}")])
    with store.db.write() as tx:
        assert tx.one("SELECT count(*) FROM heartbeat") == (0,)
        with tx.together() as batch:
            batch.insert("heartbeat", ("process", "kind", "at", "data"), [("a", "kind", 1, "{}")])
    assert store.db.peek("SELECT count(*) FROM heartbeat") == (1,)


def test_a_statement_beyond_the_servers_limits_is_no_outage(pg_url: str) -> None:
    """It would fail again for ever if it were taken for one."""
    db = Store(pg_url).db
    with pytest.raises(ProgramLimitExceeded), db.write() as tx:
        tx.one("SELECT length(repeat('xxxxxxxxxx', 200000000))")
    assert db.peek("SELECT 1") == (1,)
    db.close()
