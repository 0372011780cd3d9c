"""What a step expects, and whether something that happened is it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.engine.glob import fits
from core.engine.values import same, text_of
from core.testing.flowtest.seen import Seen

WORDS = ("nothing", "end", "handover", "waiting", "unanswered")
BESIDE = {"say": ("buttons", "media", "step"), "cards": ("buttons", "step"), "called": ("args",), "media": ("step",)}
"""Keys that say more of the first one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One expectation: ``kind`` with its value, and what else is said of it."""

    kind: str
    value: Any = None
    more: tuple[tuple[str, Any], ...] = ()

    @property
    def message(self) -> bool:
        """It expects a message, and messages come in order."""
        return self.kind in ("say", "cards", "media")

    def meets(self, seen: Seen) -> bool:
        """True when this happened."""
        return _MEETS[self.kind](self, seen)

    def __str__(self) -> str:
        extra = "".join(f", {k}: {_short(v)}" for k, v in self.more)
        return self.kind if self.value is None else f"{self.kind}: {_short(self.value)}{extra}"


def read_wanted(value: Any) -> tuple[Wanted, ...]:
    """The expectations of one step. Raises ValueError."""
    if value is None or value == []:
        raise ValueError("'expect' is followed by what must happen, or by 'nothing'")
    return tuple(_one(v) for v in (value if isinstance(value, list) else [value]))


def _one(value: Any) -> Wanted:
    if isinstance(value, str):
        if value in WORDS:
            return Wanted(value)
        raise ValueError(f"'{value}' cannot be expected; words: {', '.join(WORDS)}; a text is written {{say: …}}")
    if not isinstance(value, Mapping) or not value:
        raise ValueError("an expectation is a word or an object such as {say: Hello*}")
    kinds = [k for k in value if k in _MEETS]
    first = kinds[0] if kinds else next(iter(value))
    beside = BESIDE.get(first, ())
    if first not in _MEETS:
        raise ValueError(f"'{first}' cannot be expected; known: {', '.join(sorted(_MEETS))}")
    if wrong := [k for k in value if k != first and k not in beside]:
        raise ValueError(f"'{wrong[0]}' cannot stand beside '{first}'; write it as an expectation of its own")
    return Wanted(first, value[first], tuple((k, v) for k, v in value.items() if k != first))


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else text_of(value)
    return repr(text) if isinstance(value, str) else f"[{text}]" if isinstance(value, list) else text


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _message(w: Wanted, seen: Seen) -> bool:
    if seen.kind != "send":
        return False
    message = seen.data["message"]
    if w.kind == "say" and not fits(w.value, message.get("text") or ""):
        return False
    if w.kind == "cards" and not _titles(w.value, [c.get("title") for c in message.get("cards") or ()]):
        return False
    if w.kind == "media" and not _media(w.value, message):
        return False
    return all(_BESIDE[k](v, message, seen) for k, v in w.more)


def _titles(wanted: Any, titles: Sequence[Any]) -> bool:
    globs = _listed(wanted)
    return len(globs) == len(titles) and all(fits(g, t or "") for g, t in zip(globs, titles, strict=True))


def _media(wanted: Any, message: Mapping[str, Any]) -> bool:
    found = message.get("media") or ()
    globs = _listed(wanted)
    return len(globs) == len(found) and all(
        fits(g, m.get("url") or "") or g == m.get("type") for g, m in zip(globs, found, strict=True)
    )


def _buttons(wanted: Any, message: Mapping[str, Any], seen: Seen) -> bool:
    shown = [*(message.get("buttons") or ()), *(b for c in message.get("cards") or () for b in c.get("buttons") or ())]
    return _titles(wanted, [b.get("text") for b in shown])


_BESIDE: Mapping[str, Callable[[Any, Mapping[str, Any], Seen], bool]] = {
    "buttons": _buttons,
    "media": lambda wanted, message, seen: _media(wanted, message),
    "step": lambda wanted, message, seen: bool(seen.node == wanted),
}


def _name(kind: str) -> Callable[[Wanted, Seen], bool]:
    return lambda w, seen: seen.kind == kind and fits(w.value, str(seen.data.get("name") or ""))


def _attribute(w: Wanted, seen: Seen) -> bool:
    return seen.kind == "contact.set" and _pair(w.value, seen.data["name"], seen.data["value"])


def _pair(wanted: Any, name: str, value: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(wanted == name)
    return name in wanted and (
        same(wanted[name], value) or (isinstance(wanted[name], str) and fits(wanted[name], text_of(value)))
    )


def _called(w: Wanted, seen: Seen) -> bool:
    if seen.kind != "call" or not fits(w.value, seen.data["effect"]):
        return False
    args = dict(w.more).get("args") or {}
    return all(same(v, seen.data["args"].get(k)) for k, v in args.items())


def _ended(w: Wanted, seen: Seen) -> bool:
    return seen.kind == "run.ended" and (w.value is None or fits(w.value, seen.data.get("outcome") or "done"))


def _handover(w: Wanted, seen: Seen) -> bool:
    told = seen.data.get("message") or ""
    return seen.kind == "conversation.handover" and (w.value in (None, True) or fits(w.value, told))


def _failed(w: Wanted, seen: Seen) -> bool:
    return seen.kind == "run.failed" and (w.value is None or fits(w.value, seen.data.get("code") or ""))


_MEETS: Mapping[str, Callable[[Wanted, Seen], bool]] = {
    "say": _message,
    "cards": _message,
    "media": _message,
    "tag": _name("contact.tag"),
    "untag": _name("contact.untag"),
    "attribute": _attribute,
    "unset": _name("contact.unset"),
    "variable": lambda w, seen: all(same(v, seen.variables.get(k)) for k, v in dict(w.value or {}).items()),
    "called": _called,
    "effect": lambda w, seen: fits(w.value, seen.kind),
    "comment_reply": lambda w, seen: seen.kind == "comment_reply" and fits(w.value, seen.data.get("text") or ""),
    "handover": _handover,
    "end": _ended,
    "failed": _failed,
    "waiting": lambda w, seen: seen.waiting != "" and (w.value is None or bool(seen.waiting == w.value)),
    "unanswered": lambda w, seen: seen.kind in ("unanswered", "over"),
    "nothing": lambda w, seen: False,
}
