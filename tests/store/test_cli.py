"""``instaflow db`` and ``instaflow keys`` as a person types them."""

import base64
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.cli import cli, main
from core.model.errors import InstaFlowError, SchemaBehind
from core.store.keys import load_or_make
from core.store.queries.secrets import reseal
from core.store.sealing import Sealer, new_key
from core.store.store import Store
from core.store.tables import accounts, system
from tests.store.rows import tenant

Invoke = Callable[..., Result]


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Invoke:
    monkeypatch.setenv("INSTAFLOW_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("INSTAFLOW_SECRET_KEY", "s" * 40)

    def run(url: str, *args: str, keys: str | None = base64.b64encode(b"k" * 32).decode()) -> Result:
        monkeypatch.setenv("INSTAFLOW_DATABASE_URL", url)
        if keys is None:
            monkeypatch.delenv("INSTAFLOW_ENCRYPTION_KEYS", raising=False)
        else:
            monkeypatch.setenv("INSTAFLOW_ENCRYPTION_KEYS", keys)
        return CliRunner().invoke(cli, args, standalone_mode=False)

    return run


def test_upgrade_check_backup_restore(blank_url: str, blank_url_like, invoke: Invoke, tmp_path: Path) -> None:
    assert isinstance(invoke(blank_url, "db", "check").exception, SchemaBehind)
    assert "went from empty to" in invoke(blank_url, "db", "upgrade").output
    assert "the schema is at" in invoke(blank_url, "db", "upgrade").output
    tenant(Store(blank_url))
    assert "the invariants hold" in invoke(blank_url, "db", "check", "--deep").output
    file = str(tmp_path / "b.zip")
    done = invoke(blank_url, "db", "backup", file)
    assert done.exception is None and "keep the encryption keys apart" in done.output
    target = blank_url_like(blank_url)
    assert "the invariants hold" in invoke(target, "db", "restore", file).output
    with Store(target).write() as tx:
        tx.exec_driver_sql("DELETE FROM conversation")
        tx.exec_driver_sql("UPDATE flow SET published_version_id = NULL")
    broken = invoke(target, "db", "check", "--deep")
    assert broken.exit_code == 1 and "an active flow has no published version" in broken.output


def test_a_mistake_is_one_sentence(blank_url: str, invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(blank_url, "db", "upgrade")
    with pytest.raises(SystemExit) as stopped:
        main(["db", "backup", "/no/such/folder/b.zip"])
    assert stopped.value.code == 1
    assert capsys.readouterr().err == "instaflow: /no/such/folder/b.zip cannot be used: No such file or directory\n"


def tokens(store: Store) -> dict[str, str]:
    with store.read() as tx:
        rows = tx.execute(accounts.account.select()).mappings()
        return {row["instagram_account_id"]: row["access_token"] for row in rows}


def sealed(store: Store, key: str) -> None:
    for number, (account_id, _) in enumerate(tokens(store).items()):
        with store.write() as tx:
            tx.execute(
                accounts.account.update()
                .where(accounts.account.c.instagram_account_id == account_id)
                .values(access_token=Sealer([key]).seal(f"token {number}", account_id))
            )


def test_rotate_with_keys_from_the_environment(store: Store, invoke: Invoke) -> None:
    tenant(store)
    old, new = new_key(), new_key()
    sealed(store, old)
    assert (
        invoke(store.url, "keys", "rotate", keys=f"{new},{old}").output == "1 secrets are sealed with the newest key\n"
    )
    [(account_id, token)] = tokens(store).items()
    assert Sealer([new]).open(token, account_id) == "token 0"
    assert (
        invoke(store.url, "keys", "rotate", keys=f"{new},{old}").output == "0 secrets are sealed with the newest key\n"
    )


def test_rotate_with_keys_in_the_data_folder(sqlite_url: str, invoke: Invoke, tmp_path: Path) -> None:
    store = Store(sqlite_url)
    tenant(store)
    os.mkdir(tmp_path / "data")
    old = load_or_make(tmp_path / "data").encryption_keys
    sealed(store, old[0])
    assert invoke(sqlite_url, "keys", "rotate", keys=None).exception is None
    new = load_or_make(tmp_path / "data").encryption_keys
    assert new[1:] == old
    [(account_id, token)] = tokens(store).items()
    assert Sealer(new[:1]).open(token, account_id) == "token 0"


def test_keys_in_the_data_folder_are_not_rotated_while_it_runs(sqlite_url: str, invoke: Invoke, tmp_path: Path) -> None:
    from core.clock import SystemClock

    with Store(sqlite_url).write() as tx:
        tx.execute(system.heartbeat.insert().values(process="w1", kind="worker", at=SystemClock().real(), data={}))
    done = invoke(sqlite_url, "keys", "rotate", keys=None)
    assert isinstance(done.exception, InstaFlowError) and "is running (worker): stop it" in str(done.exception)


def test_many_accounts_are_sealed_anew(store: Store) -> None:
    for number in range(3):
        tenant(store, f"{number}@example.org")
    old, new = new_key(), new_key()
    sealed(store, old)
    assert reseal(store, Sealer([new, old])) == 3
    assert all(Sealer([new]).newest(token) for token in tokens(store).values())
