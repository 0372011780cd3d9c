"""Payloads of buttons on their way out and back: ``ifl1.<run>.<wait>.<payload>`` (decision 14)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

PREFIX = "ifl1."
_RUN = 36


class Tap(NamedTuple):
    """A payload that came back: of which run, at which of its waits, the bare payload."""

    run: str
    wait: int
    payload: str


def wrap(button: Mapping[str, Any], run: str, wait: int) -> Mapping[str, Any]:
    """The button with a payload that names the run and its wait; links and pre-filled replies stay as they are.

    >>> wrap({"type": "postback", "text": "Yes", "payload": "YES"}, "r" * 36, 3)["payload"] == f"ifl1.{'r' * 36}.3.YES"
    True
    """
    payload = button.get("payload")
    if payload is None or button.get("contentType") or button.get("type") == "url":
        return button
    return {**button, "payload": f"{PREFIX}{run}.{wait}.{payload}"}


def parse(payload: str | None) -> Tap | None:
    """The parts of a payload of ours; None for a raw one.

    >>> parse(f"ifl1.{'r' * 36}.3.a.b")
    Tap(run='rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr', wait=3, payload='a.b')
    >>> parse("MENU_HELP"), parse("ifl1.x.y"), parse(None)
    (None, None, None)
    """
    if payload is None or not payload.startswith(PREFIX):
        return None
    run, rest = payload[len(PREFIX) : len(PREFIX) + _RUN], payload[len(PREFIX) + _RUN :]
    wait, _, bare = rest[1:].partition(".")
    if len(run) != _RUN or not rest.startswith(".") or not wait.isdecimal() or len(wait) > 9:
        return None
    return Tap(run, int(wait), bare)
