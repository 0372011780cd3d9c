"""Completion in the text language: by the words before the pointer, and by the line that the line belongs to."""

import re
from collections.abc import Callable

from core.cli.lsp import known, words
from core.cli.lsp.known import Kind, Word
from core.cli.lsp.names import spelled
from core.cli.lsp.page import Page
from core.lang.document import WORDS
from core.lang.fixing.edits import open_quote
from core.lang.text.words import ALLOWED, FIRST, STATUS

Found = Callable[[Page, re.Match[str]], list[Word]]
_EVENTS = (
    "keyword",
    "payload",
    "matching",
    "media",
    "reply",
    "timeout",
    "valid",
    "invalid",
    "if",
    "success",
    "failure",
    "return",
)


def _labels(page: Page, _: re.Match[str]) -> list[Word]:
    ends = [Word("end", Kind.Keyword, "ends the flow"), Word("???", Kind.Keyword, "not connected yet")]
    return [*(Word(w.text, w.kind, w.detail, w.about, spelled(w.text, "flow")) for w in known.steps(page)), *ends]


def _listed(*names: str) -> Found:
    return lambda page, _: [Word(n, Kind.EnumMember) for n in names]


def _of_trigger(page: Page, found: re.Match[str]) -> list[Word]:
    from core.lang.text.words import TRIGGERS

    kind = TRIGGERS.get(found[1], found[1])
    return [_argument(w) for w in known.fields(page.registry.trigger_types.get(kind)) if w.text != FIRST.get(kind)]


def _of_call(page: Page, found: re.Match[str]) -> list[Word]:
    into = [Word("into", Kind.Keyword, "keep the answer as")]
    return [*(_argument(w) for w in known.arguments(page, found[1])), *into]


def _of_type(page: Page, found: re.Match[str]) -> list[Word]:
    return [_argument(w) for w in known.fields(page.registry.node_types.get(found[1]))]


def _argument(word: Word) -> Word:
    return Word(word.text, word.kind, word.detail, word.about, f"{word.text}=")


def _expression(page: Page, found: re.Match[str]) -> list[Word]:
    return [*known.expression(page, found[1]), *([] if "." in found[1] else [Word("tagged", Kind.Keyword)])]


_BEHIND: tuple[tuple[re.Pattern[str], Found], ...] = tuple(
    (re.compile(pattern), found)
    for pattern, found in (
        (r"(?:->|\bgoto|^\s+entry)[ ]*[\w.]*\Z", _labels),
        (r"^\s*when[ ]+[\w.]*\Z", lambda page, _: known.triggers(page, short=True)),
        (r"^\s*when[ ]+([\w.]+)[ ].*[ ]\w*\Z", _of_trigger),
        (r"^\s*status[ ]+\w*\Z", _listed(*STATUS)),
        (r"^\s*interrupt[ ]+\w*\Z", _listed(*WORDS["interrupt"])),
        (r"^\s*stale[ ]+\w*\Z", _listed(*WORDS["stale"])),
        (r"^\s*ask[ ]+[\w.]*\Z", lambda page, _: known.inputs(page)),
        (r"^\s*ask[ ].*\binto[ ]+contact\.\w*\Z", lambda page, _: known.attributes(page)),
        (r"^\s*call[ ]+[\w.]*\Z", lambda page, _: known.actions(page)),
        (r"^\s*call[ ]+([\w.]+)[ ].*\w*\Z", _of_call),
        (r"^\s*run[ ]+[\w.]*\Z", lambda page, _: known.flows(page)),
        (r"^\s*do[ ]+[\w.]*\Z", lambda page, _: known.node_types(page)),
        (r"^\s*do[ ]+([\w.]+)[ ].*\w*\Z", _of_type),
        (r"^\s*(?:un)?tag[ ]+(?:[\w, ]*,[ ]*)?\w*\Z", lambda page, _: known.tags(page)),
        (r"^\s*on[ ]+\w*\Z", _listed(*_EVENTS)),
        (r"^\s*quick[ ]+\w*\Z", _listed("email", "phone")),
        (r"^\s*(?:if|elif)[ ]+((?:[^\"':]|\"[^\"]*\"|'[^']*')*)\Z", _expression),
        (r"^\s*set[ ]+[\w.]+[ ]*=[ ]*((?:[^\"']|\"[^\"]*\"|'[^']*')*)\Z", _expression),
        (r"^\s*(?:un)?set[ ]+contact\.\w*\Z", lambda page, _: known.attributes(page)),
        (r"^\s*(?:un)?set[ ]+\w*\Z", lambda page, _: [*known.variables(page), Word("contact", Kind.Module)]),
    )
)


def flow_words(page: Page, row: int, before: str) -> list[Word]:
    """What can stand behind ``before`` in the line that begins at ``row``."""
    if open_quote(before):
        return []
    for pattern, found in _BEHIND:
        if match := pattern.search(before):
            return found(page, match)
    if not re.fullmatch(r"\s*\w*", before):
        return []
    margin = len(before) - len(before.lstrip())
    return _first_words(page.plain[:row], margin)


def _first_words(above: str, margin: int) -> list[Word]:
    """The words that can begin a line with this margin."""
    if margin == 0:
        return known.of(words.HEADER, ("layout",) if re.search(r"^flow\b", above, re.MULTILINE) else ("flow",))
    owner = _owner(above, margin)
    first = re.match(r"\w*", owner)
    word = first[0] if first else ""
    if word == "flow":
        return known.of(words.HEADER, [w for w in words.HEADER if w not in ("flow", "layout")])
    if word == "layout":
        return []
    if owner.endswith(":") or not owner:
        return known.of(words.STEPS)
    allowed = ALLOWED.get(word, frozenset())
    return known.of(words.OPTIONS, [w for w in words.OPTIONS if w in allowed], Kind.Property)


def _owner(above: str, margin: int) -> str:
    """The nearest line above with a smaller margin, without its comment."""
    for line in reversed(above.split("\n")):
        bare = line.split(" #")[0].rstrip()
        if bare.strip() and not bare.lstrip().startswith("#") and len(bare) - len(bare.lstrip()) < margin:
            return bare.strip()
    return ""
