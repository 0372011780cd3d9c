"""Messages of a program as closures: templates filled, buttons shown or left out, nothing empty sent."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.engine.evaluate import Closure, Guard, closure, guard
from core.engine.scope import Scope
from core.engine.values import text_of
from core.model.program import Json

Button = tuple[Guard, Mapping[str, Any], tuple[tuple[str, Closure], ...]]


def text(template: Json) -> Closure:
    """A template or plain text as a function to text."""
    if isinstance(template, str):
        return lambda scope: template
    of = closure(template)
    return lambda scope: text_of(of(scope))


def message(data: Mapping[str, Json]) -> Closure:
    """``send``'s message; null when nothing would be in it.

    >>> message({"text": "Hi", "buttons": [{"type": "quick_reply", "text": "Yes", "payload": "Y"}]})(Scope())
    {'text': 'Hi', 'buttons': [{'type': 'quick_reply', 'text': 'Yes', 'payload': 'Y'}]}
    """
    if not any(_moving(v) for v in data.values()):
        return _fixed(data)
    parts: list[tuple[str, Callable[[Scope], Any]]] = []
    if "text" in data:
        parts.append(("text", text(data["text"])))
    if data.get("media"):
        parts.append(("media", _media(data["media"])))
    if data.get("buttons"):
        parts.append(("buttons", buttons(data["buttons"])))
    if data.get("cards"):
        parts.append(("cards", _cards(data["cards"])))

    def run(scope: Scope) -> dict[str, Any] | None:
        out = {key: value for key, part in parts if (value := part(scope))}
        return out or None

    return run


def _moving(part: Json) -> bool:
    """True when a part depends on the scope."""
    if isinstance(part, dict):
        return "if" in part or any(_moving(v) for v in part.values())
    return isinstance(part, list) and (
        part[:1] == ["tpl"] or not all(isinstance(p, dict) and not _moving(p) for p in part)
    )


def _fixed(data: Mapping[str, Json]) -> Closure:
    out = {k: v for k, v in data.items() if v}
    return lambda scope: out or None


def quick_replies(data: Mapping[str, Json]) -> Closure | None:
    """The quick replies of a message alone: Instagram hides them as soon as another message is sent, so a question that is
    put again shows them again."""
    found = [b for b in data.get("buttons") or () if b.get("type") == "quick_reply"]
    return buttons(found) if found else None


def buttons(data: Sequence[Mapping[str, Json]]) -> Closure:
    """The buttons whose condition holds, titles and links filled in."""
    linked = [_button(b) for b in data]

    def run(scope: Scope) -> list[dict[str, Any]]:
        return [
            {**fixed, **{key: of(scope) for key, of in texts}}
            for shown, fixed, texts in linked
            if shown is None or shown(scope)
        ]

    return run


def _button(data: Mapping[str, Json]) -> Button:
    fixed = {k: data[k] for k in ("type", "payload", "contentType") if k in data}
    texts = tuple((k, text(data[k])) for k in ("text", "url") if k in data)
    return guard(data.get("if", True)), fixed, texts


def _media(data: Sequence[Mapping[str, Json]]) -> Closure:
    linked = [(m["type"], text(m["url"])) for m in data]

    def run(scope: Scope) -> list[dict[str, Any]]:
        return [{"type": kind, "url": url} for kind, of in linked if (url := of(scope))]

    return run


def _cards(data: Sequence[Mapping[str, Json]]) -> Closure:
    linked = [
        (
            [(k, text(c[k])) for k in ("title", "subtitle", "imageUrl", "url") if k in c],
            buttons(c["buttons"]) if c.get("buttons") else None,
        )
        for c in data
    ]

    def run(scope: Scope) -> list[dict[str, Any]]:
        out = []
        for texts, of in linked:
            card: dict[str, Any] = {k: value for k, t in texts if (value := t(scope))}
            if of is not None and (shown := of(scope)):
                card["buttons"] = shown
            if card:
                out.append(card)
        return out

    return run
