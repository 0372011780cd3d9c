"""get_input: asks a question, checks the answer, keeps it."""

from collections.abc import Sequence
from typing import Any

from instaflow import Edge, FieldProblem, NodeDoc, NodeSchema, Pen, payload_for, plain
from instaflow.fields import Choice, Group, Items, Template, Text, Whole
from plugins.nodes.message import untitled
from plugins.nodes.shown import Button, Medium, Reprompt, message_of
from plugins.nodes.targets import assignable

RETRIES = 2
"""How often a question is asked again when nothing else is said (decision 16)."""


class GetInput(NodeSchema):
    """Asks for a text, an e-mail address, a phone number, a number, a date, a web address or a choice, and keeps the answer.

    A wrong answer is asked again twice, unless ``retries`` says else or a connection takes wrong answers at once
    (``input_valid: false``). A connection with a time-out takes those who do not answer.

    Example::

        {"id": "mail", "type": "get_input", "prompt": "Can I get your e-mail?", "inputType": "email",
         "saveToAttribute": "email", "retries": 1, "retryMessage": "That does not look like an e-mail address.",
         "connections": [{"targetNodeId": "next", "condition": {"type": "input_valid", "value": true}},
                         {"targetNodeId": null, "condition": {"type": "input_valid", "value": false}},
                         {"targetNodeId": null, "condition": {"type": "timeout", "seconds": 86400}}]}
    """

    name = "get_input"
    title = "Question"
    group = "message"
    icon = "help-circle"

    prompt = Template(required=True, title="Question", multiline=True)
    inputType = Text(longest=60, title="Kind of answer", default="text")
    saveToAttribute = Text(longest=100, title="Keep as attribute")
    saveToVariable = Text(longest=60, title="Keep as variable")
    retries = Whole(0, 10, title="Ask again", default=RETRIES)
    retryMessage = Template(title="Text when asking again", multiline=True)
    pattern = Text(longest=500, title="Pattern", description="The answer must match it (re2)")
    options = Items(Text(required=True, longest=100), title="Choices")
    media = Items(Group(Medium), title="Media")
    buttons = Items(Group(Button), title="Quick replies")
    reprompt = Group(Reprompt, title="To an unexpected tap")
    interrupt = Choice("never", "keywords", "always", title="Other flows may interrupt")

    def problems(self, node: NodeDoc) -> Sequence[FieldProblem]:
        """The fields; a choice needs something to choose from."""
        found = [*super().problems(node), *untitled(node)]
        told = any(p.place[:1] == ("options",) for p in found)
        if not told and node.data.get("inputType") == "choice" and not node.data.get("options"):
            found.append(FieldProblem(("options",), "options is missing", hint="a choice needs options"))
        return found

    def exits(self, node: NodeDoc) -> Sequence[str]:
        """The answer fits, it does not, none came."""
        return ("valid", "invalid", "timeout")

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """One state: ask, then rest until an answer fits."""
        data = node.data
        options = [o.strip() for o in data.get("options") or ()]
        shown = {**node.content, "text": data["prompt"], "buttons": data.get("buttons") or _as_buttons(options)}
        kept = _input(node, pen)
        wait = pen.reply_wait(node, input=kept)
        if "valid" not in kept and "default" in wait:
            kept["valid"] = wait["default"]
        for option in options:
            _choice(node, wait, option)
        pen.state(do=[pen.message(message_of(shown))], wait=wait)


def _input(node: NodeDoc, pen: Pen) -> dict[str, Any]:
    data = node.data
    attribute, variable = data.get("saveToAttribute"), data.get("saveToVariable")
    field = "saveToAttribute" if attribute else "saveToVariable"
    out: dict[str, Any] = {
        "type": data.get("inputType") or "text",
        "save": assignable(pen, f"contact.{attribute}" if attribute else variable or "answer", field),
        "retries": _retries(node),
    }
    if data.get("retryMessage"):
        out["message"] = pen.text(data["retryMessage"])
    if data.get("pattern"):
        out["pattern"] = data["pattern"]
    if data.get("options"):
        out["options"] = [o.strip() for o in data["options"]]
    return out


def _retries(node: NodeDoc) -> int:
    given = node.data.get("retries")
    if given is not None:
        return int(given)
    refused = any(
        c.condition and c.condition["type"] == "input_valid" and not c.condition["value"] for c in node.connections
    )
    return 0 if refused else RETRIES


def _as_buttons(options: list[str]) -> list[dict[str, Any]]:
    return [{"type": "quick_reply", "text": o, "payload": payload_for(o)} for o in options]


def _choice(node: NodeDoc, wait: dict[str, Any], option: str) -> None:
    """A tap on the option, or its title typed, keeps the option and takes the exit of a fitting answer."""
    kept = wait["input"]
    to = wait["edges"][kept["valid"]].to if "valid" in kept else None
    payloads, titles = wait.setdefault("payload", {}), wait.setdefault("title", {})
    payloads[payload_for(option)] = titles[plain(option)] = len(wait["edges"])
    wait["edges"].append(Edge(f"{node.id}#valid", to, do=(["set", *kept["save"], option],)))
