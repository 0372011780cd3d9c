"""The files beside a flow that name its steps: translations in ``locales``, and tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp

from core.cli.lsp.names import spelled
from core.cli.lsp.names_document import owner_of
from core.cli.lsp.page import Page
from core.cli.lsp.positions import Positions
from core.lang.reading.json_places import KEY
from core.lang.reading.unreadable import Unreadable
from core.lang.reading.yaml_text import read_yaml
from core.lang.report import Locate, Place

Edits = list[lsp.TextEdit]


def beside(page: Page, old: str, new: str) -> Iterator[tuple[Path, Edits]]:
    """The edits of each file when the step ``old`` is renamed; a file that cannot be read is left alone."""
    folder = page.path.parent if page.path is not None else None
    if folder is None:
        return
    for file in sorted(folder.glob("locales/*.y*ml")):
        yield from _edited(file, page, lambda data, locate: _translations(page, data, locate, old, new))
    for file in sorted(folder.glob("*.test.y*ml")):
        yield from _edited(file, page, lambda data, locate: _tests(page, data, locate, old, new))


def _edited(file: Path, page: Page, find: Any) -> Iterator[tuple[Path, Edits]]:
    try:
        text = file.read_text("utf-8")
        data, locate = read_yaml(text)
    except (OSError, UnicodeDecodeError, Unreadable):
        return
    positions = Positions(text, page.encoding)
    edits = [lsp.TextEdit(positions.of_span(span), said) for span, said in find(data, locate) if span]
    if edits:
        yield file, edits


def _translations(page: Page, data: Any, locate: Locate, old: str, new: str) -> Iterator[tuple[Any, str]]:
    """Keys such as ``hello.text``, of the file itself and under the flow's name."""
    source = page.source.data if page.source else None
    own = {page.path.stem if page.path else "", source.get("slug") if isinstance(source, dict) else None}
    whole = data if isinstance(data, dict) else {}
    tables: list[tuple[Place, Any]] = [((), whole), *(((str(k),), v) for k, v in whole.items() if k in own)]
    for place, table in tables:
        for key in table if isinstance(table, dict) else ():
            if owner_of(str(key), page.names) == old:
                yield locate((*place, str(key), KEY)), spelled(new + str(key)[len(old) :], "yaml")


def _tests(page: Page, data: Any, locate: Locate, old: str, new: str) -> Iterator[tuple[Any, str]]:
    """``step: hello`` of an expectation, ``at: hello`` of a start, ``split: {hello: 1}``, in tests of this file."""
    if not isinstance(data, dict) or page.path is None or data.get("file") != page.path.name:
        return
    said = spelled(new, "yaml")
    stack: list[tuple[Place, Any]] = [((), data)]
    while stack:
        place, value = stack.pop()
        if isinstance(value, dict):
            stack += [((*place, k), v) for k, v in value.items()]
            if place[-1:] == ("split",) and old in value:
                yield locate((*place, old, KEY)), said
        elif isinstance(value, list):
            stack += [((*place, i), v) for i, v in enumerate(value)]
        elif value == old and (place[-1:] == ("step",) or place[-2:] == ("start", "at")):
            yield locate(place), said
