"""Completion: what can stand at the pointer, whatever the notation."""

import re

from lsprotocol import types as lsp

from core.cli.lsp.complete_flow import flow_words
from core.cli.lsp.complete_keyed import json_words, yaml_words
from core.cli.lsp.known import Word, expression
from core.cli.lsp.page import Page

_END = re.compile(r"(?:\?\?\?|[\w.]*)\Z")
_LAST = re.compile(r"\w*\Z")


def complete(page: Page, offset: int) -> list[lsp.CompletionItem]:
    """The items; each says which piece of the line it takes the place of."""
    row = page.plain.rfind("\n", 0, offset) + 1
    before = page.plain[row:offset]
    inside = opened(before)
    if inside is not None:
        return [_item(page, w, offset, _LAST) for w in expression(page, inside)]
    finder = {"flow": flow_words, "yaml": yaml_words, "json": json_words}.get(page.notation)
    found = finder(page, row, before) if finder is not None else []
    return [_item(page, w, offset, _END if w.kind != lsp.CompletionItemKind.Property else _LAST) for w in found]


def opened(before: str) -> str | None:
    """The expression in which the pointer stands: what is written of it behind ``{{``; None outside of one.

    >>> opened('say "Hi {{contact.'), opened('say "{{a}} b')
    ('contact.', None)
    """
    start = before.rfind("{{")
    return before[start + 2 :] if start >= 0 and "}}" not in before[start:] else None


def _item(page: Page, word: Word, offset: int, piece: re.Pattern[str]) -> lsp.CompletionItem:
    row = page.plain.rfind("\n", 0, offset) + 1
    found = piece.search(page.plain[row:offset])
    start = row + found.start() if found else offset
    about = lsp.MarkupContent(lsp.MarkupKind.Markdown, word.about) if word.about else None
    return lsp.CompletionItem(
        label=word.text,
        kind=word.kind,
        detail=word.detail or None,
        documentation=about,
        filter_text=word.text,
        text_edit=lsp.TextEdit(page.positions.range(start, offset), word.insert or word.text),
    )
