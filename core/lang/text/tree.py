"""What a text says, statement by statement, before it is made the graph of the document."""

from dataclasses import dataclass, field
from typing import Any

from core.lang.report import Place

Piece = tuple[int, int]
"""Start and end of a part of the text, as offsets."""


@dataclass(slots=True)
class Exit:
    """A way on. ``mode``: fall (go on behind the step), jump, end, hole (left open on purpose) or block."""

    condition: dict[str, Any] | None
    mode: str
    at: Piece
    target: str = ""
    body: "list[Step]" = field(default_factory=list)
    condition_at: Piece | None = None
    target_at: Piece | None = None


@dataclass(slots=True)
class Step:
    """``kind`` = a node type, or one of goto, pass, stop (an ``end`` that is no node). ``word`` = its word in the text.

    ``data`` = the node's own fields; ``at`` = where these stand; ``pinned`` = the id is written (``@id``).
    """

    kind: str
    word: str
    place: Piece
    data: dict[str, Any] = field(default_factory=dict)
    exits: list[Exit] = field(default_factory=list)
    id: str = ""
    pinned: bool = False
    name: str | None = None
    notes: list[str] = field(default_factory=list)
    at: dict[Place, Piece] = field(default_factory=dict)
    id_at: Piece | None = None

    @property
    def is_node(self) -> bool:
        """False for what only leads on."""
        return self.kind not in ("goto", "pass", "stop")


@dataclass(slots=True)
class Section:
    """A label and what stands under it."""

    label: str
    place: Piece
    body: list[Step]
    notes: list[str]


@dataclass(slots=True)
class Written:
    """The whole text. ``envelope`` and ``definition`` = what the header says; ``layout`` = id -> keys of its node.

    ``entry`` = the id of the start step: "" = none is chosen on purpose, None = it is not written.
    """

    envelope: dict[str, Any] = field(default_factory=dict)
    definition: dict[str, Any] = field(default_factory=dict)
    entry: str | None = None
    notes: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    layout: dict[str, tuple[dict[str, Any], Piece]] = field(default_factory=dict)
    at: dict[Place, Piece] = field(default_factory=dict)
