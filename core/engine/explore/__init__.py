"""Conversations tried one after the other, the shortest first, to see whether a property of a flow is ever broken."""

from core.engine.explore.explore import explore
from core.engine.explore.shown import shows

__all__ = ["explore", "shows"]
"""``explore(program, others, properties, starts)`` looks; ``shows(shelf, program, property, script)`` plays one conversation."""
