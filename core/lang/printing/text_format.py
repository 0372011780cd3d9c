"""The formatter of the text language: margins, spaces, quotes, blank lines. Comments and the order of lines stay."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.lang.printing.text_tidy import tidy
from core.lang.printing.text_values import STEP
from core.lang.reading.flow_text import read_text
from core.lang.text.blocks import Block, nest
from core.lang.text.complaint import Complaints
from core.lang.text.lines import Line, split
from core.lang.text.options import first_word
from core.lang.text.row import row_of
from core.lang.text.words import PROPERTIES


def format_text(text: str) -> str:
    """The same flow in its one spelling; a second time changes nothing. Raises Unreadable for a text with mistakes.

    >>> print(format_text("flow  hi\\nhello :\\n    say 'Hi' # greets\\n"))
    flow hi
    <BLANKLINE>
    hello:
      say "Hi"  # greets
    <BLANKLINE>
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    before = read_text(plain).data
    made = "".join(f"{line}\n" for line in _Format(plain).lines())
    assert read_text(made).data == before, "formatting may not change what a text says"
    return made


@dataclass(slots=True)
class _Placed:
    """A line with the rule that reads it and the margin that it gets."""

    line: Line
    rule: str
    margin: str


class _Format:
    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []

    def lines(self) -> list[str]:
        """The text's lines."""
        complaints = Complaints()
        lines, _ = split(self.text, complaints)
        end = 0
        before: _Placed | None = None
        for placed in _placed(nest(lines, complaints), "top", ""):
            self._between(before, end, placed)
            self.out.append(placed.margin + _spelled(placed))
            before, end = placed, placed.line.end
        self._between(before, end, None)
        return self.out

    def _between(self, before: _Placed | None, end: int, after: _Placed | None) -> None:
        """The comments and blank lines from the offset ``end`` up to the line ``after``."""
        gap = self.text[end : after.line.start if after else len(self.text)]
        trailing, _, rest = gap.partition("\n") if before else ("", "", gap)
        if trailing.strip():
            self.out[-1] += f"  {_comment(trailing)}"
        between = rest.split("\n")[: -1 if after else None]
        opens = after is not None and before is not None and len(after.margin) > len(before.margin)
        kept = [(line, self._margin(line, before, after)) for line in between]
        if after is not None and not after.margin and before is not None:
            first = next((i for i, (line, margin) in enumerate(kept) if line.strip() and not margin), len(kept))
            kept.insert(first, ("", ""))
        while after is None and kept and not kept[-1][0].strip():
            kept.pop()
        self._keep(kept, opens)
        if after is not None:
            inner = _inside(after.line, sum(_is_note(line) for line in between), self.text)
            self.out += [f"{after.margin}# {note}".rstrip() for note in inner]

    def _keep(self, lines: Sequence[tuple[str, str]], opens: bool) -> None:
        """Comments at their margins, several blank lines as one, none where a block begins or the text ends."""
        blank = False
        for line, margin in lines:
            if not line.strip():
                blank = True
                continue
            if blank and self.out and not opens:
                self.out.append("")
            blank, opens = False, False
            self.out.append(margin + _comment(line))
        if blank and self.out and not opens:
            self.out.append("")

    def _margin(self, line: str, before: _Placed | None, after: _Placed | None) -> str:
        """A comment that stands further in than the line below it belongs to the lines above for its reader."""
        indent = len(line) - len(line.lstrip())
        below = after.margin if after else ""
        if before is None or len(before.margin) <= len(below):
            return below
        further = indent > (after.line.indent if after else 0) and indent >= before.line.indent
        return before.margin if further else below


def _placed(blocks: Sequence[Block], where: str, margin: str) -> Iterator[_Placed]:
    for one in blocks:
        word = first_word(one.line.code)
        rule, inner = _rules(where, word, one.line.code)
        yield _Placed(one.line, rule, margin)
        yield from _placed(one.inner, inner, margin + STEP)


def _rules(where: str, word: str, code: str) -> tuple[str, str]:
    """The rule that reads a line which stands ``where`` it does, and where the lines under it stand."""
    if where == "top":
        if code == "layout":
            return "", "place_line"
        return ("flow_line", "header_line") if word == "flow" and not code.endswith(":") else ("label_line", "step")
    if where == "header_line":
        return ("" if word in PROPERTIES else where), ""
    if where == "step":
        return where, "step" if word in ("if", "elif", "else") else "option"
    return where, "option" if word == "card" else "step"


def _spelled(placed: _Placed) -> str:
    line = placed.line
    row = row_of(line, placed.rule, Complaints()) if placed.rule else None
    return tidy(row, placed.rule, placed.margin) if row is not None else " ".join(line.code.split())


def _comment(line: str) -> str:
    sign = "##" if line.strip().startswith("##") else "#"
    return f"{sign} {line.strip()[len(sign) :].strip()}".rstrip()


def _is_note(line: str) -> bool:
    return line.strip().startswith("#") and not line.strip().startswith("##")


def _inside(line: Line, above: int, text: str) -> list[str]:
    """The comments between the brackets of a line; those above it and the one behind it come otherwise."""
    behind = text[line.end :].partition("\n")[0].strip().startswith("#")
    return line.notes[above : len(line.notes) - behind]
