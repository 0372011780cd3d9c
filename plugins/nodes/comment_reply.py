"""comment_reply: answers the comment in public."""

from instaflow import NodeDoc, NodeSchema, Pen
from instaflow.fields import Template


class CommentReply(NodeSchema):
    """Replies in public under the comment that started the flow.

    Example::

        {"id": "public", "type": "comment_reply", "text": "Check your messages, {{contact.username|default('friend')}}!",
         "connections": [{"targetNodeId": "next", "condition": null}]}
    """

    name = "comment_reply"
    title = "Reply to comment"
    group = "message"
    icon = "message-circle-reply"

    text = Template(required=True, title="Text", multiline=True)

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """A call without a result."""
        pen.state(do=[["fx", "comment_reply", {"text": pen.text(node.data["text"])}]], next=pen.edges(node))
