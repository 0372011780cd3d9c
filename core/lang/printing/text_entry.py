"""Lines with lines under them, before they have their margin."""

from dataclasses import dataclass, field

from core.lang.printing.text_values import ident
from core.lang.text.tree import Exit, Piece

NOWHERE: Piece = (0, 0)
"""The place of what no text has yet."""


@dataclass(slots=True)
class Entry:
    """A line of a step. ``exit`` = the way that its end leads; ``inner`` = the lines under it that are no steps."""

    text: str
    exit: Exit | None = None
    inner: list["Entry"] = field(default_factory=list)

    @property
    def line(self) -> str:
        """With its arrow, or the colon of its block."""
        return self.text + (arrow(self.exit) if self.exit is not None else "")


def arrow(way: Exit) -> str:
    """What stands behind an exit."""
    if way.mode == "jump":
        return f" -> {ident(way.target)}"
    return {"end": " -> end", "hole": " -> ???", "block": ":"}.get(way.mode, "")
