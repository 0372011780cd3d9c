"""A backup taken while others write restores to one consistent moment."""

import stat
import threading
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest
from sqlalchemy import func, select

from core.model.errors import BackupError
from core.store.backup import backup, restore
from core.store.invariants import violations
from core.store.migrate import check, downgrade
from core.store.store import Store
from core.store.tables import contacts, metadata, runtime
from tests.store.rows import T0, event, run, send, tenant


def contents(store: Store) -> dict[str, list[tuple]]:
    with store.read() as tx:
        return {t.name: sorted(map(repr, tx.execute(select(t)))) for t in metadata.sorted_tables}


@contextmanager
def writers(store: Store, ids: dict[str, str], number: int = 3) -> Iterator[threading.Event]:
    """Threads that take events, answer them and finish them until the context ends; the event says that they are at it."""
    stop, busy = threading.Event(), threading.Event()

    def work() -> None:
        while not stop.is_set():
            done = event(store, ids, uuid.uuid4().hex)
            send(store, ids, done)
            send(store, ids, done, status="queued", state="queued", done_at=None)
            busy.set()
        store.db.close()

    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield busy
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_every_row_comes_back(store: Store, blank_url_like, tmp_path: Path) -> None:
    ids = tenant(store)
    run(store, ids)
    send(store, ids, event(store, ids, "a\tb\nc\\d é 🙂"))
    manifest = backup(store.url, tmp_path / "b.zip", T0)
    target = blank_url_like(store.url)
    assert restore(target, tmp_path / "b.zip") == []
    assert contents(Store(target)) == contents(store)
    assert manifest.rows > 8
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.glob(".b.zip*")] == []


def test_new_rows_get_new_ids_after_a_restore(store: Store, blank_url_like, tmp_path: Path) -> None:
    ids = tenant(store)
    last = event(store, ids, "a")
    backup(store.url, tmp_path / "b.zip", T0)
    target = Store(blank_url_like(store.url))
    restore(target.url, tmp_path / "b.zip")
    assert event(target, ids, "b") > last


def test_backup_under_load_is_one_moment(store: Store, blank_url_like, tmp_path: Path) -> None:
    ids = tenant(store)
    with writers(store, ids) as busy:
        assert busy.wait(30)
        backup(store.url, tmp_path / "b.zip", T0)
    target = Store(blank_url_like(store.url))
    assert restore(target.url, tmp_path / "b.zip") == []
    with target.read() as tx:
        events = tx.scalar(select(func.count()).select_from(runtime.inbound_event))
        calls = tx.scalar(select(func.count()).select_from(runtime.outbox))
    assert events and calls
    assert violations(store) == []


def test_restores_an_older_schema(store: Store, blank_url_like, tmp_path: Path) -> None:
    older = blank_url_like(store.url)
    backup(store.url, tmp_path / "new.zip", T0)
    restore(older, tmp_path / "new.zip")
    downgrade(older, "0004")
    backup(older, tmp_path / "old.zip", T0)
    target = blank_url_like(store.url)
    assert restore(target, tmp_path / "old.zip") == []
    check(target)


def test_refuses_what_is_not_empty(store: Store, tmp_path: Path) -> None:
    tenant(store)
    backup(store.url, tmp_path / "b.zip", T0)
    with pytest.raises(BackupError, match="not empty"):
        restore(store.url, tmp_path / "b.zip")
    with pytest.raises(BackupError, match="exists already"):
        backup(store.url, tmp_path / "b.zip", T0)


def test_refuses_an_empty_database(blank_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="nothing to back up"):
        backup(blank_url, tmp_path / "b.zip", T0)


def test_says_what_is_wrong_with_the_file(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(b"no zip")
    with pytest.raises(BackupError, match="not a backup, or is damaged"):
        restore(store.url, path)
    path.unlink()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other", b"")
    with pytest.raises(BackupError, match="not a backup of InstaFlow"):
        restore(store.url, path)
    other = "postgresql" if store.kind == "sqlite" else "sqlite"
    for change, said in (({"kind": other}, f"backup of {other}"), ({"revision": "9999"}, "newer than this program")):
        fields = {"kind": store.kind, "revision": "0001", "made_at": 0, "program": "0001", "format": 1, **change}
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("manifest.json", orjson.dumps(fields))
        with pytest.raises(BackupError, match=said):
            restore(store.url, path)
    with pytest.raises(BackupError, match="cannot be used"):
        backup(store.url, tmp_path / "no folder" / "b.zip", T0)


def test_no_row_of_a_refused_restore_stays(store: Store, blank_url_like, tmp_path: Path) -> None:
    tenant(store)
    whole, damaged = tmp_path / "b.zip", tmp_path / "damaged.zip"
    backup(store.url, whole, T0)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data if name == "manifest.json" else data[: len(data) // 2])
    url = blank_url_like(store.url)
    with pytest.raises(BackupError):
        restore(url, damaged)
    restore(url, whole)
    with Store(url).read() as tx:
        assert tx.scalar(select(func.count()).select_from(contacts.contact)) == 1
