"""Lines to blocks, by their indentation."""

from dataclasses import dataclass, field

from core.lang.text.complaint import INDENTATION, Complaints
from core.lang.text.lines import Line
from core.model.limits import BLOCK_DEPTH


@dataclass(slots=True)
class Block:
    """A line and the lines that are indented under it."""

    line: Line
    inner: list["Block"] = field(default_factory=list)


def nest(lines: list[Line], complaints: Complaints, tabs: bool = False) -> list[Block]:
    """The blocks of ``lines``. A line that fits no open block counts as one of the innermost block that it can belong to.

    >>> from core.lang.text.lines import split
    >>> told = Complaints()
    >>> [(b.line.code, len(b.inner)) for b in nest(split("a:\\n  x\\n  y\\nb:", told)[0], told)]
    [('a:', 2), ('b:', 0)]
    """
    top: list[Block] = []
    opened: list[tuple[int, list[Block]]] = [(0, top)]
    for line in lines:
        inner = opened[-1][1]
        if line.indent > opened[-1][0]:
            inner = _deeper(line, opened, complaints)
        elif line.indent < opened[-1][0]:
            inner = _back(line, opened, complaints, tabs)
        inner.append(Block(line))
    return top


def _deeper(line: Line, opened: list[tuple[int, list[Block]]], complaints: Complaints) -> list[Block]:
    before = opened[-1][1]
    if not before:
        hint = "the line 'flow …' and the names of sections stand at the left margin"
        complaints.add(INDENTATION, "the first line may not be indented", line.start, line.first_end, hint)
        return before
    if len(opened) > BLOCK_DEPTH:
        if not before[-1].inner:
            message = f"blocks are nested deeper than {BLOCK_DEPTH} levels"
            complaints.add(INDENTATION, message, line.start, line.first_end, "move a part into a section of its own")
        return before[-1].inner
    opened.append((line.indent, before[-1].inner))
    return before[-1].inner


def _back(line: Line, opened: list[tuple[int, list[Block]]], complaints: Complaints, tabs: bool) -> list[Block]:
    levels = [level for level, _ in opened]
    left = opened[-1]
    while line.indent < opened[-1][0]:
        left = opened.pop()
    if line.indent == opened[-1][0]:
        return opened[-1][1]
    opened.append(left)
    if not tabs:
        spaces = f"{line.indent} space{'s' * (line.indent != 1)}"
        message = f"this line is indented by {spaces}, which matches no open block"
        hint = f"the open blocks are indented by {', '.join(map(str, levels))}"
        complaints.add(INDENTATION, message, line.start, line.first_end, hint)
    return left[1]
