"""What a step wants from the world, as data.

Changes (applied in the step's own transaction):
  ``contact.tag`` {name} · ``contact.untag`` {name} · ``contact.set`` {name, value} · ``contact.unset`` {name} ·
  ``conversation.handover`` {message?, team?} · ``timer.start`` {wait, seconds | until | hours} · ``timer.stop`` {wait} ·
  ``run.ended`` {outcome} · ``run.failed`` {code, message, state}
Calls (become outbox rows in that transaction and are performed after it):
  ``send`` {message} · ``comment_reply`` {text} · ``call`` {effect, args, wait, seconds, retries} · a plugin's ``fx`` kinds
"""

from dataclasses import dataclass, field
from typing import Any

CHANGES = frozenset(
    {
        "contact.tag",
        "contact.untag",
        "contact.set",
        "contact.unset",
        "conversation.handover",
        "timer.start",
        "timer.stop",
        "run.ended",
        "run.failed",
    }
)


@dataclass(frozen=True, slots=True)
class Effect:
    """``kind`` finds who carries it out; ``data`` is JSON; ``node`` is the step that wished it."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    node: str = ""
