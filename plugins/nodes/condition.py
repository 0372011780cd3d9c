"""condition: branches by what is known of the contact or by the last answer."""

from collections.abc import Sequence

from instaflow import NodeDoc, NodeSchema


class Condition(NodeSchema):
    """Takes the first connection whose condition holds, else the one without a condition.

    Conditions: attribute_equals, has_tag, keyword, button_payload, regex, media (of the last answer), expression, and those
    of plugins.

    Example::

        {"id": "vip", "type": "condition", "connections": [
            {"targetNodeId": "next", "condition": {"type": "attribute_equals", "attribute": "plan", "value": "pro"}},
            {"targetNodeId": "next", "condition": {"type": "expression", "value": "contact.followerCount > 1000"}},
            {"targetNodeId": null, "condition": null}]}
    """

    name = "condition"
    title = "Condition"
    group = "logic"
    icon = "git-branch"

    def exits(self, node: NodeDoc) -> Sequence[str]:
        """One exit for each condition, and the default one."""
        return (*(f"if{i}" for i, c in enumerate(node.connections) if c.condition is not None), "next")
