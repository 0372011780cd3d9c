"""Text to logical lines: what stands in brackets or in a text of several lines belongs to the line that began it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.lang.text.complaint import INDENTATION, MISPLACED, QUOTES, SYNTAX, Complaints, Mend
from core.model.limits import DOCUMENT_DEPTH

_PIECE = re.compile(
    r"""(?P<long>\"{3}(?:[^\\]|\\[\s\S])*?\"{3})|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<regex>(?<=matching )[ ]*/(?:[^/\\\n]|\\.)+/)|(?P<comment>\#[^\n]*)"""
    r"""|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>\n)|(?P<quote>["'])"""
)
_BLANK = re.compile(r"[ \t]*")
_OVER_LINES = {q: re.compile(rf"[^{q}]{{0,2000}}{q}[ \t]*(?:\n|\Z)") for q in "\"'"}
_SMART = re.compile("[“”„‟‘’«»]")


@dataclass(slots=True)
class Line:
    """``code`` = the line without its comments, character for character as long as in the text; it begins at ``start``.

    ``notes`` = the comments above it and on it, ``names`` = the ``##`` lines above it. A ``broken`` line was complained about.
    """

    start: int
    indent: int
    code: str
    notes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    broken: bool = False

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return self.start + len(self.code)

    @property
    def first_end(self) -> int:
        """The offset behind what stands on its first line of text."""
        return self.start + len(self.code.partition("\n")[0].rstrip())


def split(text: str, complaints: Complaints) -> tuple[list[Line], list[str]]:
    """The logical lines of ``text``, and the comments behind the last one. Line breaks are ``\\n`` alone.

    >>> lines, _ = split('flow x # ours\\n\\n  say "a # b"', Complaints())
    >>> [(line.indent, line.code, line.notes) for line in lines]
    [(0, 'flow x', ['ours']), (2, 'say "a # b"', [])]
    """
    reader = _Reader(text, complaints)
    return list(reader.lines()), reader.notes


class _Reader:
    def __init__(self, text: str, complaints: Complaints) -> None:
        self.text, self.complaints = text, complaints
        self.at = 0
        self.notes: list[str] = []
        self.names: list[str] = []
        self.tabs = False

    def lines(self) -> Iterator[Line]:
        while self.at < len(self.text):
            begin = self.at
            blank = _BLANK.match(self.text, begin)
            start = blank.end() if blank else begin
            self.at = start
            before = len(self.complaints.found)
            comments = self._logical(start, start - begin)
            broken = len(self.complaints.found) > before
            code = self._code(start, comments)
            if code.startswith("##") or not code:
                continue
            line = Line(start, self._indent(begin, start), code, self.notes, self.names, broken)
            self.notes, self.names = [], []
            yield line
        if self.names:
            end = len(self.text)
            self.complaints.add(MISPLACED, "no step stands below this '##' name", end - 1, end, "remove the name")

    def _indent(self, begin: int, start: int) -> int:
        blank = self.text[begin:start]
        if "\t" not in blank:
            return len(blank)
        if not self.tabs:
            self.tabs = True
            message = "a tab in the indentation"
            hint = "indent with spaces, two for each level"
            self.complaints.add(INDENTATION, message, begin, start, hint, without_tabs(self.text))
        return len(blank.expandtabs(4))

    def _code(self, start: int, comments: list[tuple[int, int]]) -> str:
        """The code of the logical line that ends before ``self.at``; its comments become notes or names."""
        end = self.at - 1 if self.text[self.at - 1 : self.at] == "\n" else self.at
        raw = self.text[start:end]
        if raw.startswith("##"):
            self.names.append(raw[2:].strip())
            return ""
        parts, here = [], start
        for a, z in comments:
            self.notes.append(self.text[a + 1 : z].strip())
            parts += [self.text[here:a], " " * (z - a)]
            here = z
        return "".join((*parts, self.text[here:end])).rstrip() if parts else raw.rstrip()

    def _logical(self, start: int, indent: int) -> list[tuple[int, int]]:
        """Moves behind the logical line that begins at ``start``; the comments in it."""
        comments: list[tuple[int, int]] = []
        opened: list[int] = []
        while piece := _PIECE.search(self.text, self.at):
            self.at, kind = piece.end(), piece.lastgroup
            if kind == "comment":
                comments.append(piece.span())
            elif kind == "open":
                opened.append(piece.start())
                if len(opened) > DOCUMENT_DEPTH:
                    return self._too_deep(opened, comments)
            elif kind == "close" and opened:
                opened.pop()
            elif kind == "end" and (not opened or self._left(opened, indent)):
                return comments
            elif kind == "quote" or (kind == "string" and self.text.startswith('"""', piece.start())):
                self._unclosed(piece.start(), start)
                return comments
        self.at = len(self.text)
        if opened:
            self._never_closed(opened[-1])
        return comments

    def _left(self, opened: list[int], indent: int) -> bool:
        """Inside brackets: does the next line begin something new? Then the bracket was forgotten."""
        blank = _BLANK.match(self.text, self.at)
        next_start = blank.end() if blank else self.at
        following = self.text[next_start : next_start + 1]
        if following in ("", "\n", "#", ")", "]", "}") or next_start - self.at > indent:
            return False
        self._never_closed(opened[-1])
        self.at = self.text.find("\n", opened[0]) + 1
        return True

    def _never_closed(self, at: int) -> None:
        sign = self.text[at]
        close = {"(": ")", "[": "]", "{": "}"}[sign]
        self.complaints.add(
            SYNTAX, f"this '{sign}' is never closed", at, at + 1, f"add the '{close}' that belongs to it"
        )

    def _too_deep(self, opened: list[int], comments: list[tuple[int, int]]) -> list[tuple[int, int]]:
        message = f"brackets are nested deeper than {DOCUMENT_DEPTH} levels"
        self.complaints.add(SYNTAX, message, opened[-1], opened[-1] + 1)
        self._skip(opened[-1])
        return comments

    def _skip(self, at: int) -> None:
        end = self.text.find("\n", at)
        self.at = len(self.text) if end < 0 else end + 1

    def _unclosed(self, at: int, start: int) -> None:
        """Behind a quote that nothing closes the line is not read on; behind three of them nothing is."""
        sign = self.text[at]
        self._skip(at)
        end = self.at - 1 if self.text[self.at - 1] == "\n" else self.at
        if smart := _SMART.search(self.text, start, at):
            self.complaints.add(QUOTES, *smart_quote(smart[0], smart.start()))
        elif self.text.startswith('"""', at):
            hint = 'add three quotes (""") behind its last line'
            self.complaints.add(QUOTES, "this text of several lines is never closed", at, end, hint)
            self.at = len(self.text)
        elif self.text[at - 1 : at].isalnum():
            hint = 'put " at both ends of the text'
            self.complaints.add(QUOTES, "this text does not stand in quotes", at - 1, end, hint)
        elif close := _OVER_LINES[sign].match(self.text, end):
            hint = 'a text of several lines begins and ends with three quotes (""")'
            self.complaints.add(QUOTES, "this text goes on over the end of the line", at, end, hint)
            self.at = close.end()
        else:
            hint = f'add a closing {sign} at the end, or use """ for a text of several lines'
            end = at + len(self.text[at:end].rstrip())
            mend = Mend(f"add a closing {sign}", ((end, end, sign),), sure=False)
            self.complaints.add(QUOTES, "this text is never closed", at, end, hint, mend)


def without_tabs(text: str) -> Mend:
    """Every indentation of the text with spaces."""
    places = re.finditer(r"^[ ]*\t[ \t]*(?=\S)", text, re.MULTILINE)
    return Mend("indent with spaces", tuple((*m.span(), m[0].expandtabs(4)) for m in places))


def smart_quote(sign: str, at: int) -> tuple[str, int, int, str]:
    """The complaint about a typographic quote, without its code."""
    return f"{sign} is a typographic quote", at, at + 1, 'use the plain quote " at both ends of the text'
