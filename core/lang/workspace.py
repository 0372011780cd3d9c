"""What stands around a flow: the account's other flows and the names that exist there. None = not known, nothing is said."""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.model.program import Program


@dataclass(frozen=True, slots=True)
class Workspace:
    """``flows`` = programs by slug and id; ``attributes`` = type by name ("text", "email", "phone", "number", "date", "").
    ``own`` = the names of the flow itself: by them it runs itself. ``sets_tag`` = whether anything but the flow itself gives the
    tag to contacts; ``all_setters`` False = of people and imports that is not known."""

    flows: Mapping[str, Program] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    tags: frozenset[str] | None = None
    attributes: Mapping[str, str] | None = None
    segments: frozenset[str] | None = None
    teams: frozenset[str] | None = None
    sets_tag: Callable[[str], bool] | None = None
    all_setters: bool = True

    def flows_of(self, program: Program) -> Mapping[str, Program]:
        """The flows that a program meets: under its own names it meets itself, not what is live."""
        return ChainMap(dict.fromkeys(self.own, program), self.flows) if self.own else self.flows  # type: ignore[arg-type]


ALONE = Workspace()
"""A flow about whose surroundings nothing is known."""
