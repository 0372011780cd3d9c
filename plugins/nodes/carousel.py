"""carousel: cards side by side."""

from collections.abc import Sequence

from instaflow import FieldProblem, NodeDoc, NodeSchema, Pen
from instaflow.fields import Choice, Group, Items
from plugins.nodes.message import untitled
from plugins.nodes.shown import Button, Card, Cards, Reprompt, button_exits, message_of, waits_for_reply


class Carousel(NodeSchema):
    """Shows up to ten cards, each with a picture and up to three buttons.

    It waits when a connection expects an answer or quick replies stand below it.

    Example::

        {"id": "news", "type": "carousel",
         "content": {"cards": [{"title": "Mug", "subtitle": "12 €", "imageUrl": "https://cdn.example/mug.jpg",
                                "buttons": [{"type": "postback", "text": "Buy", "payload": "BUY_MUG"},
                                            {"type": "url", "text": "More", "url": "https://shop.example/mug"}]}]},
         "connections": [{"targetNodeId": "next", "condition": {"type": "button_payload", "value": "BUY_MUG"}},
                         {"targetNodeId": null, "condition": {"type": "timeout", "seconds": 7200}}]}
    """

    name = "carousel"
    title = "Carousel"
    group = "message"
    icon = "gallery-horizontal"

    content = Group(Cards, title="Content")
    cards = Items(Group(Card), title="Cards")
    buttons = Items(Group(Button), title="Quick replies")
    reprompt = Group(Reprompt, title="To an unexpected answer")
    interrupt = Choice("never", "keywords", "always", title="Other flows may interrupt")

    def problems(self, node: NodeDoc) -> Sequence[FieldProblem]:
        """The fields, and at least one card."""
        found = [*super().problems(node), *untitled(node)]
        if not found and not node.content.get("cards"):
            found.append(FieldProblem(("content",), "cards is missing", hint="a carousel shows at least one card"))
        return found

    def exits(self, node: NodeDoc) -> Sequence[str]:
        """The buttons' payloads, time-out, and the default exit."""
        return (*button_exits(node), "timeout", "else") if waits_for_reply(node) else ("next",)

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """One state: show it, then rest or go on."""
        show = pen.message(message_of(node.content))
        if waits_for_reply(node):
            pen.state(do=[show], wait=pen.reply_wait(node))
        else:
            pen.state(do=[show], next=pen.edges(node))
