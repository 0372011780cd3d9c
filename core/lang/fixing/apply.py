"""The fixes of a text, applied: those that are sure, round after round, until none is left."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.lang.reading.lines import Lines
from core.model.diagnostic import Diagnostic
from core.model.fix import Edit

ROUNDS = 10
"""Mending one finding can show another; more rounds than this mean that two fixes undo each other."""
_OLD_BREAK = re.compile(r"\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Mended:
    """``text`` = what came out, ``fixed`` = the findings whose fixes were applied, in order."""

    text: str
    fixed: tuple[Diagnostic, ...]


def mended(text: str, check: Callable[[str], Sequence[Diagnostic]], unsure: bool = False) -> Mended:
    """Applies fixes and checks again, until no fix is left; ``unsure`` = those too that a person should choose.

    Line breaks stay as they are. A text with breaks that are a carriage return alone is left as it is.
    """
    fixed: list[Diagnostic] = []
    for _ in range(ROUNDS if not _OLD_BREAK.search(text) else 0):
        taken = chosen(d for d in check(text) if d.fix and d.fix.edits and (d.fix.sure or unsure))
        if not taken:
            break
        text = applied(text, [e for d in taken if d.fix for e in d.fix.edits])
        fixed += taken
    return Mended(text, tuple(fixed))


def chosen(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Those whose edits do not touch each other; of two the first one. What is left comes in the next round."""
    out: list[Diagnostic] = []
    used: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for d in found:
        assert d.fix is not None
        mine = [((e.span.line, e.span.column), (e.span.end_line, e.span.end_column)) for e in d.fix.edits]
        if not any(a <= other_end and other_start <= z for a, z in mine for other_start, other_end in used):
            out.append(d)
            used += mine
    return out


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; they must not overlap.

    >>> from core.model.span import Span
    >>> applied("sya 'Hi'", [Edit(Span(1, 1, 1, 4), "say")])
    "say 'Hi'"
    """
    lines = Lines(text)
    pieces = sorted((*lines.piece(e.span), e.text) for e in edits)
    out, here = [], 0
    for start, end, new in pieces:
        out += [text[here:start], new]
        here = end
    return "".join((*out, text[here:]))
