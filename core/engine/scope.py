"""What an expression may read while it is evaluated, and the fuel it burns."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from core.model.limits import EXPRESSION_FUEL, WINDOW_MARGIN_MS, WINDOW_MS


class Scope:
    """The roots of the expression language. ``now`` and ``last_inbound`` in milliseconds, ``fuel`` counts down.

    Fuel is charged before each state by the size of its expressions, and for long texts and lists where they are handled.
    """

    __slots__ = (
        "account",
        "contact",
        "contact_id",
        "fuel",
        "last",
        "last_inbound",
        "now",
        "run_id",
        "segments",
        "tags",
        "trigger",
        "vars",
    )

    def __init__(self, now: int = 0) -> None:
        self.now = now
        self.last_inbound: int | None = None
        self.contact: Mapping[str, Any] = {}
        self.account: Mapping[str, Any] = {}
        self.trigger: Mapping[str, Any] = {}
        self.last: Mapping[str, Any] = {}
        self.vars: Mapping[str, Any] = {}
        self.tags: AbstractSet[str] = frozenset()
        self.segments: AbstractSet[str] = frozenset()
        self.contact_id = self.run_id = ""
        self.fuel = EXPRESSION_FUEL

    def window(self) -> dict[str, Any]:
        """The messaging window: ``open`` (with five minutes of slack for the queue) and ``left`` in seconds."""
        left = 0 if self.last_inbound is None else max(0, WINDOW_MS - (self.now - self.last_inbound))
        return {"open": left > WINDOW_MARGIN_MS, "left": left // 1000}

    def pay(self, size: int) -> bool:
        """Charges for ``size`` characters or elements; False when the fuel is used up."""
        self.fuel -= size >> 4
        return self.fuel >= 0
