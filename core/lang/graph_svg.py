"""The picture of a flow as SVG: what ``graph_layout`` placed, drawn; light and dark as the viewer wishes."""

from collections.abc import Iterator
from html import escape

from core.lang.graph import Graph
from core.lang.graph_layout import CHARS, LINE, WIDTH, Item, Line, Page, laid_out

STYLE = """
.flow { font: 13px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; --ink: #1f2430; --soft: #5a6275; --paper: #ffffff; --line: #8b93a7;
  --say: #e8f1ff; --ask: #fff3d6; --branch: #f0e9ff; --wait: #eef0f4; --call: #e2f6ee; --person: #ffe8e6; --do: #eef0f4; --edge: #c3cad8 }
@media (prefers-color-scheme: dark) { .flow { --ink: #e8ebf2; --soft: #a9b1c4; --paper: #14171e; --line: #7d879c;
  --say: #1d2c45; --ask: #3a3016; --branch: #2c2446; --wait: #262b36; --call: #173528; --person: #46211f; --do: #262b36; --edge: #3b4354 } }
.flow .paper { fill: var(--paper) } .flow text { fill: var(--ink) } .flow .title { font-weight: 600 } .flow .line { fill: var(--soft) }
.flow .box { stroke: var(--edge); stroke-width: 1.2 } .flow .way { fill: none; stroke: var(--line); stroke-width: 1.4 }
.flow .tip { fill: var(--line) } .flow .label { font-size: 11.5px; fill: var(--soft); paint-order: stroke; stroke: var(--paper); stroke-width: 4px;
  stroke-linejoin: round } .flow .end { fill: var(--line) }
""".strip()
TIP = (
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
    '<path class="tip" d="M0 0 10 5 0 10z"/></marker></defs>'
)
COLOURS = {k: f"var(--{k})" for k in ("say", "ask", "branch", "wait", "call", "person", "do")}


def svg(graph: Graph) -> str:
    """The whole picture; it needs nothing from anywhere else."""
    page = laid_out(graph)
    size = f'viewBox="0 0 {page.width:.0f} {page.height:.0f}" width="{page.width:.0f}" height="{page.height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" {size} role="img" aria-label="{escape(graph.title or "a flow")}">',
        f"<style>{STYLE}</style>",
        TIP,
        f'<rect class="paper" width="{page.width:.0f}" height="{page.height:.0f}"/>',
        *(part for line in page.lines for part in _line(page, line)),
        *(_box(item) for row in page.rows for item in row if item.box is not None),
    ]
    return "\n".join(parts) + "\n</svg>\n"


def _box(item: Item) -> str:
    assert item.box is not None
    kind = item.box.kind
    radius = 18 if kind in ("start", "end") else 10
    fill = COLOURS.get(kind, "var(--do)")
    x, y = item.x + 14, item.y + 24
    text = [f'<text class="title" x="{x:.1f}" y="{y:.1f}">{escape(_cut(item.box.title))}</text>']
    text += [
        f'<text class="line" x="{x:.1f}" y="{y + LINE * (i + 1):.1f}">{escape(line)}</text>'
        for i, line in enumerate(item.lines)
    ]
    at = f'x="{item.x:.1f}" y="{item.y:.1f}" width="{WIDTH}" height="{item.height}"'
    return f'<g><rect class="box" {at} rx="{radius}" style="fill:{fill}"/>{"".join(text)}</g>'


def _cut(text: str) -> str:
    return text if len(text) <= CHARS - 3 else text[: CHARS - 4] + "…"


def _line(page: Page, line: Line) -> Iterator[str]:
    """A way from the lower edge of one box to the upper edge of another, past the boxes in between; back ones at the side."""
    source = page.items[line.source]
    x, y = line.x, source.y + source.height
    if line.target is None:
        end = y + 14 + line.down
        yield f'<path class="way" d="M{x:.1f} {y:.1f}V{end - 4:.1f}"/><circle class="end" cx="{x:.1f}" cy="{end:.1f}" r="4"/>'
        yield from _labels(line, x, end + 17)
        return
    target = page.items[line.target]
    if target.layer > source.layer:
        path, to = f"M{x:.1f} {y:.1f}", (x, y)
        for id_ in line.through:
            item = page.items[id_]
            path += _curve(to, (item.middle, page.tops[item.layer])) + f"V{page.bottoms[item.layer]:.1f}"
            to = item.middle, page.bottoms[item.layer]
        path += _curve(to, (line.to_x, target.y - 2))
        yield f'<path class="way" d="{path}" marker-end="url(#tip)"/>'
    else:
        yield f'<path class="way" d="{_back(source, target, x, y)}" marker-end="url(#tip)"/>'
    yield from _labels(line, x, y + 14 + line.down)


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    half = (end[1] - start[1]) / 2
    return f"C{start[0]:.1f} {start[1] + half:.1f} {end[0]:.1f} {end[1] - half:.1f} {end[0]:.1f} {end[1]:.1f}"


def _back(source: Item, target: Item, x: float, y: float) -> str:
    side = -1 if target.middle <= source.middle else 1
    edge = min(source.x, target.x) - 26 if side < 0 else max(source.x, target.x) + WIDTH + 26
    to_x, to_y = (target.x if side < 0 else target.x + WIDTH) + side * 2, target.y + target.height / 2
    down = f"C{x:.1f} {y + 34:.1f} {edge:.1f} {y + 34:.1f} {edge:.1f} {y - 10:.1f}"
    return f"M{x:.1f} {y:.1f}{down}V{to_y + 14:.1f}Q{edge:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


def _labels(line: Line, x: float, y: float) -> Iterator[str]:
    for i, text in enumerate(line.labels):
        yield f'<text class="label" x="{x:.1f}" y="{y + 13 * i:.1f}" text-anchor="middle">{escape(text)}</text>'
