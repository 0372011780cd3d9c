"""The document in the text language: structure found again in its graph, ids only where they are not the automatic ones."""

from collections.abc import Mapping
from typing import Any

from core.lang.printing.normal import enveloped, normal
from core.lang.printing.text_lines import lines
from core.lang.printing.text_written import written_of
from core.lang.text import Flow, read_flow
from core.model.limits import SOURCE_BYTES_TEXT

_ROUNDS = 4


class Unsayable(Exception):
    """The text language has no words for a document; ``message`` says why, ``place`` where."""

    def __init__(self, message: str, place: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.message, self.place = message, place


def to_text(definition: Mapping[str, Any]) -> str:
    """The text. It reads as ``normal(definition)`` again, without ``sections``, which belong to the text; a bare definition comes
    back in an envelope. Raises Unsayable for what is no sound flow: steps without id or type, connections without target.

    >>> print(to_text({"startNodeId": "a", "nodes": [{"id": "a", "type": "message", "content": {"text": "Hi"}}]}))
    flow ???
      entry a
    <BLANKLINE>
    a:
      say "Hi"
    <BLANKLINE>
    """
    envelope = enveloped(normal(definition))
    _sound(envelope["flowDefinition"])
    plain: frozenset[str] = frozenset()
    for _ in range(_ROUNDS):
        text = "\n".join(lines(written_of(envelope, plain), plain)) + "\n"
        back = read_flow(text)
        same, wrong = _compared(back, envelope)
        if same and not back.complaints:
            if len(text.encode("utf-8", "surrogatepass")) > SOURCE_BYTES_TEXT:
                raise Unsayable(f"the text would be larger than {SOURCE_BYTES_TEXT} bytes")
            return text
        more = plain | wrong
        if more == plain:
            break
        plain = more
    raise Unsayable(*_reason(back, envelope, wrong))


def _reason(back: Flow, envelope: Mapping[str, Any], wrong: frozenset[str]) -> tuple[str, tuple[str | int, ...]]:
    if wrong:
        id_ = min(wrong)
        nodes = envelope["flowDefinition"]["nodes"]
        at = next((i for i, n in enumerate(nodes) if n["id"] == id_), 0)
        return f"the step '{id_}' holds something that the text language has no words for", ("nodes", at)
    if back.complaints:
        return f"the text language cannot say this flow: {back.complaints[0].message}", ()
    return "the flow holds something beside its steps that the text language has no words for", ()


def _compared(back: Flow, envelope: Mapping[str, Any]) -> tuple[bool, frozenset[str]]:
    """Is it the same document? And the ids of the steps that came back otherwise."""
    said = without_sections(normal(back.data))
    asked = without_sections(envelope)
    ours, theirs = _by_id(asked), _by_id(said)
    return said == asked, frozenset(id_ for id_ in ours if ours[id_] != theirs.get(id_))


def without_sections(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its steps in the order of their ids, and without what belongs to the text."""
    inner = {k: v for k, v in envelope["flowDefinition"].items() if k != "sections"}
    inner["nodes"] = sorted(inner["nodes"], key=lambda n: str(n["id"]))
    return {**envelope, "flowDefinition": inner}


def _by_id(envelope: Mapping[str, Any]) -> dict[str, Any]:
    return {n["id"]: n for n in envelope["flowDefinition"]["nodes"]}


def _sound(definition: Any) -> None:
    """Raises Unsayable for what has not the shape of a flow."""
    nodes = definition.get("nodes") if isinstance(definition, Mapping) else None
    if not isinstance(nodes, list) or not nodes:
        raise Unsayable("a flow without steps cannot be written as text", ("nodes",))
    start = definition.get("startNodeId", "")
    if not isinstance(start, str) or (not start and "startNodeId" in definition):
        raise Unsayable("startNodeId must be the id of a step", ("startNodeId",))
    seen: set[str] = set()
    for i, node in enumerate(nodes):
        fine = isinstance(node, Mapping) and isinstance(node.get("id"), str) and isinstance(node.get("type"), str)
        if not fine or not node["id"]:
            raise Unsayable("a step needs an id and a type", ("nodes", i))
        if node["id"] in seen:
            raise Unsayable(f"two steps have the id '{node['id']}'", ("nodes", i))
        seen.add(node["id"])
        _sound_connections(node, i)


def _sound_connections(node: Mapping[str, Any], i: int) -> None:
    given = node.get("connections", [])
    for j, one in enumerate(given if isinstance(given, list) else [None]):
        target = one.get("targetNodeId", 0) if isinstance(one, Mapping) else 0
        if not isinstance(target, str | None) or target == "" or not isinstance(one["condition"], Mapping | None):
            message = f"a connection of the step '{node['id']}' has no target, or a condition that is none"
            raise Unsayable(message, ("nodes", i, "connections", j))
