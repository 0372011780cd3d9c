"""One step of YAML's flat form as a node of the JSON document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.lang.durations import seconds_of
from core.lang.reading.flat_route import condition_of, target_of
from core.lang.report import Place
from core.model.flowdoc import payload_for


@dataclass(frozen=True, slots=True)
class Moves:
    """Notes where the parts of one node stand in the YAML: ``doc`` and ``flat`` are the two places of the node."""

    doc: Place
    flat: Place
    table: dict[Place, Place]

    def note(self, doc: Place, flat: Place) -> None:
        """``doc`` in the node is ``flat`` in the step."""
        self.table[(*self.doc, *doc)] = (*self.flat, *flat)

    def into(self, group: str, key: str) -> None:
        """``key`` and all below it stand in ``group`` of the node now."""
        known, end = (*self.doc, key), len(self.doc) + 1
        for doc in [d for d in self.table if d[:end] == known]:
            self.table[(*self.doc, group, *doc[end - 1 :])] = self.table.pop(doc)
        self.table.setdefault((*self.doc, group, key), (*self.flat, key))


def node_of(step_id: str, raw: Any, moves: Moves) -> Any:
    """The node; a step that is no mapping, or has no verb or several, is left for the document's checks to refuse."""
    if not isinstance(raw, dict):
        return raw
    verbs = [k for k in VERBS if k in raw]
    if len(verbs) != 1:
        return {"id": step_id, "type": {"verbs": verbs}}
    return _Step(step_id, dict(raw), verbs[0], moves).node()


class _Step:
    def __init__(self, step_id: str, rest: dict[str, Any], verb: str, moves: Moves) -> None:
        self.rest, self.verb, self.moves = rest, verb, moves
        self.main = rest.pop(verb)
        self.connections: list[dict[str, Any]] = []
        self.out: dict[str, Any] = {"id": step_id, "type": VERBS[verb][0] or self.main}

    def node(self) -> dict[str, Any]:
        VERBS[self.verb][1](self)
        for key, kind in (("quick", "quick_reply"), ("buttons", None)):
            if key in self.rest and self.verb != "use":
                self._buttons(key, kind)
        self._routes()
        extra = self.rest.pop("extra", None)
        self.out |= self.rest
        self.out |= extra if isinstance(extra, dict) else {}
        if self.verb in CONTENT:
            self._content()
        return {**self.out, "connections": self.connections}

    def _content(self) -> None:
        """What is shown stands in ``content``, as in the requirements' JSON."""
        shown = {key: self.out.pop(key) for key in CONTENT[self.verb] if key in self.out}
        for key in shown:
            self.moves.into("content", key)
        more = self.out.pop("content", {})
        if shown or more:
            self.out["content"] = {**shown, **more} if isinstance(more, dict) else more

    def take(self, flat: str, doc: str, change: Callable[[Any], Any] = lambda v: v) -> None:
        """Moves the key ``flat`` of the step to ``doc`` of the node."""
        if flat in self.rest:
            self.out[doc] = change(self.rest.pop(flat))
            self.moves.note((doc,), (flat,))

    def put(self, doc: str, value: Any = None) -> None:
        """What stands beside the verb becomes ``doc``."""
        self.out[doc] = self.main if value is None else value
        self.moves.note((doc,), (self.verb,))

    def connect(self, target: Any, condition: Any, flat: Place) -> None:
        here = ("connections", len(self.connections))
        self.moves.note(here, flat)
        written = flat if len(flat) == 1 else (*flat, "to")
        self.moves.note((*here, "targetNodeId"), (*written, "id") if isinstance(target, dict) else written)
        self.connections.append({"targetNodeId": target_of(target), "condition": condition})

    def _routes(self) -> None:
        key = self.verb if self.verb == "branch" else "routes"
        routes = self.main if self.verb == "branch" else self.rest.pop("routes", None)
        for i, route in enumerate(routes if isinstance(routes, list) else ()):
            if not isinstance(route, dict):
                self.connections.append(route)
                self.moves.note(("connections", len(self.connections) - 1), (key, i))
            elif "to" in route:
                self.connect(route["to"], condition_of(route), (key, i))
        if routes is not None and not isinstance(routes, list):
            self.out["routes"] = routes
        for word in ("next", "else"):
            if word in self.rest:
                self.connect(self.rest.pop(word), None, (word,))

    def _buttons(self, key: str, kind: str | None) -> None:
        raw = self.rest.pop(key)
        if not isinstance(raw, list):
            self.out[key] = raw
            return
        shown = self.out.setdefault("buttons", [])
        for i, button in enumerate(raw):
            self.moves.note(("buttons", len(shown)), (key, i))
            shown.append(self.button(button, kind, (key, i)))

    def button(self, raw: Any, kind: str | None, flat: Place) -> Any:
        """A button as the document has it; its ``to`` becomes a connection by payload."""
        if not isinstance(raw, dict):
            return raw
        out = {"type": "url" if kind is None and "url" in raw else kind or "postback", **raw}
        if out["type"] != "url" and isinstance(out.get("text"), str) and "contentType" not in out:
            out.setdefault("payload", payload_for(out["text"]))
        if "to" in out:
            self.connect(out.pop("to"), {"type": "button_payload", "value": out.get("payload", "")}, flat)
        return out


def _say(step: _Step) -> None:
    if step.main is not None:
        step.put("text")


def _carousel(step: _Step) -> None:
    cards = step.main
    if isinstance(cards, list):
        cards = [_card(step, card, i) for i, card in enumerate(cards)]
    step.put("cards", cards)


def _card(step: _Step, card: Any, i: int) -> Any:
    if not isinstance(card, dict) or not isinstance(card.get("buttons"), list):
        return card
    return {
        **card,
        "buttons": [step.button(b, None, (step.verb, i, "buttons", k)) for k, b in enumerate(card["buttons"])],
    }


def _ask(step: _Step) -> None:
    step.put("prompt")
    step.take("type", "inputType")
    into = step.rest.get("into")
    if isinstance(into, str) and into.startswith("contact."):
        step.take("into", "saveToAttribute", lambda v: v.removeprefix("contact."))
    else:
        step.take("into", "saveToVariable")


def _wait(step: _Step) -> None:
    if not isinstance(step.main, dict):
        step.put("durationSeconds", seconds_of(step.main))
        return
    for flat, doc in (("until", "until"), ("hours", "businessHours"), ("zone", "timeZone")):
        if flat in step.main:
            step.out[doc] = step.main[flat]
            step.moves.note((doc,), (step.verb, flat))
    step.out |= {k: v for k, v in step.main.items() if k not in ("until", "hours", "zone")}


def _tag(step: _Step) -> None:
    step.put("tagNames" if isinstance(step.main, list) else "tagName")


def _set(step: _Step) -> None:
    if isinstance(step.main, dict) and len(step.main) == 1:
        ((target, value),) = step.main.items()
        step.out |= {"target": target, "value": value}
        step.moves.note(("value",), (step.verb, target))
    else:
        step.put("target")


def _call(step: _Step) -> None:
    step.put("integration" if step.verb == "call" else "flow")
    step.take("with", "arguments")
    step.take("into", "saveToVariable")
    step.take("within", "timeoutSeconds", seconds_of)


def _use(step: _Step) -> None:
    given = step.rest.pop("with", None)
    for key, value in given.items() if isinstance(given, Mapping) else ():
        step.out[key] = value
        step.moves.note((key,), ("with", key))


def _plain(key: str) -> Callable[[_Step], None]:
    def put(step: _Step) -> None:
        if step.main is not None:
            step.put(key)

    return put


def _nothing(step: _Step) -> None:
    return None


CONTENT: Mapping[str, tuple[str, ...]] = {
    "say": ("text", "mediaUrl", "mediaType", "media", "buttons"),
    "carousel": ("cards", "buttons"),
}
"""Verb -> what of the node is its ``content``."""

VERBS: dict[str, tuple[str | None, Callable[[_Step], None]]] = {
    "say": ("message", _say),
    "carousel": ("carousel", _carousel),
    "ask": ("get_input", _ask),
    "wait": ("wait", _wait),
    "tag": ("tag_contact", _tag),
    "untag": ("untag_contact", _tag),
    "set": ("set_attribute", _set),
    "unset": ("unset_attribute", _plain("target")),
    "handover": ("human_takeover", _plain("messageToAgent")),
    "call": ("external_api_call", _call),
    "run": ("subflow", _call),
    "branch": ("condition", _nothing),
    "split": ("random_split", _plain("experiment")),
    "comment_reply": ("comment_reply", _plain("text")),
    "end": ("end", _plain("outcome")),
    "begin": ("start", _nothing),
    "use": (None, _use),
}
"""Verb -> (node type, None = what stands beside the verb; how its keys become the node's)."""
