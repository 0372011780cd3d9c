"""YAML's flat form: steps by their ids, each with one verb; the verb's node type says what else may stand there."""

from collections.abc import Mapping
from typing import Any

from core.lang.catalog import Catalog
from core.lang.document_node import BASE
from core.lang.reading.flat_step import CONTENT, VERBS
from core.lang.schema.definition import common, trigger_fields
from core.lang.schema.parts import DURATION, ID, NAME, NOTES, WORDS, Schema, fields, listed, mapping, ref, scalar, words
from core.model.integration import Integration

TEXT = scalar("string", "null")
NAMED: Schema = {"type": "string", "minLength": 1}
_HOURS = mapping({"until": TEXT, "hours": {}, "zone": {"enum": ["contact", "account", None]}}, type="object")
_VALUES: dict[str, tuple[str, Schema]] = {
    "say": ("Sends a message", TEXT),
    "carousel": ("Shows cards side by side", listed(ref("card"))),
    "ask": ("Asks a question and keeps the answer", NAMED),
    "wait": ("Waits: 30m, or {until: \"09:00\"}, or {hours: …}", {"anyOf": [*DURATION["anyOf"], {"type": "null"}, _HOURS]}),
    "tag": ("Gives the contact a tag, or several", {"anyOf": [TEXT, listed({"type": "string"})]}),
    "untag": ("Takes a tag, or several", {"anyOf": [TEXT, listed({"type": "string"})]}),
    "set": ("Sets an attribute (contact.plan) or a variable: {name: value}", {"type": ["object", "string"], "minProperties": 1, "maxProperties": 1}),
    "unset": ("Removes an attribute or a variable", NAMED),
    "handover": ("Hands the conversation to a person, with a note", TEXT),
    "call": ("Calls an action of an integration", NAMED),
    "run": ("Runs another flow", NAMED),
    "branch": ("Decides: the first route whose condition holds", listed(ref("route"))),
    "split": ("Takes a route by chance; the name of the experiment", TEXT),
    "comment_reply": ("Replies in public under the comment", NAMED),
    "end": ("Ends the flow, with an outcome", TEXT),
    "begin": ("Where the flow begins", {}),
    "use": ("A step of any type, such as a plugin's", NAMED),
}  # fmt: skip
"""Verb -> what it does, and what stands beside it."""

_TAKEN = {
    "ask": {"type": TEXT, "into": TEXT},
    "call": {"with": mapping({}), "into": TEXT, "within": {"anyOf": [*DURATION["anyOf"], {"type": "null"}]}},
    "run": {"with": mapping({}), "into": TEXT},
}
_MADE = {
    "ask": {"prompt", "inputType", "saveToAttribute"},
    "set": {"target"},
    "unset": {"target"},
    "call": {"integration", "arguments", "timeoutSeconds"},
    "run": {"flow", "arguments"},
    "comment_reply": {"text"},
}
"""Verb -> the fields of its type that are written otherwise here."""


def flat(registry: Catalog) -> dict[str, Schema]:
    """The parts: flat, step, route, target, button, card, when."""
    texts = dict.fromkeys(("flow", "name", "description", "status"), TEXT)
    steps = {"type": "object", "additionalProperties": ref("step"), "propertyNames": ID}
    as_nodes = {"type": "array", "items": ref("node")}
    return {
        "flat": {
            "type": "object",
            "required": ["steps"],
            "properties": {
                **texts,
                "start": NAMED,
                "when": listed(ref("when"), description="How the flow begins"),
                "steps": {"if": {"type": "array"}, "then": as_nodes, "else": steps},
                "layout": mapping({}, description="Places on the canvas: {step: [x, y]}"),
                "extra": {},
                **common(),
            },
        },
        "step": _step(registry),
        "target": _target(),
        "route": _route(),
        "button": _button(registry, "type"),
        "card": _card(registry),
        "when": _when(registry),
    }


def _step(registry: Catalog) -> Schema:
    shown = {verb: {"description": about} for verb, (about, _) in _VALUES.items()}
    exits = {
        "next": ref("target"),
        "else": ref("target"),
        "routes": listed(ref("route"), description="Exits with conditions"),
    }
    return {
        "type": "object",
        "properties": {"name": NAME, "notes": NOTES, **exits, **shown},
        "oneOf": [{"required": [verb]} for verb in VERBS],
        "allOf": [{"if": {"required": [verb]}, "then": _verb(verb, registry)} for verb in VERBS],
    }  # fmt: skip


def _verb(verb: str, registry: Catalog) -> Schema:
    kind = VERBS[verb][0]
    value = _VALUES[verb][1]
    if kind is None:
        return _use(registry, value)
    t = registry.node_types.get(kind)
    given = t.json_schema() if t is not None else {}
    own = fields({**given, "required": []}, {*BASE, *_MADE.get(verb, ()), *VERBS})
    shown = {"quick": listed(ref("button")), "buttons": listed(ref("button"))}
    held = {k: v for k, v in shown.items() if verb in CONTENT or k in own or (k == "quick" and "buttons" in own)}
    out: Schema = {"properties": {**own, **held, **_TAKEN.get(verb, {}), verb: value}}
    return {**out, "allOf": _actions(registry.integrations)} if verb == "call" else out


def _actions(integrations: Mapping[str, Integration]) -> list[Schema]:
    """The arguments of each action, to choose from: the compiler leaves their values to the action."""
    out = []
    for integration in integrations.values():
        for name, action in integration.named.items():
            known = {k: _hint(v) for k, v in action.schema.get("properties", {}).items()}
            then = {"properties": {"with": mapping(known, title=action.title)}}
            out.append({"if": {"properties": {"call": {"const": name}}}, "then": then})
    return out


def _hint(schema: Any) -> Schema:
    out = {k: schema[k] for k in ("title", "description", "default") if k in schema}
    return {**out, "examples": schema["enum"]} if "enum" in schema else out


def _use(registry: Catalog, value: Schema) -> Schema:
    cases = []
    for name, t in registry.node_types.items():
        given = t.json_schema()
        own = fields({**given, "required": []}, BASE)
        then: Schema = {"properties": {**own, "with": mapping(own)}}
        if required := [k for k in given.get("required", ()) if k not in BASE]:
            inside = {"properties": {"with": {"type": "object", "required": required}}, "required": ["with"]}
            then["anyOf"] = [inside, {"required": required}]
        cases.append({"if": {"properties": {"use": {"const": name}}}, "then": then})
    known = {t.name: t.summary for t in registry.node_types.values()}
    return {"properties": {"use": {**value, **words(known)}}, "allOf": cases}


def _target() -> Schema:
    step = {"type": "object", "required": ["id"], "properties": {"id": TEXT}}
    return {"description": "The step to go to; end ends the flow", "anyOf": [TEXT, step]}


def _route() -> Schema:
    given: dict[str, Schema] = {
        "to": ref("target"),
        "payload": scalar("string", description="A button with this payload was tapped"),
        "keyword": WORDS,
        "matches": scalar("string", description="The answer matches this /pattern/"),
        "timeout": DURATION,
        "answer": {"enum": ["valid", "invalid", True, False]},
        "outcome": scalar("string", description="How the call or the subflow ended"),
        "tagged": scalar("string", description="The contact has this tag"),
        "if": scalar("string", description="An expression"),
        "share": scalar("number", description="Percent"),
        "reply": {"type": "string", "examples": ["any", "media"]},
        "attribute": scalar("string"),
        "equals": scalar("string", "number", "boolean"),
        "condition": {"anyOf": [{"type": "null"}, ref("condition")]},
    }
    return {"type": "object", "properties": given}


def _button(registry: Catalog, *free: str) -> Schema:
    """A button as the message's own schema has it, its kind found out by the reader when it is not written."""
    message = registry.node_types.get("message")
    given = message.json_schema().get("properties", {}) if message is not None else {}
    one = given.get("buttons", {}).get("items", {})
    kept = [k for k in one.get("required", ()) if k not in free]
    return {"type": "object", "required": kept, "properties": {**fields(one), "to": ref("target")}}


def _card(registry: Catalog) -> Schema:
    carousel = registry.node_types.get("carousel")
    given = carousel.json_schema().get("properties", {}) if carousel is not None else {}
    one = given.get("cards", {}).get("items", {})
    own = {**fields(one), "buttons": listed(ref("button"))}
    return {"type": "object", "required": list(one.get("required", ())), "properties": own}


def _when(registry: Catalog) -> Schema:
    types = registry.trigger_types
    known = words({t.name: t.summary for t in types.values()})
    listed_words = {"keyword": {"anyOf": [TEXT, listed({"type": "string"})]}}
    by_name = {}
    for name, t in types.items():
        own = trigger_fields(t)
        more = {k: v for k, v in listed_words.items() if k in own["properties"]}
        by_name[name] = {**own, "type": ["object", "null"], "properties": {**own["properties"], **more}}
    named = {
        "type": "object",
        "properties": by_name,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    typed = {"if": {"required": ["type"]}, "then": ref("trigger"), "else": named}
    return {"if": {"type": "string"}, "then": known, "else": typed}
