"""message: says something, with media, buttons or quick replies."""

from collections.abc import Sequence

from instaflow import FieldProblem, NodeDoc, NodeSchema, Pen
from instaflow.fields import Choice, Group, Items, Template
from plugins.nodes.shown import MEDIA, Button, Content, Medium, Reprompt, button_exits, message_of, waits_for_reply


class Message(NodeSchema):
    """Sends a text, a picture, a video, a sound or a file, with buttons or quick replies.

    It waits for an answer when it shows quick replies or when a connection expects one (a button's payload, a keyword, a
    pattern, media, any reply, a time-out); else the flow goes on at once. The fields may stand in ``content`` or beside it.

    Example::

        {"id": "hello", "type": "message",
         "content": {"text": "Hello {{contact.firstName|default('there')}}!",
                     "buttons": [{"type": "quick_reply", "text": "Prices", "payload": "PRICES"}]},
         "connections": [{"targetNodeId": "next", "condition": {"type": "button_payload", "value": "PRICES"}},
                         {"targetNodeId": null, "condition": {"type": "timeout", "seconds": 43200}},
                         {"targetNodeId": "next", "condition": null}]}
    """

    name = "message"
    title = "Message"
    group = "message"
    icon = "message-square"

    content = Group(Content, title="Content")
    text = Template(title="Text", multiline=True)
    mediaUrl = Template(title="Media address")
    mediaType = Choice(*MEDIA, title="Media kind")
    media = Items(Group(Medium), title="Media")
    buttons = Items(Group(Button), title="Buttons")
    reprompt = Group(Reprompt, title="To an unexpected answer")
    interrupt = Choice("never", "keywords", "always", title="Other flows may interrupt")

    def problems(self, node: NodeDoc) -> Sequence[FieldProblem]:
        """The fields, and a title for each button that is no pre-filled answer."""
        return [*super().problems(node), *untitled(node)]

    def exits(self, node: NodeDoc) -> Sequence[str]:
        """The buttons' payloads, time-out, and the default exit."""
        return (*button_exits(node), "timeout", "else") if waits_for_reply(node) else ("next",)

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """One state: say it, then rest or go on."""
        say = pen.message(message_of(node.content))
        if waits_for_reply(node):
            pen.state(do=[say], wait=pen.reply_wait(node))
        else:
            pen.state(do=[say], next=pen.edges(node))


def untitled(node: NodeDoc) -> list[FieldProblem]:
    """Buttons that a person could not read, and links without an address."""
    found = []
    for i, button in enumerate(node.content.get("buttons") or ()):
        if not isinstance(button, dict):
            continue
        place = ("content", "buttons", i) if "buttons" in (node.data.get("content") or {}) else ("buttons", i)
        if not button.get("text") and not button.get("contentType"):
            found.append(FieldProblem((*place, "text"), f"buttons[{i}].text is missing"))
        if button.get("type") == "url" and not button.get("url"):
            found.append(FieldProblem((*place, "url"), f"buttons[{i}].url is missing"))
    return found
