"""The order of a step's connections: by class, because a class and not its place decides which connection takes an answer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

_RANKS = {
    "button_payload": 1,
    "keyword": 2,
    "regex": 3,
    "media": 4,
    "any_reply": 5,
    "input_valid": 6,
    "outcome": 7,
    "random": 9,
    "timeout": 10,
}
_GUARD, _DEFAULT = 8, 11
_OUTCOMES = {"success": 0, "failure": 1}
ANSWERED = frozenset({"message", "carousel", "get_input"})
SORTED = ANSWERED | {"external_api_call", "subflow", "human_takeover"}
"""Step types whose exits are told apart by what comes back; those of all others are conditions, taken in their order."""


def rank(kind: str, condition: Mapping[str, Any] | None, payloads: Mapping[str, int]) -> tuple[int, int]:
    """Where a connection of a step of type ``kind`` stands; connections of equal rank keep their order.

    Buttons come in the order of ``payloads`` (see ``payloads_of``), then other payloads, keywords, patterns, media, any answer, valid and invalid,
    outcomes, conditions about the contact, shares, time-out, and last the connection without a condition. The branches of
    a condition, of a split and of every step that waits for no answer keep their order, since it decides.

    >>> rank("message", {"type": "button_payload", "value": "B"}, {"A": 0, "B": 1}) < rank("message", {"type": "timeout"}, {})
    True
    >>> rank("condition", {"type": "timeout"}, {}) < rank("condition", None, {})
    True
    """
    if condition is None:
        return _DEFAULT, 0
    if kind not in SORTED:
        return 0, 0
    found, value = condition.get("type"), condition.get("value")
    if found == "button_payload":
        return 1, payloads.get(value, len(payloads)) if isinstance(value, str) else len(payloads)
    if found == "input_valid":
        return 6, 0 if value else 1
    if found == "outcome":
        return 7, _OUTCOMES.get(value, 2) if isinstance(value, str) else 2
    return _RANKS.get(found, _GUARD) if isinstance(found, str) else _GUARD, 0


def arranged(node: Mapping[str, Any], ways: Sequence[T], condition: Callable[[T], Any]) -> list[T]:
    """The connections of a node, or what stands for them, in the order of the normal form.

    Answers and outcomes are ordered by ``rank``; where the place decides, only the one without a condition goes last.

    >>> arranged({"type": "condition"}, [None, {"type": "has_tag"}], lambda c: c)
    [{'type': 'has_tag'}, None]
    """
    kind = str(node.get("type"))
    if kind in ANSWERED or all(_outcome(condition(w)) for w in ways):
        payloads = payloads_of(node)
        return sorted(ways, key=lambda w: rank(kind, condition(w), payloads))
    return sorted(ways, key=lambda w: condition(w) is None)


def _outcome(condition: Any) -> bool:
    return condition is None or (isinstance(condition, Mapping) and condition.get("type") == "outcome")


def payloads_of(node: Mapping[str, Any]) -> dict[str, int]:
    """The payloads of the buttons that a node shows, each with its place among them, those of its cards included.

    >>> payloads_of({"content": {"cards": [{"buttons": [{"payload": "A"}]}], "buttons": [{"payload": "B"}]}})
    {'B': 0, 'A': 1}
    """
    out: dict[str, int] = {}
    content = node.get("content")
    for holder in (node, content):
        cards = holder.get("cards") if isinstance(holder, Mapping) else None
        for part in (holder, *(cards if isinstance(cards, list) else ())):
            buttons = part.get("buttons") if isinstance(part, Mapping) else None
            for button in buttons if isinstance(buttons, list) else ():
                payload = button.get("payload") if isinstance(button, Mapping) else None
                if isinstance(payload, str):
                    out.setdefault(payload, len(out))
    return out
