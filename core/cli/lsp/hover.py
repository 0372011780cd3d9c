"""The documentation of what is under the pointer."""

import re

from lsprotocol import types as lsp

from core.cli.lsp import known, words
from core.cli.lsp.complete import opened
from core.cli.lsp.page import Page
from core.lang.reading.flat_step import VERBS
from core.lang.text.words import STEPS, TRIGGERS
from core.model.context import PROFILE_FIELDS

_WORD = re.compile(r"[\w.]+")


def hover(page: Page, offset: int) -> lsp.Hover | None:
    """Markdown, and the piece that it is about."""
    found = _step(page, offset) or _word(page, offset)
    if found is None:
        return None
    start, end, about = found
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, about), page.positions.range(start, end))


def _step(page: Page, offset: int) -> tuple[int, int, str] | None:
    """A step where it is written: what it does, and how many ways lead to it."""
    found = page.names.at(offset)
    if found is None:
        return None
    name, piece = found
    if not name.named:
        return (*piece, f"There is no step `{name.id}`.")
    ways = len(name.used)
    told = f"**{name.id}**" + (f"\n\n`{name.about}`" if name.about else "")
    return (*piece, f"{told}\n\n{ways} way{'s' * (ways != 1)} here by name.")


def _word(page: Page, offset: int) -> tuple[int, int, str] | None:
    row = page.plain.rfind("\n", 0, offset) + 1
    stop = page.plain.find("\n", offset)
    line = page.plain[row : len(page.plain) if stop < 0 else stop]
    for match in _WORD.finditer(line):
        if match.start() <= offset - row <= match.end():
            about = _about(page, line, match)
            return (row + match.start(), row + match.end(), about) if about else None
    return None


def _about(page: Page, line: str, match: re.Match[str]) -> str:
    word, before, behind = match[0], line[: match.start()], line[match.end() :]
    if opened(before) is not None or (
        page.notation == "flow" and re.match(r"\s*(?:if|elif|set)\b", line) and before.strip()
    ):
        return _in_expression(page, word, before)
    action = next((w for w in known.actions(page) if w.text == word), None)
    if action is not None:
        return f"**{word}**: {action.detail}\n\n{action.about}"
    if page.notation == "flow":
        return _of_flow(page, word, before)
    return _of_key(page, word, before, behind)


def _in_expression(page: Page, word: str, before: str) -> str:
    root, _, rest = word.partition(".")
    if re.search(r"\|\s*\Z", before) and root in words.FILTER:
        return f"Filter **{root}**: {words.FILTER[root]}"
    if root in words.ROOTS:
        profile = rest in PROFILE_FIELDS
        kind = (
            "A field of the profile. "
            if root == "contact" and profile
            else "An attribute. "
            if root == "contact" and rest
            else ""
        )
        return f"**{word}**: {kind}{words.ROOTS[root]}"
    if word in words.FUNCTION:
        return f"Function **{word}**: {words.FUNCTION[word]}"
    return f"**{word}**: a variable of the flow." if word in {w.text for w in known.variables(page)} else ""


def _of_flow(page: Page, word: str, before: str) -> str:
    if before.strip():
        if before.strip() == "when":
            return _type(page.registry.trigger_types.get(TRIGGERS.get(word, word)))
        return _type(page.registry.node_types.get(word)) if before.strip() == "do" else ""
    margin = len(before)
    table = (
        words.HEADER
        if margin == 0 or (word in words.HEADER and word not in STEPS and word not in words.OPTIONS)
        else words.STEPS | words.OPTIONS
    )
    if word in words.STEPS and margin:
        return f"**{word}**: {words.STEPS[word]}"
    return f"**{word}**: {table[word]}" if word in table else ""


def _of_key(page: Page, word: str, before: str, behind: str) -> str:
    keyed = re.match(r"[\"']?\s*:", behind) is not None
    if keyed and page.notation == "yaml" and word in VERBS:
        kind = VERBS[word][0]
        return _type(page.registry.node_types.get(kind)) if kind else "**use**: a step of any type."
    if keyed and word in page.registry.trigger_types:
        return _type(page.registry.trigger_types[word])
    if re.search(r"(?:\btype\"?|\buse)\s*:\s*[\"']?\Z", before) or re.search(r"-\s+\Z", before):
        return _type(page.registry.node_types.get(word)) or _type(page.registry.trigger_types.get(word))
    return ""


def _type(t: object) -> str:
    return f"**{getattr(t, 'name', '')}**: {known.described(t)}" if t is not None else ""
