"""Matching: which triggers take an event (decisions 9 to 12). One Matcher per account and version of its triggers."""

from core.runtime.match.matcher import Matcher
from core.runtime.match.precedence import FINAL_RANK, PRECEDENCE
from core.runtime.match.values import bare

__all__ = ["FINAL_RANK", "PRECEDENCE", "Matcher", "bare"]
