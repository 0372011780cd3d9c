"""A part of a text taken out, with the commas and lines that belong to it; nothing when the rest would mean something else."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from core.lang.fixing.patch import patched
from core.lang.reading import Source, read
from core.lang.reading.unreadable import Unreadable
from core.model.fix import Change

Piece = tuple[int, int, str]
_DASH = re.compile(r"[ ]*-[ ]+\Z")
_KEY = re.compile(r"[ ]*(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'#][^\n]*?)[ ]*:[ ]*\Z")
_JSON_KEY = re.compile(r"\"(?:[^\"\\]|\\.)*\"\s*:\s*\Z")
_COMMENT = re.compile(r"\n[ \t]*(?:#[^\n]*)?\Z")


def removal(source: Source, change: Change, start: int, end: int) -> list[Piece]:
    """The edit that removes ``change.place``, which stands from ``start`` to ``end``."""
    cut = _flow if source.notation == "flow" else _block if source.notation == "yaml" else _bracketed
    found = cut(source.text, start, end) or (_bracketed(source.text, start, end) if source.notation == "yaml" else None)
    if found is None:
        return []
    a, z = found
    with suppress(Unreadable, KeyError, IndexError):
        left = source.text[:a] + source.text[z:]
        if _told(read(left, source.notation, "").data) == _told(patched(source.data, [change])):
            return [(a, z, "")]
    return []


def _told(data: Any) -> Any:
    """The data without what says nothing: comments, and what is empty, such as a list whose last item went."""
    if isinstance(data, Mapping):
        kept = {k: _told(v) for k, v in data.items() if k not in ("notes", "sectionNotes")}
        return {k: v for k, v in kept.items() if v not in (None, {}, [])}
    return [_told(v) for v in data] if isinstance(data, list) else data


def _bracketed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """An item of a list, or a key with its value, in brackets: one comma goes with it."""
    if key := _JSON_KEY.search(text, max(0, start - 300), start):
        start = key.start()
    behind = re.compile(r"\s*,[ \t]*").match(text, end)
    if behind:
        return _lines(text, start, behind.end())
    before = re.compile(r",\s*\Z").search(text, 0, start) if text[:start].rstrip().endswith(",") else None
    return (before.start(), end) if before else (start, end)


def _block(text: str, start: int, end: int) -> tuple[int, int] | None:
    """An item of a block of YAML, or a key with its value: whole lines."""
    line = text.rfind("\n", 0, start) + 1
    body = text[start:end].rstrip()
    while "\n" in body and (found := _COMMENT.search(body)):
        body = body[: found.start()].rstrip()
    before = text[line:start]
    if not before.strip():
        above = text.rfind("\n", 0, max(0, line - 1)) + 1
        if not _KEY.match(text[above : line - 1].rstrip()):
            return None
        line = above
    elif not _DASH.match(before) and not (_KEY.match(before) and not before.lstrip().startswith("- ")):
        return None
    stop = text.find("\n", start + len(body))
    return line, len(text) if stop < 0 else stop + 1


def _flow(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A line of its own under which nothing stands."""
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop + 1
    if text[line:start].strip() or text[end:stop].split("#")[0].strip():
        return None
    return line, stop


def _lines(text: str, start: int, end: int) -> tuple[int, int]:
    """Whole lines, when nothing else is on them."""
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    if stop >= 0 and not text[line:start].strip() and not text[end:stop].strip():
        return line, stop + 1
    return start, end
