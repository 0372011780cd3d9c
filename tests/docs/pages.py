"""The pages of the documentation, and the blocks of code in them."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]
    + [p for p in (ROOT / "docs").rglob("*.md") if p.parent.name != "diagnostics" or p.name == "README.md"]
)
"""All pages but those of the single diagnostics, which have a test of their own."""

_FENCE = re.compile(r"^( *)(`{3,})([^\n`]*)\n(.*?)^\1\2 *$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """``name`` = page and line, for messages; ``language`` = what stands behind the fence."""

    name: str
    language: str
    text: str


def _generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE = _generate()
"""docs/generate.py, which is no module of a package."""


def name_of(page: Path) -> str:
    """The page as people name it."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text()
    return [
        Block(f"{name_of(page)}:{text.count(chr(10), 0, m.start()) + 1}", m[3].strip(), m[4])
        for m in _FENCE.finditer(text)
    ]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text())
