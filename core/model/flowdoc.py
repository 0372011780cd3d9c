"""The flow as its author wrote it: one tree for JSON, YAML, the text language and the canvas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.model.properties import Property

UPLOAD = "media:"
"""``media:<id>`` names an upload of the account where a message asks for a medium's address."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One exit of a step. ``target`` None = the flow ends here on purpose; ``condition`` None = default exit.

    ``condition`` is the requirements' object: ``{"type": "button_payload", "value": "YES"}``.
    """

    target: str | None
    condition: Mapping[str, Any] | None = None
    place: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeDoc:
    """One step. ``data`` holds what is special to its type, with JSON's (camelCase) keys, ``content`` included as written.

    ``extra`` keeps keys that the type's schema does not know; they are warned about and printed back.
    """

    id: str
    type: str
    name: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    connections: tuple[Connection, ...] = ()
    notes: tuple[str, ...] = ()
    position: tuple[float, float] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    place: tuple[str | int, ...] = ()

    @property
    def content(self) -> dict[str, Any]:
        """What a message shows: keys inside ``content`` and keys beside it as one mapping (both forms are read).

        >>> NodeDoc("a", "message", data={"text": "old", "content": {"text": "Hi", "mediaUrl": None}}).content
        {'text': 'Hi'}
        """
        inner = self.data.get("content")
        merged = {**self.data, **(inner if isinstance(inner, Mapping) else {})}
        return {k: v for k, v in merged.items() if v is not None and k != "content"}


def payload_for(title: str) -> str:
    """The payload of a button that names none.

    >>> payload_for("Browse Products")
    'BROWSE_PRODUCTS'
    """
    return "_".join("".join(c.upper() if c.isalnum() else " " for c in title).split()) or "BUTTON"


@dataclass(frozen=True, slots=True)
class FlowDoc:
    """A whole flow. ``settings`` = {expireSeconds, interrupt, stale, language}; ``triggers`` = the envelope's, as written, with
    the keywords of all languages. ``locales`` = {language: {key: text}} (keys: ``core.model.texts``). ``properties`` = what must never, always or at some time happen.

    ``place`` = where the definition stands. A place is a JSON path into the source, such as ("nodes", 3, "connections", 0); the compiler turns it into a Span
    only when a diagnostic needs one (decision 22).
    """

    start: str
    nodes: tuple[NodeDoc, ...]
    name: str | None = None
    description: str | None = None
    status: str | None = None
    slug: str | None = None
    triggers: tuple[Mapping[str, Any], ...] = ()
    params: tuple[Mapping[str, Any], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    locales: Mapping[str, Mapping[str, str | list[str]]] = field(default_factory=dict)
    properties: tuple[Property, ...] = ()
    notes: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    place: tuple[str | int, ...] = ()

    def node(self, node_id: str) -> NodeDoc | None:
        """The step with this id, or None."""
        return next((n for n in self.nodes if n.id == node_id), None)
