"""The schema's history: up and down with rows in the tables, on both stores, and equal to the tables in the code."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from core.model.errors import SchemaBehind
from core.store.migrate import check, downgrade, revision, upgrade
from core.store.migrations import HEAD, run
from core.store.store import Store
from core.store.tables import accounts, contacts, flows, metadata
from tests.store.rows import event, send, tenant
from tests.store.rows import run as run_row

REVISIONS = [script.revision for script in run.history().walk_revisions()][::-1]


def rows(store: Store) -> dict[str, int]:
    names = set(inspect(store.engine).get_table_names())
    with store.read() as tx:
        return {
            t.name: tx.scalar(select(func.count()).select_from(t)) or 0
            for t in metadata.sorted_tables
            if t.name in names
        }


def test_history_is_one_line_that_ends_at_head() -> None:
    assert run.history().get_heads() == [HEAD]
    assert sorted(REVISIONS) == REVISIONS
    assert len(run.history().get_bases()) == 1


def test_migrations_make_the_tables_of_the_code(blank_url: str) -> None:
    upgrade(blank_url)
    assert run.missing(blank_url) == "", "write a new revision in core/store/migrations/versions with these operations"


def test_up_and_down_with_rows_in_the_tables(blank_url: str) -> None:
    upgrade(blank_url)
    store = Store(blank_url)
    ids = tenant(store)
    run_row(store, ids)
    send(store, ids, event(store, ids, "a"))
    before = rows(store)
    for index in range(len(REVISIONS) - 1, 0, -1):
        downgrade(blank_url, REVISIONS[index - 1])
        assert {k: v for k, v in before.items() if k in rows(store)} == rows(store)
    upgrade(blank_url)
    after = rows(store)
    assert set(after) == set(before)
    assert after["user"] == before["user"] == 1
    assert run.missing(blank_url) == ""
    downgrade(blank_url)
    assert inspect(store.engine).get_table_names() == ["alembic_version"]
    upgrade(blank_url)
    assert rows(store) == dict.fromkeys(before, 0)


def test_migrating_a_parent_keeps_its_children_on_sqlite(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    tenant(store)
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    with run.engine(sqlite_url).begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("user", recreate="always") as batch:
            batch.drop_column("token_version")
    for table in (accounts.account, flows.flow, contacts.contact):
        assert rows(store)[table.name] == 1


def test_check_says_what_to_do(blank_url: str) -> None:
    with pytest.raises(SchemaBehind, match="is empty: run 'instaflow db upgrade'"):
        check(blank_url)
    upgrade(blank_url, REVISIONS[0])
    with pytest.raises(SchemaBehind, match=f"at revision {REVISIONS[0]}, this program needs {HEAD}"):
        check(blank_url)
    upgrade(blank_url)
    check(blank_url)
    with Store(blank_url).write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for ask in (check, upgrade):
        with pytest.raises(SchemaBehind, match="newer than this program"):
            ask(blank_url)


def test_a_failing_migration_leaves_nothing_behind(blank_url: str) -> None:
    with Store(blank_url).engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE lane (a INTEGER)")
    with pytest.raises(Exception, match="lane"):
        upgrade(blank_url)
    assert inspect(Store(blank_url).engine).get_table_names() == ["lane"]
    assert revision(blank_url) is None


def test_two_processes_may_upgrade_at_once(blank_url: str) -> None:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            upgrade(blank_url)
        except BaseException as e:
            failed.append(e)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    check(blank_url)


def test_an_up_to_date_check_needs_no_alembic(sqlite_url: str) -> None:
    code = (
        "import sys; from core.store.migrate import check, upgrade; check(sys.argv[1]); upgrade(sys.argv[1]);"
        "sys.exit('alembic' in sys.modules or 'sqlalchemy' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code, sqlite_url], cwd=root, check=False).returncode == 0
