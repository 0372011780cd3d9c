"""Random flows of every sort of step that has to do with time."""

import random
from collections.abc import Callable
from typing import Any

HOUR = 3600
WAITS = (60, HOUR, 5 * HOUR, 12 * HOUR, 20 * HOUR, 23 * HOUR + 3000, 26 * HOUR, 3 * 24 * HOUR, 8 * 24 * HOUR)
STARTS = ("dm_keyword", "comment_keyword", "live_comment", "reaction", "story_reply")
PARTS = ("one", "two")
"""The subflows that random flows run."""
GUARDS = (
    "window.open",
    "not window.open",
    "window.left > 7200",
    "window.left > 10h",
    "window.left < 1h",
    "not (window.left >= 10h)",
    "window.open and tagged vip",
    "window.left > 3h or tagged vip",
    "window.left > 4h",
)
SPEAKING = ("say", "quick", "ask")
KINDS = (
    *SPEAKING,
    "say",
    "say",
    "quick",
    "wait",
    "wait",
    "guard",
    "guard",
    "tag",
    "call",
    "person",
    "part",
    "until",
    "open",
)
PASSING = ("wait", "until", "open", "call", "person", "part", "guard", "say", "quick")
Target = Callable[[], str | None]


def flow(rng: random.Random, part: bool = False) -> dict[str, Any]:
    """A flow of a few steps joined at random; a ``part`` has no trigger and runs no others."""
    straight = not part and rng.random() < 0.5
    size = rng.choice([1, 2, 3, 4] if part else [2, 3, 3, 4, 5, 6, 7, 8])
    ids = [f"s{i}" for i in range(size)]

    def target() -> str | None:
        """Mostly ahead: else most flows would be loops of which little can be reached. Every second flow is a straight one."""
        ahead = ids[place + 1 :] or [None]
        if straight or rng.random() < 0.4:
            return ahead[0]
        return rng.choice(ahead if rng.random() < 0.7 else [*ids, None])

    kinds = [rng.choice([k for k in KINDS if not (part and k == "part")]) for _ in ids]
    if straight:  # some time passes, then something is said
        kinds = [rng.choice(PASSING) for _ in ids[1:]] + ["say"]
    nodes = []
    for place, (id_, kind) in enumerate(zip(ids, kinds, strict=True)):  # noqa: B007  ``target`` reads the place
        nodes.append({"id": id_, **_STEPS[kind](rng, id_, target)})
    definition = {"startNodeId": "s0", "nodes": nodes}
    if part:
        return {"flowDefinition": definition}
    trigger: dict[str, Any] = {"type": rng.choice(STARTS)}
    if trigger["type"] != "reaction":
        trigger["keyword"] = "go"
    return {"flowDefinition": definition, "triggers": [trigger]}


def _to(target: str | None, type: str = "", **condition: Any) -> dict[str, Any]:
    return {"targetNodeId": target, "condition": {"type": type, **condition} if type else None}


def _late(rng: random.Random, target: Target) -> dict[str, Any]:
    return _to(target(), "timeout", seconds=rng.choice(WAITS))


def _say(rng: random.Random, id_: str, target: Target) -> dict[str, Any]:
    return {"type": "message", "text": f"This is {id_}", "connections": [_to(target())]}


def _wait(rng: random.Random, id_: str, target: Target) -> dict[str, Any]:
    return {"type": "wait", "durationSeconds": rng.choice(WAITS), "connections": [_to(target())]}


def _until(rng: random.Random, id_: str, target: Target) -> dict[str, Any]:
    return {"type": "wait", "until": rng.choice(["00:00", "09:00", "18:30"]), "connections": [_to(target())]}


def _open(rng: random.Random, id_: str, target: Target) -> dict[str, Any]:
    hours = rng.choice([{"mon-fri": "09:00-17:00"}, {"mon-sun": "08:00-20:00"}, {"fri-sat": "22:00-02:00"}])
    return {"type": "wait", "businessHours": hours, "connections": [_to(target())]}


def _tag(rng: random.Random, id_: str, target: Target) -> dict[str, Any]:
    kind = rng.choice(["tag_contact", "untag_contact"])
    return {"type": kind, "tagName": rng.choice(["vip", "other"]), "connections": [_to(target())]}


def _guard(rng: random.Random, id_: str, target: Target) -> dict[str, Any]:
    yes = _to(target(), "expression", value=rng.choice(GUARDS))
    return {"type": "condition", "connections": [yes, *([_to(target())] if rng.random() < 0.9 else [])]}


def _call(rng: random.Random, id_: str, target: Target) -> dict[str, Any]:
    ways = [_to(target(), "outcome", value=name) for name in ("success", "failure")]
    call = {"integration": "shop.order", "timeoutSeconds": rng.choice([10, 300]), "retries": rng.choice([0, 2])}
    return {"type": "external_api_call", **call, "connections": ways}


def _person(rng: random.Random, id_: str, target: Target) -> dict[str, Any]:
    return {"type": "human_takeover", "connections": [_to(target())]}


def _part(rng: random.Random, id_: str, target: Target) -> dict[str, Any]:
    return {"type": "subflow", "flow": rng.choice(PARTS), "connections": [_to(target())]}


def _ask(rng: random.Random, id_: str, target: Target) -> dict[str, Any]:
    ask = {"type": "get_input", "prompt": f"Name, {id_}?", "inputType": "email", "saveToVariable": "n", "retries": 1}
    ways = [_to(target(), "input_valid", value=True), _to(target(), "input_valid", value=False), _late(rng, target)]
    return {**ask, "connections": ways[rng.choice([0, 0, 1]) : rng.randint(2, 3)]}


def _quick(rng: random.Random, id_: str, target: Target) -> dict[str, Any]:
    content = {"text": f"Well, {id_}?", "buttons": [{"type": "quick_reply", "text": "Yes", "payload": "YES"}]}
    ways = [_to(target(), "button_payload", value="YES"), _late(rng, target), _to(target())]
    again = {"reprompt": {"times": 1, "text": f"Please, {id_}!"}} if rng.random() < 0.3 else {}
    return {"type": "message", "content": content, **again, "connections": ways[: rng.randint(2, 3)]}


_STEPS: dict[str, Callable[[random.Random, str, Target], dict[str, Any]]] = {
    "say": _say,
    "wait": _wait,
    "until": _until,
    "open": _open,
    "tag": _tag,
    "guard": _guard,
    "call": _call,
    "person": _person,
    "part": _part,
    "ask": _ask,
    "quick": _quick,
}
