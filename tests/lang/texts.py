"""Small texts of the text language, read."""

from typing import Any

from core.lang.reading import read


def document(text: str) -> dict[str, Any]:
    """The envelope that a text says."""
    data: dict[str, Any] = read(text, "flow", "x.flow").data
    return data


def nodes(body: str) -> list[dict[str, Any]]:
    """The nodes of the section ``a`` with these lines, the start that is made left out."""
    lines = "\n".join(f"  {line}" for line in body.split("\n"))
    found: list[dict[str, Any]] = document(f"flow x\n\na:\n{lines}\n")["flowDefinition"]["nodes"]
    return [n for n in found if n["id"] != "start"]


def ways(body: str) -> list[tuple[Any, Any]]:
    """(condition, target) of the first node's connections."""
    return [(c["condition"], c["targetNodeId"]) for c in nodes(body)[0]["connections"]]
