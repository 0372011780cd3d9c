"""Faults put into a flow, one at a time: do its tests notice?

A mutant whose behaviour is the same (``core.lang.behaviour``) is no fault; one that the compiler refuses is found without a test.
"""

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

Definition = dict[str, Any]
Node = dict[str, Any]
Mutant = tuple[str, Definition]
"""(what was done, the changed document)."""


def mutants(definition: Mapping[str, Any], seed: int = 1, each: int = 2) -> list[Mutant]:
    """Up to ``each`` mutants of every operator, chosen by the seed, always the same ones."""
    found: list[Mutant] = []
    for name, operator in OPERATORS.items():
        places = list(operator(copy.deepcopy(dict(definition))))
        rng = random.Random(f"{seed}:{name}:{len(places)}")
        for n in sorted(rng.sample(range(len(places)), min(each, len(places)))):
            made = copy.deepcopy(dict(definition))
            place, change = list(operator(made))[n]
            change()
            found.append((f"{name} at {place}", made))
    return found


Change = tuple[str, Callable[[], None]]


def _nodes(definition: Mapping[str, Any]) -> list[Node]:
    inner = definition.get("flowDefinition", definition)
    return [n for n in inner["nodes"] if isinstance(n, dict)]


def _connections(definition: Definition) -> Iterator[tuple[Node, Definition]]:
    for node in _nodes(definition):
        yield from ((node, c) for c in node.get("connections") or ())


def _other_text(definition: Definition) -> Iterator[Change]:
    for node in _nodes(definition):
        for holder in (node, node.get("content") or {}):
            for key in ("text", "prompt", "retryMessage"):
                if isinstance(holder.get(key), str):
                    yield node["id"], lambda h=holder, k=key: h.update({k: "Something else entirely."})  # type: ignore[misc]


def _other_tag(definition: Definition) -> Iterator[Change]:
    for node in _nodes(definition):
        if node["type"] in ("tag_contact", "untag_contact"):
            names = node.get("tagNames") or [node.get("tagName")]
            yield node["id"], lambda n=node, t=names: n.update(tagName=f"{t[0]}_x", tagNames=None)  # type: ignore[misc]


def _to_the_end(definition: Definition) -> Iterator[Change]:
    for node, connection in _connections(definition):
        if connection.get("targetNodeId") is not None:
            yield node["id"], lambda c=connection: c.update(targetNodeId=None)  # type: ignore[misc]


def _swapped(definition: Definition) -> Iterator[Change]:
    for node in _nodes(definition):
        out = node.get("connections") or []
        for a, b in pairwise(out):
            if a.get("targetNodeId") != b.get("targetNodeId"):
                yield node["id"], lambda x=a, y=b: _swap(x, y)  # type: ignore[misc]


def _swap(a: Definition, b: Definition) -> None:
    a["targetNodeId"], b["targetNodeId"] = b.get("targetNodeId"), a.get("targetNodeId")


def _left_out(definition: Definition) -> Iterator[Change]:
    for node in _nodes(definition):
        out = node.get("connections") or []
        for i, connection in enumerate(out):
            if connection.get("condition") is not None:
                yield node["id"], lambda o=out, n=i: o.pop(n)  # type: ignore[misc]


def _longer(definition: Definition) -> Iterator[Change]:
    for node in _nodes(definition):
        if isinstance(node.get("durationSeconds"), int):
            yield node["id"], lambda n=node: n.update(durationSeconds=n["durationSeconds"] * 2)  # type: ignore[misc]
    for node, connection in _connections(definition):
        condition = connection.get("condition") or {}
        if condition.get("type") == "timeout":
            yield node["id"], lambda c=condition: c.update(seconds=c["seconds"] * 2)  # type: ignore[misc]


def _other_place(definition: Definition) -> Iterator[Change]:
    for node in _nodes(definition):
        for key in ("saveToAttribute", "saveToVariable", "target"):
            if isinstance(node.get(key), str):
                yield node["id"], lambda n=node, k=key: n.update({k: f"{n[k]}_x"})  # type: ignore[misc]


def _other_condition(definition: Definition) -> Iterator[Change]:
    for node, connection in _connections(definition):
        condition = connection.get("condition") or {}
        if condition.get("type") == "expression":
            yield node["id"], lambda c=condition: c.update(value=f"not ({c['value']})")  # type: ignore[misc]
        elif condition.get("type") in ("attribute_equals", "has_tag", "keyword") and isinstance(
            condition.get("value"), str
        ):
            yield node["id"], lambda c=condition: c.update(value=f"{c['value'].partition(',')[0]}x")  # type: ignore[misc]


def _other_outcome(definition: Definition) -> Iterator[Change]:
    for node in _nodes(definition):
        if node["type"] == "end" and node.get("outcome"):
            yield node["id"], lambda n=node: n.update(outcome=f"{n['outcome']}_x")  # type: ignore[misc]


OPERATORS: Mapping[str, Callable[[Definition], Iterator[Change]]] = {
    "another text": _other_text,
    "another tag": _other_tag,
    "an exit to the end": _to_the_end,
    "two exits exchanged": _swapped,
    "an exit left out": _left_out,
    "twice as long": _longer,
    "kept elsewhere": _other_place,
    "another condition": _other_condition,
    "another outcome": _other_outcome,
}
