"""Ids and places of a document carried over to its next version."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from core.lang.expressions.scalars import unquote
from core.lang.properties.spell import name
from core.lang.revisions.pairs import pairs

Definition = Mapping[str, Any]
_NUMBERED = re.compile(r"(.*?)(\d+)_*\Z", re.DOTALL)
_STEP = re.compile(r"(\bstep\s+)(\"(?:[^\"\\]|\\.)*\"|[\w.-]+)")


def carried(new: Definition, old: Definition, automatic: AbstractSet[str]) -> dict[str, Any]:
    """The definition ``new`` in which the steps that ``old`` has too are called as they are there.

    ``automatic`` = ids that nobody wrote (a text numbers its steps, so they shift when one is inserted). Written ids, the names of
    sections among them, stay. A step that is new never gets an id that the old version used for another one. Connections,
    properties and translations follow.
    """
    mine, theirs = _nodes(new), _nodes(old)
    if mine is None or theirs is None or not automatic:
        return dict(new)
    found = pairs(mine, theirs, automatic)
    names = {a: b for a, b in found.items() if a in automatic}
    taken = {n["id"] for n in mine if n["id"] not in automatic} | {n["id"] for n in theirs}
    for node in mine:
        id_ = node["id"]
        if id_ in automatic and id_ not in names:
            names[id_] = free_id(id_, taken)
            taken.add(names[id_])
    changed = {a: b for a, b in names.items() if a != b}
    return renamed(new, changed) if changed else dict(new)


def free_id(wanted: str, taken: AbstractSet[str]) -> str:
    """``wanted``, or the next number of its kind that is free.

    >>> free_id("a.say2", {"a.say2", "a.say3"}), free_id("end", {"end"})
    ('a.say4', 'end2')
    """
    if wanted not in taken:
        return wanted
    numbered = _NUMBERED.match(wanted)
    base, n = (numbered[1], int(numbered[2])) if numbered else (wanted, 2)
    while f"{base}{n}" in taken or f"{base}{n}" == wanted:
        n += 1
    return f"{base}{n}"


def renamed(definition: Definition, names: Mapping[str, str]) -> dict[str, Any]:
    """The definition with other ids, wherever steps are named."""
    out = dict(definition)
    out["nodes"] = [_renamed_node(n, names) for n in definition["nodes"]]
    if isinstance(out.get("startNodeId"), str):
        out["startNodeId"] = names.get(out["startNodeId"], out["startNodeId"])
    if isinstance(out.get("sections"), list):
        out["sections"] = [names.get(s, s) if isinstance(s, str) else s for s in out["sections"]]
    if isinstance(out.get("sectionNotes"), Mapping):
        out["sectionNotes"] = {names.get(k, k): v for k, v in out["sectionNotes"].items()}
    if isinstance(out.get("properties"), list):
        out["properties"] = [_renamed_property(p, names) for p in out["properties"]]
    if isinstance(out.get("locales"), Mapping):
        out["locales"] = {k: _renamed_texts(v, names) for k, v in out["locales"].items()}
    return out


def _renamed_node(node: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    out = {**node, "id": names.get(node["id"], node["id"])}
    if isinstance(node.get("connections"), list):
        out["connections"] = [
            {**c, "targetNodeId": names.get(c["targetNodeId"], c["targetNodeId"])}
            if isinstance(c, Mapping) and isinstance(c.get("targetNodeId"), str)
            else c
            for c in node["connections"]
        ]
    return out


def _renamed_property(given: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(given, Mapping):
        return given
    return {k: _STEP.sub(lambda m: _renamed_step(m, names), v) if isinstance(v, str) else v for k, v in given.items()}


def _renamed_step(found: re.Match[str], names: Mapping[str, str]) -> str:
    written = found[2]
    id_ = unquote(written) if written.startswith('"') else written
    return found[1] + name(names[id_]) if id_ in names else found[0]


def _renamed_texts(texts: Any, names: Mapping[str, str]) -> Any:
    """Keys of translations begin with the id of their step."""
    return {_renamed_key(k, names): v for k, v in texts.items()} if isinstance(texts, Mapping) else texts


def _renamed_key(key: Any, names: Mapping[str, str]) -> Any:
    parts = str(key).split(".")
    for cut in range(len(parts) - 1, 0, -1):
        id_ = ".".join(parts[:cut])
        if id_ in names:
            return ".".join((names[id_], *parts[cut:]))
    return key


def placed(new: Definition, old: Definition) -> dict[str, Any]:
    """``new`` with the places on the canvas of ``old``, for steps that have none of their own."""
    nodes, before = _nodes(new), _nodes(old)
    if nodes is None or before is None:
        return dict(new)
    at = {n["id"]: n["position"] for n in before if n.get("position") is not None}
    kept = [{**n, "position": at[n["id"]]} if n["id"] in at and n.get("position") is None else n for n in nodes]
    return {**new, "nodes": kept}


def _nodes(definition: Definition) -> list[Any] | None:
    """The nodes when all have an id of their own and a type, else None: then nothing can be told apart."""
    nodes = definition.get("nodes")
    if not isinstance(nodes, list):
        return None
    ids = [n.get("id") if isinstance(n, Mapping) and isinstance(n.get("type"), str) else None for n in nodes]
    return nodes if all(isinstance(i, str) for i in ids) and len(set(ids)) == len(ids) else None
