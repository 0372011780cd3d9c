"""Going to a step, finding who leads to it, renaming it: with its automatic ids, its layout, its translations and its tests."""

import re
from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types as lsp

from core.cli.lsp.beside import beside
from core.cli.lsp.names import Name, Names, Piece, spelled
from core.cli.lsp.page import Page
from core.lang.reading.source import ENDINGS
from core.model.limits import ID_CHARS

_RUN = re.compile(r"(?<![\w])run:?[ ]+[\"']?([\w.-]+)|\"flow\"\s*:\s*\"([\w.-]+)\"")


class Refused(Exception):
    """A rename that would not be one; the message is for a person."""


def definition(page: Page, offset: int) -> list[tuple[Path | None, lsp.Range]]:
    """Where the step under the pointer is, or the file of the flow that is run there; None = in this text."""
    if found := page.names.at(offset):
        return [(None, page.positions.range(*piece)) for piece in found[0].named]
    return [(file, lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))) for file in _run(page, offset)]


def _run(page: Page, offset: int) -> Iterator[Path]:
    """The file of a flow that the line runs, when its name is under the pointer."""
    line = page.plain.rfind("\n", 0, offset) + 1
    end = page.plain.find("\n", offset)
    row = page.plain[line : end if end >= 0 else len(page.plain)]
    for found in _RUN.finditer(row):
        name = found[1] or found[2]
        if page.path is not None and found.start() <= offset - line <= found.end():
            yield from (f for e in ENDINGS if (f := page.path.with_name(name + e)).is_file())


def references(page: Page, offset: int, named: bool) -> list[lsp.Range]:
    """Everywhere the step under the pointer is written; ``named`` = where it gets its id, too."""
    found = page.names.at(offset)
    if found is None:
        return []
    name = found[0]
    return [page.positions.range(*p) for p in sorted((*(name.named if named else ()), *name.used))]


def renameable(page: Page, offset: int) -> tuple[lsp.Range, str] | None:
    """What a rename at the offset would change: the piece and the id. None where there is nothing."""
    found = page.names.at(offset)
    if found is None or not found[0].named or found[0].automatic:
        return None
    return page.positions.range(*found[1]), found[0].id


def renamed(page: Page, offset: int, new: str) -> dict[Path | None, list[lsp.TextEdit]]:
    """The edits for each file, None = this text. Raises Refused."""
    found = page.names.at(offset)
    if found is None or not found[0].named:
        raise Refused("there is no step here")
    name = found[0]
    if name.automatic:
        raise Refused(f"nobody wrote the id '{name.id}': give the step one with @, or rename its section")
    if wrong := _unfit(new, page.names, page.notation):
        raise Refused(wrong)
    pieces = dict(_pieces(page.names, name, new, page.notation))
    out: dict[Path | None, list[lsp.TextEdit]] = {
        None: [lsp.TextEdit(page.positions.range(*p), text) for p, text in sorted(pieces.items())]
    }
    return out | dict(beside(page, name.id, new))


def _unfit(new: str, names: Names, notation: str) -> str:
    if not new.strip() or len(new) > ID_CHARS or set(new) & set("/#\n\r\t") or new.startswith("!"):
        return f"a step's id has 1 to {ID_CHARS} characters, none of them '/', '#' or a line break, and does not begin with '!'"
    if new in names.found and names.found[new].named:
        return f"there is a step '{new}' already"
    return "'end' means the end of the flow" if new == "end" and notation == "yaml" else ""


def _pieces(names: Names, name: Name, new: str, notation: str) -> Iterator[tuple[Piece, str]]:
    for piece in (*name.named, *name.used):
        yield piece, spelled(new, notation)
    for piece, key in name.keys:
        yield piece, spelled(new + key[len(name.id) :], notation)
    for other, rest in names.following(name.id) if notation == "flow" else ():
        for piece in other.used:
            yield piece, spelled(new + rest, notation)


def symbols(page: Page) -> list[lsp.DocumentSymbol]:
    """The steps, those of the text language under their sections."""
    made: dict[str, lsp.DocumentSymbol] = {}
    inner: dict[str, list[lsp.DocumentSymbol]] = {}
    for name in page.names.steps():
        one = _symbol(page, name)
        if name.inside:
            inner.setdefault(name.inside, []).append(one)
        else:
            made[name.id] = one
    for id_, one in made.items():
        one.children = inner.get(id_)
    return list(made.values())


def _symbol(page: Page, name: Name) -> lsp.DocumentSymbol:
    piece = name.named[0]
    whole = (min(name.whole[0], piece[0]), max(name.whole[1], piece[1])) if name.whole != (0, 0) else piece
    kind = lsp.SymbolKind.Event if name.inside else lsp.SymbolKind.Function
    where, at = page.positions.range(*whole), page.positions.range(*piece)
    return lsp.DocumentSymbol(name.id, kind, where, at, detail=name.about or None)
