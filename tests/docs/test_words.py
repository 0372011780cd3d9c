"""What the documentation names exists: commands with their options, settings, API paths, metrics, files, links."""

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from core.cli import LAZY
from core.cli import cli as root
from core.cli.server import KEY_FILE, KEYS
from core.services import account_settings
from core.settings_read import PREFIX, TABLE
from tests.docs.pages import PAGES, ROOT, blocks, name_of, prose

WRITTEN = [p for p in PAGES if p.parent.name != "reference"]
OPENAPI = json.loads((ROOT / "docs/reference/openapi.json").read_text())
PATHS = {re.sub(r"\{\w+\}", "{}", path): operations for path, operations in OPENAPI["paths"].items()}
COMMAND = re.compile(r"(?:^|[\s`=(/])instaflow ((?:[a-z][a-z-]*|--[a-z-]+|\[[^\]]*\])(?: [^\n`#;|>]*)?)")
API = re.compile(r"(?:(GET|POST|PUT|PATCH|DELETE) `?)?(?:\$API|/api/v1)(/[A-Za-z0-9_/{}$.-]+)")
VARIABLE = re.compile(r"\$[A-Z]+|<[a-z]+>")


class Named(NamedTuple):
    """A word and where it stands."""

    page: str
    word: str


def shell(page: Path) -> str:
    """What is typed: the lines of console blocks that begin with ``$``, and sh blocks; continued lines joined."""
    typed = []
    for block in blocks(page):
        text = block.text.replace("\\\n", " ")
        if block.language == "console":
            typed += [line[2:] for line in text.splitlines() if line.startswith("$ ")]
        elif block.language == "sh":
            typed += text.splitlines()
    return "\n".join(typed)


def commands() -> Iterator[Named]:
    for page in WRITTEN:
        for code in [shell(page), *re.findall(r"`([^`\n]+)`", prose(page))]:
            yield from (Named(name_of(page), m[1].strip()) for m in COMMAND.finditer(code))


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words name, and the words that are left."""
    command: click.Command = root
    if words and words[0] in LAZY:
        command = importlib.import_module(LAZY[words.pop(0)][0]).command
    while words and isinstance(command, click.Group) and (inner := _inner(command, words[0])) is not None:
        command = inner
        words.pop(0)
    return command, words


def _inner(group: click.Group, word: str) -> click.Command | None:
    return group.get_command(click.Context(group), word)


COMMANDS = sorted(set(commands()))


@pytest.mark.parametrize("named", COMMANDS, ids=lambda n: f"{n.page}: {n.word[:40]}")
def test_command_exists(named: Named) -> None:
    command, rest = command_of(named.word.split())
    assert command is not root or rest[0].startswith("--"), f"there is no command '{named.word}'"
    assert not isinstance(command, click.Group) or not rest or rest[0].startswith("--")
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {w for w in rest if w.startswith("--")} <= known | {"--help", "--version"}


def test_commands_are_found() -> None:
    assert {"flow json workshop.yaml", "doctor", "keys rotate"} <= {n.word for n in COMMANDS}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_settings_exist(page: Path) -> None:
    known = {PREFIX + entry.name.upper() for entry in TABLE}
    acme = {"INSTAFLOW_ACME_API_KEY"}  # the example plugin's own
    client = {"INSTAFLOW_SERVER", "INSTAFLOW_TOKEN"}  # read by commands that ask a server
    ours = {"INSTAFLOW_NIGHTLY"}  # read by the tests
    named = known | acme | client | ours | {*KEYS, KEY_FILE}
    assert set(re.findall(r"\bINSTAFLOW_[A-Z_]+\b", page.read_text())) <= named


def test_every_setting_of_an_account_is_named() -> None:
    text = (ROOT / "docs/how-to/connect-instagram.md").read_text().partition("Settings of an account")[2]
    assert set(re.findall(r"`(\w+)`", text)) - {"settings"} == account_settings.KNOWN


def shape(path: str) -> str:
    """``/flows/$FLOW/runs`` and ``/flows/{flowId}/runs`` as ``/flows/{}/runs``."""
    return re.sub(r"\$[A-Z]+|\{\w+\}", "{}", path.rstrip("./"))


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_api_paths_exist(page: Path) -> None:
    for method, path in API.findall(page.read_text()):
        operations = PATHS.get("/api/v1" + shape(path))
        assert operations is not None, f"{name_of(page)} names {path}"
        assert not method or method.lower() in operations, f"{name_of(page)} names {method} {path}"


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_metrics_exist(page: Path) -> None:
    known = set(re.findall(r"\binstaflow_[a-z_]+", GENERATED_METRICS)) | {"instaflow_acme"} | hooks()
    assert set(re.findall(r"\binstaflow_[a-z_]+", page.read_text())) <= known


GENERATED_METRICS = (ROOT / "docs/reference/metrics.md").read_text()


def hooks() -> set[str]:
    from core.host import hookspecs

    return {name for name in vars(hookspecs) if name.startswith("instaflow_")}


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_resolve(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), f"{name_of(page)} links to {target}"
        assert not anchor or anchor in anchors(there), f"{name_of(page)} links to {target}"


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_files_of_the_project_exist(page: Path) -> None:
    for path in re.findall(r"`((?:core|flask_api|plugins|docs|tests|flows_examples|bench)/[\w./-]*)`", prose(page)):
        assert (ROOT / path.rstrip("/")).exists(), f"{name_of(page)} names {path}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    todo = [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose(page))
        todo += [(page.parent / link).resolve() for link in links if "://" not in link]
    assert {name_of(p) for p in (ROOT / "docs").rglob("*.md")} <= {name_of(p) for p in seen}
