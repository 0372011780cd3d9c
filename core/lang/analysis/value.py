"""The abstract value of a state: what is known of the time and of the private reply whenever a run comes there."""

from enum import StrEnum
from typing import NamedTuple

from core.model.limits import PRIVATE_REPLY_MS, WINDOW_MARGIN_MS, WINDOW_MS
from core.model.starts import COMMENTS, opens_window

INF = 1 << 40
"""Seconds without end."""
DAY = WINDOW_MS // 1000
SLACK = WINDOW_MARGIN_MS // 1000
LIMIT = DAY - SLACK
"""A message is proven to be inside the window up to here: five minutes are left to the queue."""
COMMENT_LIMIT = PRIVATE_REPLY_MS // 1000 - SLACK


class Phase(StrEnum):
    """Where a conversation stands with Instagram. Values are only joined within a phase: what is true of somebody who has
    answered says nothing of somebody who has not.

    ``warm``: the contact has written to this run or begun it · ``cold``: nobody knows when they wrote · ``unused`` and ``used``:
    a comment began it, and its one private reply is still to come, or has left.
    """

    WARM = "warm"
    COLD = "cold"
    UNUSED = "unused"
    USED = "used"


class Value(NamedTuple):
    """``low`` to ``high`` = seconds since the contact wrote last. People may write at any time, also when nothing was asked: then
    the flow goes on as it would have, but the window is open again. ``calm`` = the least for those who write only when they are
    asked; None = nobody who does so comes here. ``old`` = the most seconds since the comment. ``doubt`` = a subflow that nobody
    knows ran before."""

    low: int = 0
    high: int = 0
    calm: int | None = 0
    old: int = 0
    phase: Phase = Phase.WARM
    doubt: bool = False

    def join(self, other: "Value") -> "Value":
        """Whatever is true of one of the two, which are of the same phase."""
        calm = self.calm if other.calm is None else other.calm if self.calm is None else min(self.calm, other.calm)
        return Value(
            min(self.low, other.low),
            max(self.high, other.high),
            calm,
            max(self.old, other.old),
            self.phase,
            self.doubt or other.doubt,
        )

    def later(self, least: int, most: int) -> "Value":
        """Time passes, and nothing is asked."""
        if not most:
            return self
        calm = None if self.calm is None else _sum(self.calm, least)
        return self._replace(low=0, high=_sum(self.high, most), calm=calm, old=_sum(self.old, most))

    def within(self, low: int, high: int) -> "Value | None":
        """The part for which the last message is so long ago; None when there is none. Timers may fire late: five minutes more
        than ``high`` count as possible."""
        lower, upper = max(self.low, low), min(self.high, high)
        if lower > upper + (SLACK if lower > self.high else 0):
            return None
        upper = max(lower, upper)
        calm = None if self.calm is None or self.calm > upper else max(self.calm, lower)
        return self._replace(low=lower, high=upper, calm=calm)

    def answered(self, most: int) -> "Value":
        """The contact answers, at most so many seconds later. A private reply that has not left yet is still the next message."""
        if self.phase is Phase.UNUSED:
            return Value(old=_sum(self.old, most), phase=Phase.UNUSED)
        return ANSWERED

    def sent(self) -> "Value":
        """A message has left: the private reply, when there was one, is used."""
        return self._replace(phase=Phase.USED) if self.phase is Phase.UNUSED else self


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
        return Value(0, INF, INF, phase=Phase.UNUSED)
    return ANSWERED if opens_window(kind) else Value(0, INF, phase=Phase.COLD)
