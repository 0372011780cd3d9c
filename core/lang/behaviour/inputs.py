"""What can happen to a rest, as symbols, and where each leads."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from core.model.program import Edge, Json


class Input(NamedTuple):
    """``kind`` = payload, keyword, pattern, media, valid, invalid, reply (anything else), time, outcome or return; ``value`` says
    which."""

    kind: str
    value: str = ""

    def __str__(self) -> str:
        return _TOLD[self.kind].format(self.value)


_TOLD = {
    "start": "the start",
    "payload": "tap {0}",
    "keyword": 'the contact writes "{0}"',
    "pattern": "an answer like {0}",
    "media": "media",
    "valid": "a valid answer",
    "invalid": "a wrong answer",
    "reply": "any other answer",
    "time": "{0} of silence",
    "timer": "the wait",
    "outcome": "the call ends: {0}",
    "child": "the subflow ends: {0}",
    "return": "a person gives the conversation back",
}


def inputs_of(wait: Mapping[str, Any]) -> Iterator[Input]:
    """The inputs that a wait tells apart."""
    kind = wait["kind"]
    if kind == "timer":
        yield Input("timer")
    elif kind in ("result", "child"):
        names = [n for n in wait["outcome"] if n != "*"] or ["success"]
        yield from (Input("outcome" if kind == "result" else "child", n) for n in (*names, "other"))
    elif kind == "human":
        yield Input("return")
    else:
        yield from _answers(wait)


def _answers(wait: Mapping[str, Any]) -> Iterator[Input]:
    for payload in wait.get("payload") or ():
        yield Input("payload", payload)
    for phrases, _ in wait.get("keyword") or ():
        yield from (Input("keyword", phrase) for phrase in phrases)
    for pattern, _ in wait.get("regex") or ():
        yield Input("pattern", str(pattern))
    if "media" in wait:
        yield Input("media")
    if wait.get("input"):
        yield from (Input("valid"), Input("invalid"))
    else:
        yield Input("reply")
    if wait.get("timeout"):
        yield Input("time", spelled(wait["timeout"][0]))


def taken(wait: Mapping[str, Any], given: Input) -> tuple[Edge | None, bool]:
    """The exit that the input takes, and whether the wait takes it at all. (None, True) = it ends there."""
    edges: list[Edge] = wait["edges"]
    kind, value = given
    if kind == "timer" or kind == "return":
        i = 0 if kind == "timer" else wait["outcome"].get("return", wait["outcome"].get("*"))
        return (edges[i], True) if i is not None and i < len(edges) else (None, True)
    if kind in ("outcome", "child"):
        i = wait["outcome"].get(value, wait["outcome"].get("*"))
        return (edges[i], True) if i is not None else (None, True)
    i = _answer(wait, kind, value)
    return (edges[i], True) if i is not None else (None, kind == "valid")


def _answer(wait: Mapping[str, Any], kind: str, value: str) -> int | None:
    """As the engine does: its own table first, then what takes anything, then the default."""
    if kind == "time":
        timeout = wait.get("timeout")
        return timeout[1] if timeout and spelled(timeout[0]) == value else None
    asked = wait.get("input") or {}
    own: Json = {
        "payload": (wait.get("payload") or {}).get(value),
        "keyword": next((i for phrases, i in wait.get("keyword") or () if any(holds(value, p) for p in phrases)), None),
        "pattern": next((i for p, i in wait.get("regex") or () if p == value), None),
        "media": wait.get("media"),
        "valid": asked.get("valid"),
        "invalid": asked.get("invalid"),
        "reply": None,
    }[kind]
    if own is not None:
        return int(own)
    for other in (wait.get("any"), wait.get("default")):
        if other is not None and kind != "valid":
            return int(other)
    return None


def holds(text: str, phrase: str) -> bool:
    """The phrase stands in the text as whole words.

    >>> holds("light blue", "blue"), holds("bluebird", "blue")
    (True, False)
    """
    return f" {phrase} " in f" {text} "


def spelled(seconds: Any) -> str:
    """A time for people.

    >>> spelled(5400)
    '1h30m'
    """
    if not isinstance(seconds, int):
        return str(seconds)
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s")]
    return "".join(f"{n}{u}" for n, u in parts if n) or "0s"
