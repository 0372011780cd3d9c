"""The normal form: the same document without what means nothing (flow-language.md 2.2)."""

from collections.abc import Mapping
from typing import Any

from core.lang.conditions import words_of
from core.lang.order import ANSWERED, SORTED, arranged
from core.lang.properties.listed import canonical
from core.lang.text.conditions import condition_of

Document = dict[str, Any]
_KEPT = frozenset({"targetNodeId", "condition", "nodes", "flowDefinition", "value", "default"})
"""Keys whose null says something."""
_LISTS = frozenset(
    {"connections", "notes", "buttons", "media", "cards", "triggers", "params", "sections", "properties"}
)
_OBJECTS = frozenset({"settings", "sectionNotes"})
"""Keys whose emptiness is the same as their absence."""


def enveloped(document: Mapping[str, Any]) -> Document:
    """The envelope; around a bare definition one that says nothing else.

    >>> enveloped({"nodes": []})
    {'flowDefinition': {'nodes': []}}
    """
    return dict(document) if "flowDefinition" in document else {"flowDefinition": document}


def normal(definition: Mapping[str, Any]) -> Document:
    """Without nulls and empty lists that are the default anyway, keywords trimmed, connections ordered by class, a sole exit to the
    end left out, a second connection without a condition left out. The envelope stays one, a bare definition stays bare.

    >>> normal({"startNodeId": "a", "nodes": [{"id": "a", "type": "end", "name": None, "connections": []}]})
    {'startNodeId': 'a', 'nodes': [{'id': 'a', 'type': 'end'}]}
    """
    if "flowDefinition" in definition:
        inner = definition["flowDefinition"]
        out = _without(definition)
        out["flowDefinition"] = normal(inner) if isinstance(inner, Mapping) else inner
        if isinstance(out.get("triggers"), list):
            out["triggers"] = [_trigger(t) for t in out["triggers"]]
        return out
    out = _without(definition)
    if isinstance(out.get("nodes"), list):
        out["nodes"] = [_node(n) if isinstance(n, Mapping) else n for n in out["nodes"]]
    if "properties" in out:
        out["properties"] = canonical(out["properties"])
    return out


def _without(data: Mapping[str, Any]) -> Document:
    return {k: v for k, v in data.items() if not _says_nothing(k, v)}


def _says_nothing(key: str, value: Any) -> bool:
    if value is None:
        return key not in _KEPT
    return (key in _LISTS and value == []) or (key in _OBJECTS and value == {})


def _trigger(trigger: Any) -> Any:
    if not isinstance(trigger, Mapping):
        return trigger
    out = _without(trigger)
    if "keyword" in out:
        out["keyword"] = _keywords(out["keyword"])
    return out


def _keywords(value: Any) -> Any:
    """As one text, separated by commas, where that can be."""
    fine = isinstance(value, str) or (isinstance(value, list) and all(isinstance(w, str) for w in value))
    if not fine:
        return value
    if isinstance(value, list) and any("," in w for w in value):
        return [w.strip() for w in value if w.strip()]
    return ", ".join(words_of(value)) or value


def _node(node: Mapping[str, Any]) -> Document:
    out = _without(node)
    if isinstance(out.get("content"), Mapping):
        out["content"] = _without(out["content"])
        if not out["content"]:
            del out["content"]
    if isinstance(out.get("connections"), list):
        connections = _connections(out)
        if connections:
            out["connections"] = connections
        else:
            del out["connections"]
    return out


def _connections(node: Mapping[str, Any]) -> list[Any]:
    kind = node.get("type")
    kept: list[Any] = []
    for one in node["connections"]:
        if not isinstance(one, Mapping):
            kept.append(one)
            continue
        made = {k: v for k, v in one.items() if k in _KEPT or v is not None}
        condition = made.setdefault("condition", None)
        if isinstance(condition, Mapping):
            made["condition"] = _condition(condition, kind)
        elif any(isinstance(k, Mapping) and k.get("condition") is None for k in kept):
            continue
        kept.append(made)
    plain = all(isinstance(c, Mapping) and isinstance(c.get("condition"), Mapping | None) for c in kept)
    if plain:
        kept = arranged(node, kept, lambda c: c["condition"])
    if kept == [{"targetNodeId": None, "condition": None}] and not _waits(node):
        return []
    return kept


def _waits(node: Mapping[str, Any]) -> bool:
    """A sole exit to the end says that the step takes any answer; where nothing is answered it says nothing."""
    if node.get("type") != "message":
        return node.get("type") in SORTED
    content = node.get("content")
    return any(isinstance(part, Mapping) and part.get("buttons") for part in (node, content))


def _condition(condition: Mapping[str, Any], kind: Any) -> Document:
    """An expression that a condition type stands for is that type. (Words are not, where they would be an answer.)"""
    out = _without(condition)
    if set(out) == {"type", "value"} and out["type"] == "expression" and isinstance(out["value"], str):
        meant = condition_of(out["value"].strip())
        if "{{" not in out["value"] and not (meant["type"] == "keyword" and kind in ANSWERED):
            return meant
    if out.get("type") == "keyword" and "value" in out:
        out["value"] = _keywords(out["value"])
    return out
