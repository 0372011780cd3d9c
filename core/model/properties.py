"""Properties of a flow: what must never, always or at some time happen in every conversation.

They say nothing that the engine reads: the program's hash is the same with and without them.
"""

from dataclasses import dataclass
from typing import Any

from core.model.program import Json

KINDS = ("never", "always", "eventually")
TEXTS = frozenset({"say", "comment_reply"})
"""Occurrences that a text with stars may stand behind."""
NAMES = frozenset({"tag", "untag", "set", "unset", "call", "tap", "step", "end"})
"""Occurrences that a name may stand behind."""
BARE = frozenset({"handover", "return", "reply", "failure", "silence"})
"""Occurrences that are one word."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happens in a conversation. ``kind`` is one of TEXTS, NAMES and BARE; ``value`` = which one, as a glob; ""
    = any."""

    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """``events`` = any of these. ``never``: they do not happen while ``condition`` is ``holds``. ``always``: ``first`` happens before
    them, or ``condition`` holds when they do. ``eventually``: one of them happens before the conversation is over.

    ``after`` and ``until`` bound where it counts; empty = from the beginning, to the end. ``place`` = where it stands.
    """

    kind: str
    events: tuple[Occurrence, ...]
    condition: Json = None
    holds: bool = True
    first: tuple[Occurrence, ...] = ()
    after: tuple[Occurrence, ...] = ()
    until: tuple[Occurrence, ...] = ()
    text: str = ""
    place: tuple[str | int, ...] = ()

    @property
    def conditional(self) -> bool:
        """It depends on a condition whether an event breaks it."""
        return self.condition is not None


@dataclass(frozen=True, slots=True)
class Broken:
    """Property number ``number`` is broken in the step ``node`` by ``what`` (a sentence); ``script`` = a conversation that shows it, as
    ``core.engine.simulate`` plays it; ``path`` = the steps on the way."""

    number: int
    what: str
    node: str
    script: dict[str, Any]
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explored:
    """What came of looking. ``whole`` = every conversation was looked at that is told apart; ``why_not`` = what was in the way;
    ``steps`` = so many events were played, ``events`` = the most in one conversation. ``unseen`` = (number, occurrence) of scopes
    that never began."""

    broken: tuple[Broken, ...]
    whole: bool
    steps: int
    events: int
    why_not: tuple[str, ...] = ()
    unseen: tuple[tuple[int, Occurrence], ...] = ()
