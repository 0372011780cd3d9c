"""Versions of one document: ids that stay with their steps, and the changes of two people put together."""

from core.lang.revisions.carry import carried, placed
from core.lang.revisions.merge import Conflict, Merged, merged

__all__ = ["Conflict", "Merged", "carried", "merged", "placed"]
