"""The behaviour diff: empty for what nobody notices, a conversation that both versions show for what somebody does."""

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.host.manager import load
from core.lang import compile_definition, compile_text
from core.lang.behaviour import differences
from core.lang.expressions import parse_expression, parse_template
from core.lang.expressions.unparse import unparse, unparse_template
from core.lang.reading import read
from core.model.program import Program
from core.testing.behaviour import transcripts

REGISTRY = load(entry_points=False)
EXAMPLES = sorted(
    p for p in (Path(__file__).parents[2] / "flows_examples").iterdir() if p.suffix in (".yaml", ".json", ".flow")
)
EXAMPLES = [p for p in EXAMPLES if ".test." not in p.name]
HELLO = """
flow: shop
steps:
  hello:
    say: Hello!
    quick:
      - {text: Browse, to: tag}
      - {text: Help, to: person}
    routes:
      - {keyword: [price], to: price}
      - {timeout: 2h, to: end}
    else: sorry
  tag: {tag: browsed, next: pause}
  pause: {wait: 1h, next: mail}
  mail:
    ask: Your e-mail?
    type: email
    into: contact.email
    routes:
      - {answer: valid, to: vip}
      - {answer: invalid, to: sorry}
  vip:
    branch:
      - {tagged: vip, to: price}
    else: sorry
  price: {say: It costs 3 euros.}
  sorry: {say: Sorry.}
  person: {handover: wants help}
"""


def program(text: str) -> Program:
    found = compile_text(text, REGISTRY, "yaml").program
    assert found is not None
    return found


CASES = [
    ("say: Hello!", "say: Hi!", ["the start"], 'say "Hello!" [Browse, Help]', 'say "Hi!" [Browse, Help]'),
    ("wait: 1h", "wait: 2h", ["the start", "tap BROWSE"], "wait 1h", "wait 2h"),
    ("tag: browsed", "tag: looked", ["the start", "tap BROWSE"], "tag browsed", "tag looked"),
    ("{text: Help, to: person}", "{text: Help, to: price}", ["the start", "tap HELP"], 'handover "wants help"', 'say "It costs 3 euros."'),
    ("keyword: [price]", "keyword: [cost]", ["the start", 'the contact writes "price"'], 'say "It costs 3 euros."', 'say "Sorry."'),
    ("timeout: 2h", "timeout: 3h", ["the start"], "wait for an answer within 2h", "wait for an answer within 3h"),
    ("answer: invalid, to: sorry", "answer: invalid, to: price", ["the start", "tap BROWSE", "the wait", "a wrong answer"], 'say "Sorry."', 'say "It costs 3 euros."'),
    ("tagged: vip, to: price", "tagged: vip, to: sorry", ["the start", "tap BROWSE", "the wait", "a valid answer, tagged vip"], 'say "It costs 3 euros."', 'say "Sorry."'),
    ("    else: sorry\n  tag:", "  tag:", ["the start", "any other answer"], 'say "Sorry."', "no answer"),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "after", "old", "new"), CASES, ids=[c[1] for c in CASES])
def test_what_is_found(was: str, now: str, after: list[str], old: str, new: str) -> None:
    a, b = program(HELLO), program(HELLO.replace(was, now, 1))
    found = differences(a, b)
    first = next(d for d in found if list(d.after) == after)
    assert (first.old[0], first.new[0]) == (old, new)
    assert transcripts(a, b, first) is not None, "both versions show it"
    assert differences(a, a) == []


def refactored(definition: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The same behaviour, written otherwise: other ids, another order, names, notes, positions, a step that does nothing."""
    made = copy.deepcopy(definition)
    inner = made.get("flowDefinition", made)
    ids = [n["id"] for n in inner["nodes"]]
    new = dict(zip(ids, (f"x{i}" for i in rng.sample(range(1000), len(ids))), strict=True))
    for node in inner["nodes"]:
        node["id"] = new[node["id"]]
        node |= {"name": "A name", "notes": ["a note"], "position": {"x": rng.randint(0, 9), "y": 1}}
        for connection in node.get("connections") or ():
            connection["targetNodeId"] = new.get(connection.get("targetNodeId"), connection.get("targetNodeId"))
    inner["startNodeId"] = new[inner["startNodeId"]]
    idle = {"targetNodeId": inner["startNodeId"], "condition": None}
    inner["nodes"].append({"id": "idle", "type": "start", "connections": [idle]})
    inner["startNodeId"] = "idle"
    rng.shuffle(inner["nodes"])
    return made


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_refactorings_are_no_difference(path: Path) -> None:
    definition = read(path.read_bytes(), None, str(path)).data
    old = compile_definition(definition, REGISTRY).program
    for seed in range(3):
        new = compile_definition(refactored(definition, random.Random(seed)), REGISTRY).program
        assert old is not None and new is not None
        assert [d.as_json() for d in differences(old, new)] == []


def mutations(definition: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """One change each that somebody would notice."""
    nodes = definition.get("flowDefinition", definition)["nodes"]
    for i, node in enumerate(nodes):
        if node["type"] == "message" and (node.get("text") or (node.get("content") or {}).get("text")):
            made = copy.deepcopy(definition)
            changed = made.get("flowDefinition", made)["nodes"][i]
            (changed if changed.get("text") else changed["content"])["text"] += " Really."
            yield f"{node['id']}: another text", made
        if node["type"] == "tag_contact" and node.get("tagName"):
            made = copy.deepcopy(definition)
            made.get("flowDefinition", made)["nodes"][i]["tagName"] += "_x"
            yield f"{node['id']}: another tag", made


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_mutations_are_found_and_shown(path: Path) -> None:
    definition = read(path.read_bytes(), None, str(path)).data
    old = compile_definition(definition, REGISTRY).program
    assert old is not None
    for what, made in mutations(definition):
        new = compile_definition(made, REGISTRY).program
        assert new is not None
        assert differences(old, new), what


SPELLED = [
    "a.b|default(\"x\")|title", "not (a and b)", "not a and b", "(a or b) and c", "a or b and c", "(a + b) * c", "a - (b - c)", "-a.b",
    "-(a + b)", "a in [1, 2, \"x\"]", "a not in b", "tagged vip", "tagged \"two words\"", "says [\"a\", \"b\"]", "a is set", "a is not set",
    "a is \"text\"", "{k: 1, \"two words\": [a]}", "a[0].b", "round(a, 2)", "1d12h", "1.5", "(a == b) == c", "(a|upper).length", "now - 90s",
    "in_segment(\"x\") and matches(a, \"b+\")", "\"\\u{7}\\n\\\"\"", "(not a) == b",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLED)
def test_expressions_are_spelled_so_that_they_read_the_same(text: str) -> None:
    tree = parse_expression(text)
    assert parse_expression(unparse(tree)) == tree


@pytest.mark.parametrize("text", ["Hi {{a|default('you')}}!", "plain", "{{ {a: 1} }}", "{{a}}{{b}}", "x } y {{a}}"])
def test_templates_too(text: str) -> None:
    tree = parse_template(text)
    assert parse_template(unparse_template(tree)) == tree
