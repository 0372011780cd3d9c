"""What the two tag steps share: one tag or several."""

from collections.abc import Sequence
from typing import Any

from instaflow import FieldProblem, NodeDoc, NodeSchema, Pen
from instaflow.fields import Items, Template


class TagStep(NodeSchema):
    """Names one tag (tagName) or several (tagNames)."""

    operation: str = ""

    tagName = Template(longest=100, title="Tag")
    tagNames = Items(Template(longest=100), title="Tags")

    def problems(self, node: NodeDoc) -> Sequence[FieldProblem]:
        """One of the two names something."""
        found = super().problems(node)
        if not found and not names(node):
            return [FieldProblem(("tagName",), "tagName is missing", hint="name the tag, or several in tagNames")]
        return found

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """One operation for each tag."""
        for name in names(node):
            if "{{" not in name:
                pen.use("tags", name)
        pen.state(do=[[self.operation, pen.text(name)] for name in names(node)], next=pen.edges(node))


def names(node: NodeDoc) -> list[str]:
    """The tags that a step names, without surrounding spaces."""
    given: list[Any] = [node.data.get("tagName"), *(node.data.get("tagNames") or ())]
    return [name.strip() for name in given if name and name.strip()]
