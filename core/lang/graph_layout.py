"""Where the boxes of a flow's picture stand: layers from the top, sorted so that ways cross seldom, with room for long ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from textwrap import wrap

from core.lang.graph import Box, Graph

WIDTH, GAP_X, GAP_Y, PAD, THIN = 230, 40, 46, 40, 26
LINE, TITLE, TOP = 17, 22, 16
LABEL = 13
CHARS = 31
SWEEPS = 14


@dataclass(slots=True)
class Item:
    """A box, or (``box`` None) the place where a long way passes a layer."""

    id: str
    layer: int
    box: Box | None = None
    lines: list[str] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0

    @property
    def width(self) -> int:
        """How wide it is."""
        return WIDTH if self.box is not None else THIN

    @property
    def height(self) -> int:
        """How high it is."""
        return TITLE + LINE * len(self.lines) + TOP if self.box is not None else 0

    @property
    def middle(self) -> float:
        """The middle of its width."""
        return self.x + self.width / 2


@dataclass(slots=True)
class Line:
    """All ways from one box to another (None = the end): ``labels`` below each other, ``through`` = the items that it passes,
    ``x`` = where it leaves, ``to_x`` = where it arrives, ``down`` = how far below the box its labels begin."""

    source: str
    target: str | None
    labels: list[str]
    through: list[str] = field(default_factory=list)
    x: float = 0.0
    to_x: float = 0.0
    down: float = 0.0


@dataclass(slots=True)
class Page:
    """Everything with its place. ``tops`` and ``bottoms`` = the edges of the layers."""

    items: dict[str, Item] = field(default_factory=dict)
    rows: list[list[Item]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    tops: list[float] = field(default_factory=list)
    bottoms: list[float] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def laid_out(graph: Graph) -> Page:
    """The page of a graph."""
    page = Page()
    for box in graph.boxes:
        lines = [piece for text in box.lines[:4] for piece in wrap(text, CHARS)[:2]][:5]
        page.items[box.id] = Item(box.id, box.layer, box, lines)
    page.lines = _lines(page, graph)
    depth = max((i.layer for i in page.items.values()), default=-1) + 1
    page.rows = [[i for i in page.items.values() if i.layer == n] for n in range(depth)]
    _sort(page)
    _place(page)
    _join(page)
    return page


def _lines(page: Page, graph: Graph) -> list[Line]:
    joined: dict[tuple[str, str | None], Line] = {}
    for way in graph.ways:
        line = joined.setdefault((way.source, way.target), Line(way.source, way.target, []))
        if way.label and way.label not in line.labels:
            line.labels.append(way.label)
    for line in joined.values():
        if line.target is None:
            continue
        for layer in range(page.items[line.source].layer + 1, page.items[line.target].layer):
            id_ = f"{line.source}>{line.target}>{layer}"
            page.items[id_] = Item(id_, layer)
            line.through.append(id_)
    return list(joined.values())


def _sort(page: Page) -> None:
    """Barycentres, down and up: an item stands near those that it is joined to."""
    joined: dict[str, list[str]] = {i: [] for i in page.items}
    for line in page.lines:
        chain = [line.source, *line.through, *([line.target] if line.target is not None else [])]
        for a, b in pairwise(chain):
            joined[a].append(b)
            joined[b].append(a)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        at = {p.id: i - (len(row) - 1) / 2 for row in page.rows for i, p in enumerate(row)}
        for row in (page.rows if down else page.rows[::-1])[1:]:
            middles = {p.id: _middle(page, p, joined[p.id], at, down) for p in row}
            row.sort(key=lambda p, m=middles: m[p.id])  # type: ignore[misc]
            at |= {p.id: i - (len(row) - 1) / 2 for i, p in enumerate(row)}


def _middle(page: Page, p: Item, joined: Sequence[str], at: Mapping[str, float], down: bool) -> float:
    """Where the items stand, above or below, that this one is joined to."""
    layers = {o: page.items[o].layer for o in joined}
    near = [at[o] for o in joined if (layers[o] < p.layer if down else layers[o] > p.layer)]
    return sum(near) / len(near) if near else at[p.id]


def _place(page: Page) -> None:
    inner = max((_width(row) for row in page.rows), default=0)
    labels: dict[int, int] = {}
    for line in page.lines:
        layer = page.items[line.source].layer
        labels[layer] = max(labels.get(layer, 0), _depth(page, line.source))
    y = float(PAD)
    for n, row in enumerate(page.rows):
        x = PAD + GAP_X + (inner - _width(row)) / 2
        height = max((p.height for p in row), default=0)
        for p in row:
            p.x, p.y = x, y
            x += p.width + GAP_X
        page.tops.append(y)
        page.bottoms.append(y + height)
        y += height + GAP_Y + LABEL * labels.get(n, 0)
    page.width = inner + 2 * (PAD + GAP_X)
    page.height = y - GAP_Y + PAD


def _width(row: Sequence[Item]) -> int:
    return sum(p.width for p in row) + GAP_X * (len(row) - 1)


def _depth(page: Page, source: str) -> int:
    """Labels below each other under a box: those of neighbouring ways do not stand side by side."""
    return sum(_rows(line) for line in page.lines if line.source == source)


def _rows(line: Line) -> int:
    """The rows of text that a way needs below its box; an end has a dot of its own."""
    return max(len(line.labels), 1) + (line.target is None)


def _join(page: Page) -> None:
    """Where each way leaves and arrives, side by side from left to right."""

    def next_x(line: Line) -> float:
        if line.target is None:
            return page.items[line.source].middle
        return page.items[line.through[0] if line.through else line.target].middle

    for item in page.items.values():
        out = sorted((w for w in page.lines if w.source == item.id), key=next_x)
        down = 0.0
        for i, line in enumerate(out):
            line.x, line.down = item.x + WIDTH * (i + 1) / (len(out) + 1), down
            down += LABEL * _rows(line)
        into = [w for w in page.lines if w.target == item.id and page.items[w.source].layer < item.layer]
        into.sort(key=lambda w: page.items[w.through[-1] if w.through else w.source].middle)
        for i, line in enumerate(into):
            line.to_x = item.middle + (i - (len(into) - 1) / 2) * min(28.0, WIDTH / (len(into) + 1))
