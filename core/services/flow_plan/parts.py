"""The parts of a flow that are compared, each as a digest, and the positions, which are not compared but carried along."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.lang.conditions import words_of
from core.lang.printing import normal
from core.lang.upgrade import upgraded
from core.model.codec import canonical
from core.model.errors import ServiceError
from core.services import trigger_fields, trigger_merge
from core.services.flow_plan.files import SAID
from core.services.house import House

Parts = Mapping[str, str]
DOCUMENT, TRIGGERS, POSITIONS, PUBLISHED = "document", "triggers", "positions", "published"
"""``published`` = the live version does not behave like the draft, although both sides agree on the draft."""


def parts_of(house: House, envelope: Mapping[str, Any]) -> dict[str, str]:
    """Part to digest: the document, the triggers, and what the envelope says of name, description and status."""
    found = {DOCUMENT: digest(_bare(envelope["flowDefinition"]))}
    found[TRIGGERS] = digest(
        sorted((_form(house, t) for t in unique(house, envelope.get("triggers") or ())), key=digest)
    )
    return found | {k: str(envelope[k]) for k in SAID if isinstance(envelope.get(k), str)}


def digest(value: Any) -> str:
    """A short name of a JSON value."""
    return hashlib.sha256(canonical(value)).hexdigest()[:20]


def _bare(definition: Mapping[str, Any]) -> Any:
    """The document without positions and without the sections of its text, as today's format writes it."""
    plain = {k: v for k, v in normal(upgraded(definition)).items() if k != "sections"}
    nodes = plain.get("nodes")
    if isinstance(nodes, list):
        plain["nodes"] = [_unplaced(n) for n in nodes]
    return plain


def _unplaced(node: Any) -> Any:
    return {k: v for k, v in node.items() if k != "position"} if isinstance(node, Mapping) else node


def unique(house: House, triggers: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Triggers that listen to the same are one; the last one counts, as when they are stored."""
    found: dict[Any, Mapping[str, Any]] = {}
    for n, given in enumerate(triggers):
        try:
            found[trigger_merge.written_identity(house, given)] = given
        except ServiceError:
            found[n] = given
    return [t for t in found.values() if t.get("status") != "inactive"]


def _form(house: House, given: Mapping[str, Any]) -> Any:
    """A trigger however it is written; one that is wrong stays as it is."""
    try:
        c = trigger_fields.columns(house, given)
    except ServiceError:
        return dict(given)
    options = {k: v for k, v in c["options"].items() if v is not None}
    return [c["type"], words_of(c["keyword"]), c["post_permalink"], options]


def as_given(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A trigger's row without what was found out later (the post's id)."""
    found = {**(row["options"] or {}), "type": row["type"], "keyword": row["keyword"]}
    return {**found, **({"postPermalink": row["post_permalink"]} if row["post_permalink"] else {})}


def places(definition: Mapping[str, Any] | None) -> dict[str, Any]:
    """The position of each node that has one."""
    nodes = (definition or {}).get("nodes")
    listed: Sequence[Any] = nodes if isinstance(nodes, list) else ()
    return {n["id"]: n["position"] for n in listed if isinstance(n, Mapping) and n.get("position") and _named(n)}


def _named(node: Mapping[str, Any]) -> bool:
    return isinstance(node.get("id"), str)


def placed(file: Mapping[str, Any], base: Mapping[str, Any] | None, server: Mapping[str, Any] | None) -> dict[str, Any]:
    """The file's definition with positions: those that were moved in the file since the base, else the server's, else the file's.

    A step that has another id now keeps its place when it is the only one of its content.
    """
    mine, old, there = places(file), places(base), places(server)
    twins = _twins(server)
    nodes = []
    for node in file.get("nodes") or ():
        if isinstance(node, Mapping) and _named(node):
            id_ = node["id"]
            moved = id_ in mine and mine[id_] != old.get(id_)
            at = mine[id_] if moved else there.get(id_) or twins.get(_content(node)) or mine.get(id_)
            node = {**node, "position": at} if at is not None else node
        nodes.append(node)
    return {**file, "nodes": nodes} if isinstance(file.get("nodes"), list) else dict(file)


def _twins(definition: Mapping[str, Any] | None) -> dict[str, Any]:
    """Content to position, where only one node has that content."""
    nodes = (definition or {}).get("nodes")
    listed: Sequence[Any] = nodes if isinstance(nodes, list) else ()
    found: dict[str, Any] = {}
    for node in listed:
        if isinstance(node, Mapping):
            key = _content(node)
            found[key] = None if key in found else node.get("position")
    return found


def _content(node: Mapping[str, Any]) -> str:
    return digest({k: v for k, v in node.items() if k not in ("id", "position", "connections", "notes")})
