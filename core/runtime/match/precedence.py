"""Which of several triggers wins: decision 10 as one table, read by the matcher, by people and by a test."""

from collections.abc import Mapping
from typing import Any

from core.model.nodetype import TriggerRow
from core.runtime.match.words import DEFAULT_MODE, MODES

PRECEDENCE = (
    ("type", "the trigger type's rank: link and payload, ad, reaction, story, keyword, welcome, default reply"),
    ("aim", "named post, story, link or ad before any"),
    ("mode", "exact, starts, word, contains, regex, then no keyword at all"),
    ("length", "the longer keyword"),
    ("age", "the older trigger"),
)
"""The keys by which triggers are sorted, the first one that differs decides."""

FINAL_RANK = 50
"""Triggers of this rank and above are asked only after the foreground run had its last word (re-prompt, else)."""

AIMS = ("mediaId", "storyId", "linkStickerUrl", "adId", "ref", "payload", "emoji", "reaction")
"""Options that narrow a trigger to one thing."""

Order = tuple[int, int, int, int, int, str]


def order(row: TriggerRow, rank: int, keyword: str | None) -> Order:
    """The sort key of a trigger with one of its keywords; smaller wins.

    >>> row = TriggerRow("t", "f", "dm_keyword", "", {"match": "exact"}, 5)
    >>> order(row, 30, "price")
    (30, 1, 0, -5, 5, 't')
    """
    mode = len(MODES) if keyword is None else MODES.index(mode_of(row.options))
    return (rank, 0 if _aimed(row.options) else 1, mode, -len(keyword or ""), row.created_at, row.id)


def mode_of(options: Mapping[str, Any]) -> str:
    """The mode of matching; an unknown word counts as the default."""
    mode = options.get("match") if options else None
    return mode if mode in MODES else DEFAULT_MODE


def _aimed(options: Mapping[str, Any]) -> bool:
    return bool(options) and (options.get("scope") == "next" or any(options.get(name) for name in AIMS))
