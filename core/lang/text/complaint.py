"""What is wrong with a text, as it is noted while it is read: offsets, not lines."""

from dataclasses import dataclass, field

SYNTAX, INDENTATION, QUOTES, MISPLACED, SHARES = "IF001", "IF002", "IF003", "IF004", "IF005"
_MOST = 50
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Mend:
    """What mends a mistake: pieces of the text (start, end) and what stands there then. ``sure`` as in ``core.model.fix.Fix``."""

    title: str
    pieces: tuple[tuple[int, int, str], ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Complaint:
    """One mistake; ``start`` and ``end`` are offsets in the text."""

    code: str
    message: str
    start: int
    end: int
    hint: str = ""
    mend: Mend | None = None


@dataclass(slots=True)
class Complaints:
    """The mistakes of one text. A line is complained about once: what follows from the first mistake is not told."""

    found: list[Complaint] = field(default_factory=list)
    _starts: set[int] = field(default_factory=set)

    def add(self, code: str, message: str, start: int, end: int, hint: str = "", mend: Mend | None = None) -> None:
        """Notes a mistake."""
        if start not in self._starts and not self.full:
            self._starts.add(start)
            self.found.append(Complaint(code, message, start, max(end, start + 1), hint, mend))

    def told(self) -> list[Complaint]:
        """In the order of the text; of very many only the first."""
        return sorted(self.found, key=lambda c: c.start)[:_MOST]

    @property
    def full(self) -> bool:
        """True when so much is wrong that it is not worth while to read on."""
        return len(self.found) >= 2 * _MOST

    @property
    def unsound(self) -> bool:
        """True when something of the text was not understood, so that the rest may mean something else."""
        return any(c.code not in (MISPLACED, SHARES) for c in self.found)


def cut(shown: str) -> str:
    """A piece of the author's text, short enough for a sentence.

    >>> cut("say")
    'say'
    """
    line = shown.partition("\n")[0].strip()
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def quoted(shown: str) -> str:
    """The same in quotes, unless it has quotes already.

    >>> quoted("say"), quoted('"Hi"')
    ("'say'", '"Hi"')
    """
    return cut(shown) if shown[:1] in ("'", '"') else f"'{cut(shown)}'"
