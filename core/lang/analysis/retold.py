"""A witness in words, for people who read a terminal."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from core.lang.analysis.clock import BEGIN, offset
from core.lang.analysis.problems import spelled

Event = Mapping[str, Any]


def retold(script: Mapping[str, Any]) -> str:
    """The conversation of a script as one line.

    >>> start = {"type": "start", "trigger": {"type": "reaction"}, "wroteAgo": 3600}
    >>> retold({"events": [start, {"type": "advance", "seconds": 7200}, {"type": "tap", "payload": "YES"}]})
    'started by reaction, who wrote 1h before; 2h pass; tap YES'
    """
    events = script["events"]
    return "; ".join([_start(events[0], script), *(_WORDS[e["type"]](e) for e in events[1:])])


def _start(event: Event, script: Mapping[str, Any]) -> str:
    told = f"started by {event['trigger']['type']}"
    begun = script.get("now", BEGIN * 1000) // 1000
    if begun != BEGIN:
        local = datetime.fromtimestamp(begun, UTC) + timedelta(seconds=offset(begun))
        told += f" {local:%A} at {local:%H:%M}"
    contact = {k: v for k, v in (script.get("contact") or {}).items() if k != "timezone"}
    if contact:
        told += f" by somebody with {', '.join(f'{k}: {_value(v)}' for k, v in contact.items())}"
    if event.get("wroteAgo") is not None:
        told += f", who wrote {spelled(event['wroteAgo'])} before"
    return told


def _value(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


_WORDS: Mapping[str, Callable[[Event], str]] = {
    "advance": lambda e: f"{spelled(e['seconds'])} pass",
    "text": lambda e: f'"{e["text"]}"',
    "tap": lambda e: f"tap {e['payload']}",
    "media": lambda e: "a picture",
    "result": lambda e: f"the call: {e['outcome']}",
    "return": lambda e: "the person gives back",
}
