"""Plain JSON data to a FlowDoc: the outer shape is checked here, a step's own fields by its node type."""

from collections.abc import Mapping
from typing import Any

from core.lang.document_node import NodeReader
from core.lang.fixing import meant, renamed
from core.lang.locales.table import read_locales
from core.lang.locales.words import spoken_triggers
from core.lang.properties.listed import read_properties
from core.lang.report import Place, Report
from core.model.diagnostic import Severity
from core.model.fix import Related
from core.model.flowdoc import FlowDoc, NodeDoc
from core.model.languages import TAG
from core.model.limits import NODES_PER_FLOW
from core.model.near import near

_KEPT = {"sections", "sectionNotes", "notes", "layout", "extra", "version", "$schema"}
_READ = {"startNodeId", "nodes", "params", "settings", "locales", "properties", "formatVersion", *_KEPT}
_OWN_KEYS = {"version", "$schema", "extra", "layout", "sectionNotes", "startNodeId", "nodes"}
"""What is not meant by a key that is written wrong."""
_SETTINGS = frozenset({"interrupt", "stale", "language", "expireSeconds"})
WORDS = {"interrupt": ("never", "keywords", "always"), "stale": ("repeat", "continue", "restart", "ignore")}
"""Setting -> its words."""


def read_document(data: Any, known: Any, report: Report) -> FlowDoc | None:
    """The document in ``data``: a bare definition or the API's envelope. None when there is nothing to compile.

    ``known(type)`` answers the keys that a node type reads, or None for a type that is not installed.
    """
    if not isinstance(data, Mapping):
        report.add("IF006", "a flow is an object with startNodeId and nodes")
        return None
    wrapped = "flowDefinition" in data
    base: Place = ("flowDefinition",) if wrapped else ()
    definition = data["flowDefinition"] if wrapped else data
    if not isinstance(definition, Mapping):
        report.add("IF006", "flowDefinition must be an object", base)
        return None
    nodes = _nodes(definition.get("nodes"), (*base, "nodes"), known, report)
    if nodes is None:
        return None
    envelope = data if wrapped else {}
    locales = read_locales(definition.get("locales"), (*base, "locales"), report)
    return FlowDoc(
        start=_start(definition, base, nodes, report),
        nodes=nodes,
        **{k: _text(envelope, k, report) for k in ("name", "description", "status", "slug")},
        triggers=spoken_triggers(_objects(envelope.get("triggers"), ("triggers",), report), locales),
        params=_params(definition.get("params"), (*base, "params"), report),
        settings=_settings(definition.get("settings"), (*base, "settings"), report),
        locales=locales,
        properties=read_properties(definition.get("properties"), (*base, "properties"), report),
        notes=tuple(str(n) for n in _list(definition.get("notes"), (*base, "notes"), report)),
        extra=_extra(definition, base, report),
        place=base,
    )


def _start(definition: Mapping[str, Any], base: Place, nodes: tuple[NodeDoc, ...], report: Report) -> str:
    start = definition.get("startNodeId")
    place = (*base, "startNodeId") if "startNodeId" in definition else base
    if not isinstance(start, str):
        report.add("IF101", "startNodeId is missing" if start is None else "startNodeId must be a text", place)
        return ""
    ids = {n.id for n in nodes}
    if start not in ids:
        hint, fix = meant(start, ids, place, "name a step that exists")
        report.add("IF101", f"the start step '{start}' does not exist", place, hint=hint, fix=fix)
    return start


def _nodes(raw: Any, place: Place, known: Any, report: Report) -> tuple[NodeDoc, ...] | None:
    if not isinstance(raw, list):
        report.add(
            "IF006", "nodes is missing" if raw is None else "nodes must be a list", place[:-1] if raw is None else place
        )
        return None
    if len(raw) > NODES_PER_FLOW:
        message = f"the flow has {len(raw)} steps; at most {NODES_PER_FLOW} are allowed"
        report.add("IF106", message, place, hint="move a part into a subflow")
        return None
    reader = NodeReader(known, report)
    found: dict[str, NodeDoc] = {}
    for i, one in enumerate(raw):
        node = reader.read(one, (*place, i))
        if node is None:
            continue
        if node.id in found:
            first = Related("the first step with this id", (*found[node.id].place, "id"))
            at = (*place, i, "id")
            report.add("IF104", f"two steps have the id '{node.id}'", at, node.id, related=(first,))
            continue
        found[node.id] = node
    return tuple(found.values())


def _text(envelope: Mapping[str, Any], key: str, report: Report) -> str | None:
    value = envelope.get(key)
    if value is not None and not isinstance(value, str):
        report.add("IF006", f"{key} must be a text", (key,))
        return None
    return value


def _list(raw: Any, place: Place, report: Report) -> list[Any]:
    if raw is not None and not isinstance(raw, list | str):
        report.add("IF006", f"{place[-1]} must be a list", place)
        return []
    return [raw] if isinstance(raw, str) else raw or []


def _objects(raw: Any, place: Place, report: Report) -> tuple[Mapping[str, Any], ...]:
    items = _list(raw, place, report)
    for i, item in enumerate(items):
        if not isinstance(item, Mapping):
            report.add("IF006", f"{place[-1]}[{i}] must be an object", (*place, i))
    return tuple(item for item in items if isinstance(item, Mapping))


def _params(raw: Any, place: Place, report: Report) -> tuple[Mapping[str, Any], ...]:
    out = []
    for i, param in enumerate(_objects(raw, place, report)):
        name = param.get("name")
        if isinstance(name, str) and name.isidentifier():
            out.append(param)
        else:
            report.add("IF006", f"params[{i}] needs a name that is one word", (*place, i))
    return tuple(out)


def _settings(raw: Any, place: Place, report: Report) -> dict[str, Any]:
    if raw is not None and not isinstance(raw, Mapping):
        report.add("IF006", "settings must be an object", place)
        return {}
    out: dict[str, Any] = {}
    for key, value in (raw or {}).items():
        if wrong := _setting(key, value):
            strange = "no setting" in wrong
            better = near(key, _SETTINGS - raw.keys()) if strange and raw else ""
            fix, hint = (renamed((*place, key), better), f"did you mean '{better}'?") if better else (None, "")
            code = "IF007" if strange else "IF006"
            report.add(code, f"settings.{key} {wrong}", (*place, key), hint=hint, fix=fix)
        elif value is not None:
            out[key] = value
    return out


def _setting(key: str, value: Any) -> str:
    if key in WORDS:
        fine = value is None or (isinstance(value, str) and value in WORDS[key])
        return "" if fine else f"must be one of: {', '.join(WORDS[key])}"
    if key == "language":
        fine = value is None or (isinstance(value, str) and bool(TAG.match(value)))
        return "" if fine else "must be a language, such as en, de or pt-br"
    if key == "expireSeconds":
        fine = value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31)
        return "" if fine else "must be a whole number of seconds, at least 1"
    return "is no setting of a flow"


def _extra(definition: Mapping[str, Any], base: Place, report: Report) -> dict[str, Any]:
    extra = {k: v for k, v in definition.items() if k not in _READ or k in _KEPT - {"notes"}}
    for key in extra:
        if key not in _KEPT:
            at = (*base, key)
            better = near(key, (_READ - _OWN_KEYS) - definition.keys())
            hint = f"did you mean '{better}'?" if better else "it is kept, but nothing reads it; check the spelling"
            fix = renamed(at, better) if better else None
            said = f"'{key}' is not a key of a flow"
            report.add("IF007", said, at, hint=hint, severity=Severity.WARNING, fix=fix)
    return extra
