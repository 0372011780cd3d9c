"""The text that a document becomes: as people would write it."""

import re
from pathlib import Path
from typing import Any

import pytest

from core.lang.printing import Unsayable, to_text
from core.lang.reading import read
from core.model.limits import NODES_PER_FLOW
from tests.printing.test_round_trips import EXAMPLES


def node(id_: str, kind: str, *to: Any, **data: Any) -> dict[str, Any]:
    """A node; ``to`` = a target, or (target, condition) each."""
    ways = [w if isinstance(w, tuple) else (w, None) for w in to]
    return {"id": id_, "type": kind, **data, "connections": [{"targetNodeId": t, "condition": c} for t, c in ways]}


def say(id_: str, *to: Any, **more: Any) -> dict[str, Any]:
    return node(id_, "message", *to, content={"text": id_, **more})


def has(tag: str) -> dict[str, Any]:
    return {"type": "has_tag", "value": tag}


def body(*nodes: dict[str, Any], **more: Any) -> str:
    """The sections of a flow that begins with the first node, without ids."""
    text = to_text({"startNodeId": nodes[0]["id"], "nodes": list(nodes), **more})
    lines = [re.sub(r" @[\w.]+", "", line) for line in text.splitlines()[1:] if not line.startswith("  entry")]
    return "\n".join(lines).strip()


SHAPES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "ways that meet go on behind the step": (
        [node("a", "condition", ("b", has("x")), ("c", None)), say("b", "d"), say("c", "d"), say("d")],
        'a:\n  if tagged x:\n    say "b"\n  else:\n    say "c"\n  say "d"',
    ),
    "a way that ends inside a block": (
        [node("a", "condition", ("b", has("x")), ("c", None)), say("b"), say("c")],
        'a:\n  if tagged x:\n    say "b"\n    end\n  say "c"',
    ),
    "a way out of the middle": (
        [node("a", "condition", ("b", has("x")), ("c", has("y")), ("d", None)), say("b", "d"), node("c", "condition", ("d", has("z")), ("e", None)), say("e"), say("d")],
        'a:\n  if tagged x:\n    say "b"\n  elif tagged y:\n    if tagged z:\n      pass\n    else:\n      say "e"\n      end\n  say "d"',
    ),
    "two ways that cross are sections": (
        [node("a", "condition", ("b", has("x")), ("c", None)), node("b", "condition", ("d", has("y")), ("e", None)), node("c", "condition", ("d", has("y")), ("e", None)), say("d", "a"), say("e", "a")],
        'a:\n  if tagged x:\n    if tagged y:\n      pass\n    else -> e\n  else:\n    if tagged y:\n      pass\n    else -> e\n  say "d"\n  goto a\n\ne:\n  say "e"\n  goto a',
    ),
    "a loop jumps back": (
        [say("a", "b"), node("b", "get_input", ("c", {"type": "input_valid", "value": True}), ("a", {"type": "input_valid", "value": False}), prompt="?", inputType="text"), say("c")],
        'a:\n  say "a"\n  ask text "?"\n    on invalid -> a\n  say "c"',
    ),
    "what nothing leads to is a section of its own": ([say("a"), say("lost", "a")], 'a:\n  say "a"\n\nlost:\n  say "lost"\n  goto a'),
    "a dangling way": ([say("a", "nowhere")], 'a:\n  say "a"\n  goto nowhere'),
    "an open exit": (
        [node("a", "external_api_call", ("b", {"type": "outcome", "value": "failure"}), integration="x.y"), say("b")],
        'a:\n  call x.y\n    on failure:\n      say "b"\n    on success -> ???',
    ),
    "all ways to one step": (
        [say("a", ("b", {"type": "timeout", "seconds": 60}), ("b", None)), say("b")],
        'a:\n  say "a"\n    on timeout 1m\n    else\n  say "b"',
    ),
    "a long way under a button becomes a section": (
        [say("a", ("n0", {"type": "button_payload", "value": "GO"}), buttons=[{"type": "quick_reply", "text": "Go", "payload": "GO"}])]
        + [say(f"n{i}", *([f"n{i + 1}"] if i < 13 else [])) for i in range(14)],
        'a:\n  say "a"\n    quick "Go" -> n0\n\nn0:\n' + "\n".join(f'  say "n{i}"' for i in range(14)),
    ),
    "a text of several lines": ([node("a", "message", content={"text": "one\n\n  two \"x\" \\"})], 'a:\n  say """\n    one\n\n      two "x" \\\\\n    """'),
    "other keys": (
        [node("a", "message", content={"text": "hi", "mediaUrl": "https://a.example/x.png"}, odd=[1])],
        'a:\n  say "hi"\n    prop content.mediaUrl = "https://a.example/x.png"\n    prop odd = [1]',
    ),
    "what only JSON can say": ([node("a", "message", content={"two words": 1})], 'a:\n  do message content={"two words": 1}'),
    "a long value goes over several lines": (
        [node("a", "set_attribute", target="x", value={"names": ["a" * 50, "b" * 50], "n": 1})],
        'a:\n  set x = {\n    names: ["' + "a" * 50 + '", "' + "b" * 50 + '"],\n    n: 1\n  }',
    ),
}  # fmt: skip


@pytest.mark.parametrize("title", SHAPES)
def test_shape(title: str) -> None:
    nodes, wanted = SHAPES[title]
    found = body(*nodes)
    assert found == wanted


def test_ids_are_written_only_where_they_are_not_the_automatic_ones() -> None:
    nodes = [say("a", "a.say2"), say("a.say2", "node_9"), say("node_9", "a.say4"), say("a.say4")]
    text = to_text({"startNodeId": "a", "nodes": nodes})
    assert [line.split()[-1] for line in text.splitlines() if "@" in line] == ["@node_9"]


def test_the_authors_sections_stay() -> None:
    text = "flow x\n\na:\n  tag t\n  goto c\n\n# why\nc:\n  tag u\n  goto b\n\nb:\n  tag v\n"
    assert to_text(read(text, "flow", "x").data) == text


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_examples_read_like_hand_written_text(path: Path) -> None:
    """No step of an example needs the plain form, and few need a label."""
    document = read(path.read_bytes(), None, str(path)).data
    text = to_text(document)
    assert "\n  do message" not in text and " raw {" not in text and " prop " not in text
    if path.suffix == ".flow":
        assert text == path.read_text()


@pytest.mark.parametrize(
    ("definition", "told"),
    [
        ({"startNodeId": "a", "nodes": []}, "a flow without steps cannot be written as text"),
        ({"startNodeId": 1, "nodes": [say("a")]}, "startNodeId must be the id of a step"),
        ({"startNodeId": "a", "nodes": [{"type": "end"}]}, "a step needs an id and a type"),
        ({"startNodeId": "a", "nodes": [say("a"), say("a")]}, "two steps have the id 'a'"),
        ({"startNodeId": "a", "nodes": [{"id": "a", "type": "end", "connections": 1}]}, "a connection of the step 'a' has"),
        ({"startNodeId": "a", "nodes": [say("a", odd=10**20)]}, "the step 'a' holds something"),
        ({"startNodeId": "a", "nodes": [say("a")], "odd": 10**20}, "the text language cannot say this flow: this number"),
        ({"startNodeId": "a", "nodes": [say("x" * 300_000)]}, "the step"),
    ],
)  # fmt: skip
def test_what_is_no_sound_flow_cannot_be_said(definition: dict[str, Any], told: str) -> None:
    with pytest.raises(Unsayable) as e:
        to_text(definition)
    assert e.value.message.startswith(told)


def test_a_flow_as_large_as_one_may_be() -> None:
    """Each step leads on and back to the first: every few steps a section begins, and no try begins anew for each of them."""
    guard = {"type": "has_tag", "value": "x"}
    nodes = [node(f"n{i}", "condition", (f"n{i + 1}", guard), "n0") for i in range(NODES_PER_FLOW - 1)]
    text = to_text({"startNodeId": "n0", "nodes": [*nodes, say(f"n{len(nodes)}")]})
    assert len(read(text, "flow", "x").data["flowDefinition"]["nodes"]) == NODES_PER_FLOW
    assert max(len(line) - len(line.lstrip()) for line in text.splitlines()) <= 8
