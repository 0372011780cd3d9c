"""What every test may ask for: databases of both kinds (migrated, empty), Redis, a clock, golden files."""

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from core.store.migrate import upgrade
from core.store.store import Store
from core.testing.clock import FixedClock
from core.testing.servers import Server, ServerFailed, postgres, redis

HERE = Path(__file__).parent
KINDS = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-golden`` rewrites the golden files; read the diff."""
    parser.addoption("--update-golden", action="store_true", help="write what the code says now into the golden files")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Any], None]:
    """``golden(name, value)`` compares a JSON value with tests/golden/<name>.json."""

    def compare(name: str, value: Any) -> None:
        path = HERE / "golden" / f"{name}.json"
        text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert path.exists(), f"there is no {path.relative_to(HERE)}: run pytest --update-golden and read the diff"
        assert json.loads(text) == json.loads(path.read_text())

    return compare


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still at the first of January 2026, 00:00 UTC, until it is moved."""
    return FixedClock()


@contextmanager
def _or_fail() -> Iterator[None]:
    try:
        yield
    except ServerFailed as e:
        pytest.fail(str(e), pytrace=False)


@pytest.fixture(scope="session")
def pg_server() -> Iterator[Server]:
    """One PostgreSQL for this test process, not durable (its data is thrown away)."""
    with _or_fail(), postgres(fsync=False, synchronous_commit=False) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    """One Redis for this test process, in memory only."""
    with _or_fail(), redis(appendonly=False) as server:
        yield server


def _execute(server: Server, sql: str) -> None:
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql)


def _database(server: Server, name: str) -> str:
    return make_url(server.url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _made(server: Server, template: str) -> Iterator[str]:
    name = f"t_{uuid.uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    url = _database(server, name)
    try:
        yield url
    finally:
        Store(url).dispose()
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def pg_template(pg_server: Server) -> str:
    """The name of a migrated, empty database to copy."""
    _execute(pg_server, "CREATE DATABASE migrated")
    url = _database(pg_server, "migrated")
    upgrade(url)
    Store(url).dispose()
    return "migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    url = f"sqlite:///{path}"
    upgrade(url)
    store = Store(url)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.dispose()
    return path


@contextmanager
def fresh_url(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """For fixtures of the whole session: the URL of a migrated, empty database; ``request.param`` = its kind."""
    if request.param == "postgresql":
        with _made(request.getfixturevalue("pg_server"), request.getfixturevalue("pg_template")) as url:
            yield url
        return
    path = folder / "instaflow.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    yield f"sqlite:///{path}"


@pytest.fixture
def pg_url(pg_server: Server, pg_template: str) -> Iterator[str]:
    """The URL of a migrated, empty PostgreSQL database of this test's own."""
    with _made(pg_server, pg_template) as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty SQLite database of this test's own."""
    path = tmp_path / "instaflow.db"
    shutil.copyfile(sqlite_template, path)
    url = f"sqlite:///{path}"
    yield url
    Store(url).dispose()


@pytest.fixture(params=KINDS)
def db_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database, once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "pg_url")
    return url


@pytest.fixture
def store(db_url: str) -> Store:
    """The store of ``db_url``."""
    return Store(db_url)


@pytest.fixture(params=KINDS)
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        with _made(request.getfixturevalue("pg_server"), "template0") as url:
            yield url
        return
    url = f"sqlite:///{tmp_path / 'blank.db'}"
    yield url
    Store(url).dispose()


@pytest.fixture
def blank_url_like(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """``blank_url_like(url)`` answers the URL of one more database of that kind, without any table."""
    with ExitStack() as stack:

        def make(url: str) -> str:
            if url.startswith("postgresql"):
                return stack.enter_context(_made(request.getfixturevalue("pg_server"), "template0"))
            made = f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
            stack.callback(lambda: Store(made).dispose())
            return made

        yield make


@pytest.fixture
def redis_url(redis_server: Server) -> Iterator[str]:
    """The URL of an empty Redis."""
    import redis as client

    with client.from_url(redis_server.url) as connection:
        connection.flushall()
    yield redis_server.url
