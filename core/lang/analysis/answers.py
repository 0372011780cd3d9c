"""What a contact answers so that a run takes a certain exit of a question."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.model.answers import PICTURE, SAMPLES, WORD
from core.model.program import Edge, Json


def answer(wait: Mapping[str, Json], edge: Edge | None) -> Iterator[dict[str, Any]]:
    """The events of a script; patterns are not solved. ``edge`` None = a valid answer that leads nowhere."""
    i = wait["edges"].index(edge) if edge is not None else None
    given = wait.get("input") or {}
    valid = given.get("valid", wait.get("default"))
    if given and valid == i:
        options = given.get("options")
        yield {"type": "text", "text": str(options[0]) if options else SAMPLES.get(str(given.get("type")), WORD)}
        return
    payload = next((p for p, n in (wait.get("payload") or {}).items() if n == i), None)
    phrases = next((w for w, n in wait.get("keyword") or () if n == i), None)
    if payload is not None:
        yield {"type": "tap", "payload": payload}
    elif phrases:
        yield {"type": "text", "text": str(phrases[0])}
    elif wait.get("media") == i:
        yield {"type": "media", "media": [PICTURE]}
    else:
        yield from _unexpected(wait, given, i)


def _unexpected(wait: Mapping[str, Json], given: Mapping[str, Json], i: int | None) -> Iterator[dict[str, Any]]:
    """What no exit expects, as often as the question is put again."""
    again = given.get("retries") if given else (wait.get("reprompt") or {}).get("times")
    times = 0 if wait.get("any") == i else int(again or 0)
    said: dict[str, Any] = {"type": "text", "text": "?" if given else WORD}
    if given.get("type") == "text":  # any words are a valid answer
        said = {"type": "media", "media": [PICTURE]}
    yield from (said for _ in range(times + 1))
