"""random_split: an A/B test."""

from collections.abc import Sequence

from instaflow import Connection, Edge, NodeDoc, NodeSchema, Pen
from instaflow.fields import Text


class RandomSplit(NodeSchema):
    """Takes one of its connections by chance, in the shares that their weights give.

    With an experiment's name a contact takes the same way each time. A connection without a condition takes what is left.

    Example::

        {"id": "ab", "type": "random_split", "experiment": "greeting", "connections": [
            {"targetNodeId": "next", "condition": {"type": "random", "weight": 30}},
            {"targetNodeId": null, "condition": {"type": "random", "weight": 70}}]}
    """

    name = "random_split"
    title = "Random split"
    group = "logic"
    icon = "shuffle"

    experiment = Text(longest=100, title="Experiment", description="Keeps a contact on the same side")

    def exits(self, node: NodeDoc) -> Sequence[str]:
        """One for each share."""
        return tuple(f"share{i}" for i in range(len(node.connections)))

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """One guard for each share but the last, which takes everything that is left."""
        shares = [
            (c, c.condition["weight"]) for c in node.connections if c.condition and c.condition["type"] == "random"
        ]
        rest = [c for c in node.connections if c.condition is None]
        for c in node.connections:
            if c.condition and c.condition["type"] != "random":
                pen.problem("IF111", f"a random split has shares, not '{c.condition['type']}'", _place(node, c))
        total = sum(weight for _, weight in shares)
        if shares and (total > 100 or (total != 100 and not rest)):
            pen.problem("IF210", f"the shares add up to {total:g} %", (), "let them add up to 100")
        pen.state(next=_edges(node, pen, shares, rest, 100 if rest and total < 100 else total))


def _edges(
    node: NodeDoc, pen: Pen, shares: list[tuple[Connection, float]], rest: list[Connection], whole: float
) -> list[Edge]:
    experiment = node.data.get("experiment")
    out: list[Edge] = []
    upto = 0.0
    for i, (connection, weight) in enumerate(shares):
        upto += weight
        last = i == len(shares) - 1 and not rest
        guard = True if last else ["roll", experiment or node.id, round(upto / whole, 6), bool(experiment)]
        out.append(pen.edge(connection, f"share{i}", guard))
    return [*out, *(pen.edge(c, "rest") for c in rest[:1])]


def _place(node: NodeDoc, connection: Connection) -> tuple[str | int, ...]:
    return connection.place[len(node.place) :]
