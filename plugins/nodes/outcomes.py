"""The exits of steps that wait for something to end: a call, another flow, a person."""

from dataclasses import replace

from instaflow import Edge, NodeDoc, Pen


def outcomes(node: NodeDoc, pen: Pen) -> tuple[dict[str, int], list[Edge]]:
    """The table from outcome to exit, and the exits; ``*`` takes what no other outcome names.

    Connections that decide by the contact (a tag, an attribute, an expression) come before the default one.
    """
    table: dict[str, int] = {}
    edges: list[Edge] = []
    for connection in node.connections:
        condition = connection.condition
        if condition is None or condition["type"] != "outcome":
            continue
        if condition["value"] in table:
            said = f"the outcome '{condition['value']}' is connected twice; the second is never taken"
            pen.problem("IF204", said, connection.place[len(node.place) :])
            continue
        table[condition["value"]] = len(edges)
        edges.append(pen.edge(connection, f"outcome:{condition['value']}"))
    if rest := after(node, pen):
        table["*"] = len(edges)
        edges.append(rest)
    return table, edges


def after(node: NodeDoc, pen: Pen) -> Edge | None:
    """The exit that everything else takes, through a state that decides when there are conditions; None = nothing is connected."""
    others = tuple(c for c in node.connections if c.condition is None or c.condition["type"] != "outcome")
    if all(c.condition is None for c in others):
        found = pen.edges(replace(node, connections=others))
        return found[0] if found else None
    decide = pen.edges(replace(node, connections=others))
    return Edge(f"{node.id}#then", pen.state("then", next=decide))
