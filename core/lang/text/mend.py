"""Lines that can be read after the obvious change: an arrow of another language, a forgotten colon, a word that is written wrong.

A change is offered only when the grammar reads the line after it.
"""

import re
from dataclasses import dataclass

from core.lang.text.complaint import Mend, cut
from core.lang.text.hints import slip_at
from core.lang.text.lines import Line
from core.lang.text.tables import parser

_ROUNDS = 8
_SMART = str.maketrans("“”„‟«»‘’", '""""""\'\'')
_WRITE = re.compile(r"write (\d+[smhd])\Z")
_UNIT = re.compile(r"\s*\d+\s*(?:seconds?|minutes?|mins?|hours?|days?|weeks?|[smhdw])\b")


@dataclass(frozen=True, slots=True)
class _Way:
    """``before``, ``behind`` = what goes around the slip as well; ``new`` = what stands there then."""

    new: str
    before: str = r"[ ]*\Z"
    behind: str = r"[ ]*"


_WAYS: dict[str, _Way] = {
    "an arrow is written ->": _Way(" -> "),
    "to compare, write ==": _Way(" == "),
    "write and": _Way(" and "),
    "write or": _Way(" or ", r"[ ]*\|?\Z"),
    "write not": _Way("not ", r"\Z"),
    "write: set name = value": _Way(" = "),
    "write 'elif'": _Way("elif", r"else[ ]+\Z", ""),
    "write 'else:' with indented steps below, or 'else -> label'": _Way(":"),
    "a condition ends with ':' (or with '-> label')": _Way(":"),
    "the name of a section ends with ':'": _Way(":"),
    "braces {{ }} stand only inside texts; here the name alone is enough": _Way("", r"\{?\Z", ""),
    "write: goto label": _Way("goto ", r"end[ ]*\Z"),
    "names have no $ in front of them": _Way("", r"\Z", ""),
    "no colon stands behind the word of a step": _Way("", r"\Z", ""),
    "each step stands on a line of its own, without ';'": _Way(""),
    'use the quote "': _Way('"', r"\Z", ""),
    "this is a special space; write a plain one": _Way(" "),
    "an argument is written name=value": _Way("=", r"[ ]*\Z", ""),
    'write: link "Title" to "https://…"': _Way(" to ", r"[ ]*\Z", ""),
    "steps have no dash in front of them": _Way("", r"\Z"),
    'to send a text, write: say "…"': _Way("say ", r"\Z", ""),
    "to go to a section, write: goto label": _Way("goto ", r"\Z"),
}
_INSERTED = frozenset(
    {"an argument is written name=value", 'write: link "Title" to "https://…"', 'to send a text, write: say "…"'}
)
"""Hints about something that is missing before what stands there."""


def mended(code: str, start: str, word: str = "", better: str = "") -> str:
    """A line like ``code`` that the grammar's rule ``start`` reads; empty when there is none. ``better`` = its first word, which
    is ``word`` now.

    >>> mended("if tagged a && tagged b => x", "step")
    'if tagged a and tagged b -> x'
    """
    if better:
        code = better + code[len(word) :]
    for _ in range(_ROUNDS):
        told = _slip(code, start)
        if told is None:
            return code
        changed = _changed(code, *told)
        if changed == code:
            return ""
        code = changed
    return ""


def mend_of(line: Line, start: str, word: str = "", better: str = "") -> Mend | None:
    """The least change of ``line`` that makes it readable."""
    new = mended(line.code, start, word, better)
    if not new or new == line.code:
        return None
    a = next((i for i, (x, y) in enumerate(zip(line.code, new, strict=False)) if x != y), min(len(line.code), len(new)))
    most = min(len(line.code), len(new)) - a
    z = next((i for i in range(most) if line.code[-1 - i] != new[-1 - i]), most)
    inserted = new[a : len(new) - z]
    title = f"write '{better}'" if better else f"write: {cut(new)}"
    return Mend(title, ((line.start + a, line.start + len(line.code) - z, inserted),))


def _slip(code: str, start: str) -> tuple[int, str] | None:
    """Where reading stops and the hint about it; None when all is read."""
    from lark.exceptions import UnexpectedInput

    from core.lang.text.explain import explained

    try:
        parser().parse(code, start=start)
    except UnexpectedInput as e:
        told = explained(e, Line(0, 1 if start == "step" else 0, code))
        return told[2], told[4]
    return None


def _changed(code: str, at: int, hint: str) -> str:
    if any(sign in code for sign in "“”„‟«»") and (plain := code.translate(_SMART)) != code:
        return plain
    if (found := _WRITE.match(hint)) and (unit := _UNIT.match(code, at)):
        return code[:at] + found[1] + code[unit.end() :]
    way = _WAYS.get(hint)
    if way is None:
        return code
    width = 0 if hint in _INSERTED else slip_at(code, at)[1]
    return _put(code, at, width, way)


def _put(code: str, at: int, width: int, way: _Way) -> str:
    before = re.compile(way.before).search(code[:at])
    behind = re.compile(way.behind).match(code, at + width)
    start = before.start() if before else at
    end = behind.end() if behind else at + width
    new = way.new.rstrip() if end >= len(code) else way.new
    return code[:start] + (new.lstrip() if start == 0 else new) + code[end:]


def beginning(code: str, hint: str) -> str:
    """A step's line whose first sign is wrong: a dash, an arrow, a text without a word; empty when it stays wrong."""
    way = _WAYS.get(hint)
    if way is None:
        return ""
    width = 0 if hint in _INSERTED else len(code) - len(code.lstrip("-*>")) if code[0] in "-*" else 0
    return mended(_put(code, 0, width, way), "step")
