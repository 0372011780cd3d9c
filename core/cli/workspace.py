"""``instaflow.yaml``: which server and account a folder of flows belongs to, and where its flows, tests and translations are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from core.cli.flow_files import at
from core.model.near import near

if TYPE_CHECKING:
    from core.lang.report import Locate, Place

NAME = "instaflow.yaml"
LISTS = ("flows", "tests", "locales")
KEYS = ("server", "account", "workspace", *LISTS, "tags")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,98}\Z")


@dataclass(frozen=True, slots=True)
class Workspace:
    """``root`` = the folder of the file. ``account`` = a user name or an id. ``flows``, ``tests`` and ``locales`` = folders and files
    as they were written, from the root. ``tags`` = those that people and imports set; None = nobody has written them down."""

    root: Path
    server: str = ""
    account: str = ""
    name: str = "default"
    flows: tuple[Path, ...] = (Path("flows"),)
    tests: tuple[Path, ...] = ()
    locales: tuple[Path, ...] = ()
    tags: tuple[str, ...] | None = None


class Wrong(click.ClickException):
    """The file has mistakes: a line for each. Exit status 1."""

    exit_code = 1


def found(file: Path | None) -> Path:
    """The workspace file: the one that is named, else the nearest one from here upwards."""
    if file is not None:
        return file / NAME if file.is_dir() else file
    if (nearest := above(Path.cwd())) is not None:
        return nearest
    raise Wrong(f"there is no {NAME} here; it names server and account, see 'instaflow plan --help'")


def above(folder: Path) -> Path | None:
    """The workspace file of a folder: in it, or in the nearest one above."""
    here = folder.resolve()
    return next((f / NAME for f in (here, *here.parents) if (f / NAME).is_file()), None)


def read(file: Path) -> Workspace:
    """Reads the file. Raises Wrong with every mistake and its line."""
    from core.lang.reading.source import decoded
    from core.lang.reading.unreadable import Unreadable
    from core.lang.reading.yaml_text import read_yaml
    from core.model.limits import SOURCE_BYTES_YAML

    try:
        data, locate = read_yaml(decoded(file.read_bytes(), SOURCE_BYTES_YAML))
    except OSError as e:
        raise Wrong(f"{file}: {e.strerror or e}") from None
    except Unreadable as e:
        raise Wrong(f"{file}{at(e.span)}: {e.message}" + (f" ({e.hint})" if e.hint else "")) from None
    reader = _Reader(file, locate)
    made = reader.workspace(data)
    if reader.problems:
        raise Wrong("\n".join(reader.problems))
    return made


class _Reader:
    def __init__(self, file: Path, locate: "Locate") -> None:
        self._file, self._locate = file, locate
        self.problems: list[str] = []

    def wrong(self, message: str, place: "Place") -> None:
        """One more mistake."""
        self.problems.append(f"{self._file}{at(self._locate(place))}: {message}")

    def workspace(self, data: Any) -> Workspace:
        """What can be used of it."""
        root = self._file.parent
        if not isinstance(data, Mapping):
            self.wrong("a workspace has keys, such as server: https://flows.example.org", ())
            return Workspace(root)
        for key in data:
            if key not in KEYS:
                self.wrong(f"'{key}' is not known here; {_near(str(key))}", (key,))
        texts = {k: self._text(data, k) for k in ("server", "account", "workspace")}
        lists = {k: self._folders(data, k) for k in LISTS}
        if texts["server"] and (why := unfit(texts["server"])):
            self.wrong(why, ("server",))
        if texts["workspace"] and not WORD.match(texts["workspace"]):
            self.wrong("'workspace' is a word of letters, digits, dots, hyphens and underscores", ("workspace",))
        flows = lists["flows"] if "flows" in data else (Path("flows" if (root / "flows").is_dir() else "."),)
        return Workspace(
            root,
            texts["server"].rstrip("/"),
            texts["account"].removeprefix("@"),
            texts["workspace"] or "default",
            flows,
            lists["tests"] if "tests" in data else flows,
            lists["locales"],
            self._tags(data),
        )

    def _tags(self, data: Mapping[str, Any]) -> tuple[str, ...] | None:
        value = data.get("tags")
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(t, str) for t in value):
            self.wrong("'tags' is a list of names", ("tags",))
            return None
        return tuple(value)

    def _text(self, data: Mapping[str, Any], key: str) -> str:
        value = data.get(key)
        if value is None and key not in data:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.wrong(f"'{key}' must be a text{'; write it in quotes' if value is not None else ''}", (key,))
            return ""
        return value.strip()

    def _folders(self, data: Mapping[str, Any], key: str) -> tuple[Path, ...]:
        value = data.get(key)
        given = [value] if isinstance(value, str) else value
        if key not in data:
            return ()
        if not isinstance(given, list) or not given:
            self.wrong(f"'{key}' is a folder, or a list of folders and files", (key,))
            return ()
        places: list[Place] = [(key,) if isinstance(value, str) else (key, i) for i in range(len(given))]
        found = [self._folder(v, key, place) for v, place in zip(given, places, strict=True)]
        return tuple(p for p in found if p is not None)

    def _folder(self, value: Any, key: str, place: "Place") -> Path | None:
        if not isinstance(value, str) or not value.strip():
            self.wrong(f"'{key}' is a list of folders and files", place)
            return None
        path, root = Path(value), self._file.parent
        if path.is_absolute() or ".." in path.parts:
            self.wrong(f"'{value}' leaves the folder of the workspace", place)
        elif not (root / path).exists():
            self.wrong(f"there is no '{value}' in {root.resolve()}", place)
        else:
            return path
        return None


def unfit(server: str) -> str:
    """Why an address is none of a server; empty when it is one."""
    try:
        parts = urlsplit(server)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return f"'{server}' is no address; write https://flows.example.org"
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_fits or parts.query or parts.fragment:
        return f"'{server}' is no address of a server; write https://flows.example.org"
    if parts.username or parts.password:
        return "the address holds a name or password; they belong into the environment"
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        return f"http sends your token in the open; write https://{parts.netloc}"
    return ""


def _near(key: str) -> str:
    better = near(key, KEYS)
    return f"did you mean '{better}'?" if better else f"known: {', '.join(KEYS)}"
