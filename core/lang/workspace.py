"""What stands around a flow: the account's other flows and the names that exist there. None = not known, nothing is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.model.program import Program


@dataclass(frozen=True, slots=True)
class Workspace:
    """``flows`` = programs by slug and id; ``attributes`` = type by name ("text", "email", "phone", "number", "date", "")."""

    flows: Mapping[str, Program] = field(default_factory=dict)
    tags: frozenset[str] | None = None
    attributes: Mapping[str, str] | None = None
    segments: frozenset[str] | None = None
    teams: frozenset[str] | None = None


ALONE = Workspace()
"""A flow about whose surroundings nothing is known."""
