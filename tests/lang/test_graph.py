"""Pictures of flows: every step and every way is there, nothing lies on anything else, whatever the flow looks like."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.host.manager import load
from core.lang import compile_definition, compile_text
from core.lang.graph import graph_of, mermaid
from core.lang.graph_layout import laid_out
from core.lang.graph_svg import svg

REGISTRY = load(entry_points=False)
EXAMPLES = [
    p
    for p in sorted((Path(__file__).parents[2] / "flows_examples").iterdir())
    if p.suffix in (".yaml", ".json", ".flow") and ".test." not in p.name
]


def check(doc: Any) -> None:
    """The picture is XML, shows each step once, and no two boxes overlap."""
    graph = graph_of(doc)
    page = laid_out(graph)
    root = ET.fromstring(svg(graph))
    assert len(root.findall(".//{http://www.w3.org/2000/svg}rect[@class='box']")) == len(doc.nodes)
    boxes = [i for i in page.items.values() if i.box is not None]
    for n, a in enumerate(boxes):
        assert a.x >= 0 and a.x + a.width <= page.width and a.y + a.height <= page.height
        for b in boxes[n + 1 :]:
            apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
            assert apart, (a.id, b.id)
    assert len(re.findall(r"^  s\d+[\[({]", mermaid(graph), re.MULTILINE)) == len(doc.nodes)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_examples(path: Path) -> None:
    doc = compile_text(path.read_bytes(), REGISTRY, source=str(path)).doc
    assert doc is not None
    check(doc)


@given(st.integers(1, 14).flatmap(lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n)), max_size=30).map(lambda e: (n, e))))  # fmt: skip
def test_any_graph(made: tuple[int, list[tuple[int, int]]]) -> None:
    size, edges = made
    nodes: list[dict[str, Any]] = [
        {"id": f"n{i}", "type": "message", "text": "x" * i, "connections": []} for i in range(size)
    ]
    for a, b in edges:
        nodes[a]["connections"].append({"targetNodeId": f"n{b}" if b < size else None, "condition": None})
    doc = compile_definition({"startNodeId": "n0", "nodes": nodes}, REGISTRY).doc
    assert doc is not None
    check(doc)


def test_texts_cannot_break_out() -> None:
    evil = '"><script>alert(1)</script>'
    flow = {
        "startNodeId": "a",
        "nodes": [{"id": "a", "name": evil, "type": "message", "text": evil, "connections": []}],
    }
    doc = compile_definition(flow, REGISTRY).doc
    assert doc is not None
    assert "<script" not in svg(graph_of(doc)) and "<script" not in mermaid(graph_of(doc))
