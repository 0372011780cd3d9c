"""What must be true of a contact so that a run goes a certain way: tags and attributes that guards ask for."""

from dataclasses import dataclass, field
from typing import Any

from core.model.program import Json


@dataclass(slots=True, eq=False)
class Wishes:
    """The first wish for a tag or an attribute counts."""

    tags: dict[str, bool] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)

    def add(self, guard: Json, holds: bool) -> None:
        """Wishes that a guard holds, or does not; what is not about tags and attributes is left to fate.

        >>> wishes = Wishes()
        >>> wishes.add(["and", ["tagged", "vip"], ["is", ["var", "contact", "plan"], "pro"]], True)
        >>> wishes.contact()
        {'plan': 'pro', 'tags': ['vip']}
        """
        if not isinstance(guard, list | tuple) or len(guard) < 2:
            return
        operator = guard[0]
        if operator == "not":
            self.add(guard[1], not holds)
        elif operator in ("and", "or") and len(guard) == 3:
            for part in guard[1:]:  # of "or" one part would be enough: all of them do no harm
                self.add(part, holds)
        elif operator == "tagged" and isinstance(guard[1], str):
            self.tags.setdefault(guard[1], holds)
        elif operator in ("is", "==", "isset", "isunset", "!=") and _attribute(guard[1]):
            self._attribute(operator, guard, holds)

    def _attribute(self, operator: str, guard: Json, holds: bool) -> None:
        name = guard[1][2]
        positive = holds is (operator not in ("isunset", "!="))
        value = guard[2] if len(guard) == 3 and isinstance(guard[2], str | int | float) else "yes"
        if positive:
            self.attributes.setdefault(name, value)
        else:
            self.attributes.setdefault(name, None)

    def contact(self) -> dict[str, Any]:
        """The contact of a script."""
        known = {k: v for k, v in self.attributes.items() if v is not None}
        tags = sorted(name for name, wanted in self.tags.items() if wanted)
        return {**known, "tags": tags} if tags else known


def _attribute(e: Json) -> bool:
    return isinstance(e, list | tuple) and len(e) == 3 and list(e[:2]) == ["var", "contact"]
