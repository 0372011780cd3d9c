"""A flow as a picture: its steps in layers, the ways between them, texts as people see them. Pure: text in, text out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.lang.components import components
from core.model.flowdoc import Connection, FlowDoc, NodeDoc

KINDS = {
    "start": "start",
    "message": "say",
    "carousel": "say",
    "comment_reply": "say",
    "get_input": "ask",
    "condition": "branch",
    "random_split": "branch",
    "wait": "wait",
    "human_takeover": "person",
    "external_api_call": "call",
    "subflow": "call",
    "end": "end",
}
"""Node type -> how a step is drawn; every other one is drawn as ``do``."""
SHORT = 34


@dataclass(frozen=True, slots=True)
class Box:
    """One step: ``title`` above, ``lines`` below; ``layer`` from the top."""

    id: str
    kind: str
    title: str
    lines: tuple[str, ...]
    layer: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """One exit. ``target`` None = the end."""

    source: str
    target: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Graph:
    """Steps in order and the ways between them."""

    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]
    title: str = ""


def graph_of(doc: FlowDoc) -> Graph:
    """The picture of a document; connections that lead nowhere are left out."""
    known = {n.id for n in doc.nodes}
    ways = tuple(
        Way(n.id, c.target, label_of(n, c))
        for n in doc.nodes
        for c in n.connections
        if c.target is None or c.target in known
    )
    layers = _layers(doc, ways)
    boxes = tuple(Box(n.id, KINDS.get(n.type, "do"), n.name or n.id, tuple(_lines(n)), layers[n.id]) for n in doc.nodes)
    return Graph(tuple(sorted(boxes, key=lambda b: b.layer)), ways, doc.name or doc.slug or "")


def _layers(doc: FlowDoc, ways: tuple[Way, ...]) -> dict[str, int]:
    """As deep as the longest way without going round; loops are drawn upwards."""
    after: dict[str, list[str]] = {n.id: [] for n in doc.nodes}
    for way in ways:
        if way.target is not None:
            after[way.source].append(way.target)
    order = _without_loops(doc, after)
    layers = dict.fromkeys(after, 0)
    for group in reversed(components(list(after), lambda s: order[s])):
        for node in group:
            for target in order[node]:
                layers[target] = max(layers[target], layers[node] + 1)
    return layers


def _without_loops(doc: FlowDoc, after: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The ways on, those back to a step that is still being walked left out."""
    forward: dict[str, list[str]] = {n: [] for n in after}
    state: dict[str, int] = {}
    roots = [doc.start, *after] if doc.start in after else list(after)
    for root in roots:
        stack = [(root, iter(after[root]))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            node, rest = stack[-1]
            target = next(rest, None)
            if target is None:
                state[node] = 2
                stack.pop()
            elif state.get(target) != 1:
                forward[node].append(target)
                if target not in state:
                    state[target] = 1
                    stack.append((target, iter(after[target])))
    return forward


def _lines(node: NodeDoc) -> Iterator[str]:
    content = node.content
    for key in (
        "text",
        "prompt",
        "messageToAgent",
        "outcome",
        "experiment",
        "integration",
        "flow",
        "tagName",
        "target",
    ):
        value = content.get(key)
        if isinstance(value, str) and value:
            yield shortened(value, SHORT * 2)
    if isinstance(content.get("tagNames"), list):
        yield shortened(", ".join(map(str, content["tagNames"])), SHORT * 2)
    if content.get("durationSeconds") is not None:
        yield duration(content["durationSeconds"])
    if content.get("until") or content.get("businessHours"):
        yield f"until {content.get('until') or 'business hours'}"
    for card in content.get("cards") or ():
        if isinstance(card, Mapping):
            yield f"▢ {shortened(str(card.get('title') or ''), SHORT)}"


def label_of(node: NodeDoc, connection: Connection) -> str:
    """What stands beside a way."""
    condition = connection.condition
    if condition is None:
        return "" if len(node.connections) == 1 else "else"
    kind, value = condition.get("type"), condition.get("value")
    if kind == "button_payload":
        return shortened(_button(node, value) or str(value), SHORT)
    if kind == "timeout":
        return f"after {duration(condition.get('seconds'))}"
    if kind == "input_valid":
        return "valid" if value else "not valid"
    if kind == "random":
        return f"{condition.get('weight')} %"
    if kind == "attribute_equals":
        return shortened(f"{condition.get('attribute')} is {value}", SHORT)
    if kind == "has_tag":
        return shortened(f"tagged {value}", SHORT)
    if kind == "any_reply":
        return "any answer"
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else kind)
    return shortened(said, SHORT)


def _button(node: NodeDoc, payload: Any) -> str | None:
    content = node.content
    cards = [c for c in content.get("cards") or () if isinstance(c, Mapping)]
    shown = [*(content.get("buttons") or ()), *(b for c in cards for b in c.get("buttons") or ())]
    return next((str(b.get("text")) for b in shown if isinstance(b, Mapping) and b.get("payload") == payload), None)


def shortened(text: str, most: int) -> str:
    """One line, with … when it is cut.

    >>> shortened("one two", 5)
    'one …'
    """
    line = " ".join(text.split())
    return (
        line
        if len(line) <= most
        else line[: most - 1].rstrip() + " …"
        if line[most - 2] == " "
        else line[: most - 1] + "…"
    )


def duration(seconds: Any) -> str:
    """Seconds for people.

    >>> duration(5400)
    '1 h 30 min'
    """
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return str(seconds)
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 s"


def mermaid(graph: Graph) -> str:
    """The picture in Mermaid's words, which GitHub and many editors draw."""
    names = {b.id: f"s{i}" for i, b in enumerate(graph.boxes)}
    lines = ["flowchart TD"]
    for box in graph.boxes:
        text = "<br/>".join(_safe(t) for t in (box.title, *box.lines))
        before, after = _SHAPES.get(box.kind, ("[", "]"))
        lines.append(f'  {names[box.id]}{before}"{text}"{after}')
    ended = any(w.target is None for w in graph.ways)
    lines += ['  over(["end"])'] * ended
    for way in graph.ways:
        arrow = f'-- "{_safe(way.label)}" -->' if way.label else "-->"
        lines.append(f"  {names[way.source]} {arrow} {names[way.target] if way.target is not None else 'over'}")
    return "\n".join(lines) + "\n"


_SHAPES = {
    "start": ("([", "])"),
    "branch": ("{{", "}}"),
    "wait": ("[/", "/]"),
    "end": ("([", "])"),
    "person": ("[[", "]]"),
}


def _safe(text: str) -> str:
    return (
        text.replace("&", "&amp;")
        .replace('"', "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("#", "&#35;")
    )
