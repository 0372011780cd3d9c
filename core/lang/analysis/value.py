"""The abstract value of a state: what is known of the time and of the private reply whenever a run comes there."""

from enum import StrEnum
from typing import NamedTuple

from core.model.limits import PRIVATE_REPLY_MS, WINDOW_MARGIN_MS, WINDOW_MS
from core.model.starts import COMMENTS, opens_window

INF = 1 << 40
"""Seconds without end."""
DAY = WINDOW_MS // 1000
LIMIT = (WINDOW_MS - WINDOW_MARGIN_MS) // 1000
"""A message is proven to be inside the window up to here: five minutes are left to the queue."""
COMMENT_LIMIT = PRIVATE_REPLY_MS // 1000


class Phase(StrEnum):
    """Where a conversation stands with Instagram. Values are only joined within a phase: what is true of somebody who has
    answered says nothing of somebody who has not."""

    WARM = "warm"
    UNUSED = "unused"
    USED = "used"


class Value(NamedTuple):
    """``low`` to ``high`` = seconds since the contact wrote last; ``young`` to ``old`` = seconds since the comment; ``phase``:
    an ordinary conversation, or a comment whose one private reply is not used yet, or is used; ``doubt`` = a subflow that nobody
    knows ran before."""

    low: int = 0
    high: int = 0
    young: int = 0
    old: int = 0
    phase: Phase = Phase.WARM
    doubt: bool = False

    def join(self, other: "Value") -> "Value":
        """Whatever is true of one of the two, which are of the same phase."""
        return Value(
            min(self.low, other.low),
            max(self.high, other.high),
            min(self.young, other.young),
            max(self.old, other.old),
            self.phase,
            self.doubt or other.doubt,
        )

    def later(self, least: int, most: int) -> "Value":
        """Time passes and the contact says nothing."""
        return self._replace(
            low=_sum(self.low, least),
            high=_sum(self.high, most),
            young=_sum(self.young, least),
            old=_sum(self.old, most),
        )

    def sent(self) -> "Value":
        """A message has left: the private reply, when there was one, is used."""
        return self._replace(phase=Phase.USED) if self.phase is Phase.UNUSED else self

    @property
    def wide(self) -> "Value":
        """After too many rounds of a loop: anything."""
        return self._replace(high=INF, old=INF)


ANSWERED = Value()
"""The contact has written a moment ago: the window is open, and the conversation is one like any other."""


def _sum(a: int, b: int) -> int:
    return min(a + b, INF)


def begin(kind: str) -> Value:
    """How a flow begins that this kind of trigger starts.

    >>> begin("dm_keyword").high, begin("schedule").high == INF, str(begin("comment_keyword").phase)
    (0, True, 'unused')
    """
    if kind in COMMENTS:
        return Value(INF, INF, phase=Phase.UNUSED)
    return ANSWERED if opens_window(kind) else Value(0, INF)
