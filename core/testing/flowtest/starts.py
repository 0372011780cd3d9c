"""How a tested conversation begins: ``start: {dm: hi}`` and the like, as events of a simulation."""

from collections.abc import Mapping
from typing import Any

SHORT = {"dm": "dm_keyword", "comment": "comment_keyword", "welcome": "welcome_message", "default": "default_reply"}
"""Short words for trigger types; every other type is written as it is called."""
KEY = {"ref": "ref", "ice_breaker": "payload", "menu": "payload", "ad": "ref"}
"""Where a trigger keeps the word that stands beside its type; ``text`` for all others."""
MORE = ("args", "at", "wroteAgo")


def start_event(value: Any) -> dict[str, Any]:
    """The event. ``{dm: hi}``, ``welcome``, ``{comment: win, username: ana}``, ``{ref: guide}``, ``{story_mention: null}``;
    ``args`` = the flow's parameters, ``at`` = the step to start from, ``wroteAgo`` = so many seconds ago the contact has written. Raises ValueError.

    >>> start_event({"dm": "hi"})
    {'type': 'start', 'trigger': {'type': 'dm_keyword', 'text': 'hi'}, 'text': 'hi'}
    """
    if isinstance(value, str):
        value = {value: None}
    if not isinstance(value, Mapping) or not value:
        raise ValueError("'start' is a trigger's type, or {dm: hi}, {comment: win}, {ref: guide} …")
    given = dict(value)
    event: dict[str, Any] = {"type": "start"}
    event |= {k: given.pop(k) for k in MORE if k in given}
    if not given:
        return event
    word = next(iter(given))
    said = given.pop(word)
    kind = SHORT.get(word, word)
    trigger: dict[str, Any] = {"type": kind, **given}
    if said is not None:
        trigger[KEY.get(kind, "text")] = str(said)
    if kind in ("comment_keyword", "live_comment"):
        trigger = {"commentId": "comment-1", **trigger, "live": kind == "live_comment"}
    event["trigger"] = trigger
    if kind == "dm_keyword" and said is not None:
        event["text"] = str(said)
    return event


def start_of(trigger: Mapping[str, Any], args: Mapping[str, Any] | None = None, wrote_ago: int | None = None) -> Any:
    """How a test file writes the beginning of a run that this trigger started.

    >>> start_of({"type": "dm_keyword", "text": "hi"}), start_of({"type": "story_mention"})
    ({'dm': 'hi'}, 'story_mention')
    """
    rest = dict(trigger)
    kind = str(rest.pop("type", "dm_keyword"))
    word = next((w for w, k in SHORT.items() if k == kind), kind)
    said = rest.pop(KEY.get(kind, "text"), None)
    if kind in ("comment_keyword", "live_comment"):
        rest = {k: v for k, v in rest.items() if k != "live" and (k, v) != ("commentId", "comment-1")}
    more = {**({"args": dict(args)} if args else {}), **({} if wrote_ago is None else {"wroteAgo": wrote_ago})}
    if said is None and not rest and not more:
        return word
    return {word: said, **rest, **more}
