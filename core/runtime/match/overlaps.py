"""Triggers that want the same words: who gets them, who never gets anything (product promise 8).

The words of each trigger are put to the matcher that decides about real messages; no rule is written down a second time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from core.lang.conditions import words_of
from core.model.inbound import Inbound
from core.model.nodetype import TriggerRow, TriggerType
from core.runtime.match.matcher import Matcher

VALUES = {"ref": "ref", "ice_breaker": "payload", "menu": "payload"}
"""Trigger types that a value starts, and the option that holds it."""


@dataclass(slots=True)
class Pair:
    """``example`` = the shortest text that both want; ``taken`` = of the loser's words those that the winner takes."""

    winner: TriggerRow
    loser: TriggerRow
    example: str
    taken: set[str] = field(default_factory=set)

    @property
    def shadowed(self) -> bool:
        """The loser gets none of its words."""
        own = {text for text, _ in _events(self.loser)}
        return bool(own) and own <= self.taken


def pairs(
    rows: Iterable[TriggerRow], types: Mapping[str, TriggerType], ig_id: str, now: int, follow: bool = False
) -> list[Pair]:
    """The pairs of triggers of different flows, the shadowed ones first, then the shortest examples. ``ig_id`` = the account's own id,
    ``now`` in milliseconds, ``follow`` = its switch ``experimentalFollow``."""
    live = {r.id: r for r in rows}
    matcher = Matcher(list(live.values()), types, follow)
    found: dict[tuple[str, str], Pair] = {}
    for row in live.values():
        for text, event in _events(row):
            whole = cast(Inbound, {"ig_id": ig_id, "contact": "x", "at": now, "key": "x", **event})
            order = [r for r in matcher.candidates(whole, False) if _by_words(r)]
            for loser in order[1:]:
                _note(found, order[0], loser, text, row)
    return sorted(found.values(), key=lambda p: (not p.shadowed, len(p.example), p.example))


def _note(found: dict[tuple[str, str], Pair], first: TriggerRow, loser: TriggerRow, text: str, row: TriggerRow) -> None:
    if first.flow_id == loser.flow_id:
        return
    pair = found.setdefault((first.id, loser.id), Pair(first, loser, text))
    pair.example = min(pair.example, text, key=lambda t: (len(t), t))
    if loser.id == row.id:
        pair.taken.add(text)


def _by_words(row: TriggerRow) -> bool:
    """Started by certain words or values, not by anything."""
    return bool(row.keyword) or row.type in VALUES


def _events(row: TriggerRow) -> Iterator[tuple[str, dict[str, Any]]]:
    """What starts the trigger, as events of its kind; patterns are left out, others' words are put to them."""
    kind, options = row.type, row.options or {}
    if kind in VALUES:
        value = str(options.get(VALUES[kind]) or row.keyword or "")
        if value and kind == "ref":
            yield value, {"kind": "referral", "referral": {"ref": value}}
        elif value:
            yield value, {"kind": "postback", "payload": value, "tap": "postback", "text": ""}
        return
    if options.get("match") == "regex":
        return
    for text in words_of(row.keyword or ""):
        if kind in ("comment_keyword", "live_comment"):
            comment = {"id": "x", "media_id": options.get("mediaId") or "x"}
            yield text, {"kind": "comment" if kind == "comment_keyword" else kind, "text": text, "comment": comment}
        elif kind == "story_reply":
            yield text, {"kind": "message", "text": text, "reply_to": {"story": {"id": "x"}}}
        else:
            yield text, {"kind": "message", "text": text}
