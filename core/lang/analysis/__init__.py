"""Abstract interpretation of a program: what is true of every conversation that it can have, found before there is one.

For each kind of trigger that starts the flow, each state gets an interval of the time since the contact wrote last, what is
left of the one private reply, and how old the comment is. From that follows whether a message can be refused by Instagram
(``docs/explanation/window-proof.md``).
"""

from core.lang.analysis.bounds import Bounds, bounds_of
from core.lang.analysis.proof import Analysis, Finding, analyse
from core.lang.analysis.value import INF, LIMIT, Value
from core.lang.analysis.witness import witness

__all__ = ["INF", "LIMIT", "Analysis", "Bounds", "Finding", "Value", "analyse", "bounds_of", "witness"]
