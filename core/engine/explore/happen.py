"""What happens in a step of a conversation, one thing after the other, as properties name it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from core.engine.explain import describe, sentence_of
from core.engine.glob import fits
from core.model.effect import Effect
from core.model.event import event_from_json
from core.model.properties import Occurrence

Step = Mapping[str, Any]
"""One of ``Simulation.steps``."""


class Happening(NamedTuple):
    """``values`` = what a glob is compared with; ``change`` = the effect, if it is one."""

    kind: str
    values: tuple[str, ...] = ()
    node: str = ""
    told: str = ""
    change: Mapping[str, Any] | None = None

    def is_one_of(self, events: tuple[Occurrence, ...]) -> bool:
        """One of the occurrences names it."""
        return any(e.kind == self.kind and (not e.value or any(fits(e.value, v) for v in self.values)) for e in events)


SILENCE = Happening("silence", told="The contact says nothing more, and the flow rests for ever.")
EXPIRED = Happening("end", ("expired",), told="The run expires.")


def happenings(step: Step) -> Iterator[Happening]:
    """The event, then each step that is entered with what it does."""
    yield from _event(step["event"], str(step["node"] or ""))
    effects = list(step["effects"])
    entered = ""
    for _, exit_ in step["path"]:
        node = exit_.partition("#")[0]
        if node != entered:
            entered = node
            yield Happening("step", (node,), node, f"The run comes to '{node}'.")
        yield from _effects(effects, node)
    rests = step["node"]
    if rests and rests != entered and (step["path"] or step["event"]["kind"] == "started"):
        yield Happening("step", (rests,), rests, f"The run comes to '{rests}'.")
    yield from _effects(effects, None)


def _event(event: Mapping[str, Any], node: str) -> Iterator[Happening]:
    if event["kind"] == "returned":
        yield Happening("return", (), node, describe(event_from_json(event)))
    elif event["kind"] == "replied" and not event.get("final"):
        told = describe(event_from_json(event))
        yield Happening("reply", (), node, told)
        if event.get("payload") is not None:
            yield Happening("tap", (event["payload"],), node, told)


def _effects(effects: list[Mapping[str, Any]], node: str | None) -> Iterator[Happening]:
    """Those of a step, taken from the front; None = all that are left."""
    while effects and (node is None or effects[0]["node"] == node):
        effect = effects.pop(0)
        kind, values = _named(effect["kind"], effect["data"])
        if kind:
            told = sentence_of(Effect(effect["kind"], effect["data"])) or f"The run ends ({values[0]})."
            yield Happening(kind, values, effect["node"], told, effect)


def _named(kind: str, data: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    if kind == "send":
        message = data["message"]
        texts = (message.get("text"), *(c.get(k) for c in message.get("cards") or () for k in ("title", "subtitle")))
        return "say", tuple(str(t) for t in texts if t) or ("",)
    if kind in _NAMED:
        word, key, before = _NAMED[kind]
        return word, (before + str(data.get(key) or ""),)
    if kind in ("timer.start", "timer.stop"):
        return "", ()
    return "call", (kind,)


_NAMED = {
    "contact.tag": ("tag", "name", ""),
    "contact.untag": ("untag", "name", ""),
    "contact.set": ("set", "name", "contact."),
    "contact.unset": ("unset", "name", "contact."),
    "call": ("call", "effect", ""),
    "comment_reply": ("comment_reply", "text", ""),
    "conversation.handover": ("handover", "message", ""),
    "run.ended": ("end", "outcome", ""),
    "run.failed": ("failure", "code", ""),
}
"""Kind of an effect -> the word of a property, where its value stands, what is written before it."""
