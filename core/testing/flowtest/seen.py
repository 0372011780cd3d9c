"""One thing that a flow did, as a test looks at it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.engine.values import text_of


@dataclass(slots=True)
class Seen:
    """``kind`` = an effect's kind, ``send`` for a message, or a note's code; ``taken`` = an expectation was met by it."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    node: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    waiting: str = ""
    taken: bool = False

    def __str__(self) -> str:
        return _TOLD.get(self.kind, _plain)(self)


def _plain(seen: Seen) -> str:
    return f"{seen.kind} {text_of(dict(seen.data))}".strip()


def _send(seen: Seen) -> str:
    message = seen.data["message"]
    parts = [repr(message["text"])] if message.get("text") else []
    parts += [f"{m.get('type')} {m.get('url')}" for m in message.get("media") or ()]
    parts += [f"card {c.get('title')!r}" for c in message.get("cards") or ()]
    buttons = [b.get("text") for b in message.get("buttons") or ()]
    return "say: " + ", ".join(parts) + (f" [{', '.join(map(str, buttons))}]" if buttons else "")


_TOLD: Mapping[str, Callable[[Seen], str]] = {
    "send": _send,
    "contact.tag": lambda s: f"tag: {s.data['name']}",
    "contact.untag": lambda s: f"untag: {s.data['name']}",
    "contact.set": lambda s: f"attribute: {{{s.data['name']}: {text_of(s.data['value'])}}}",
    "contact.unset": lambda s: f"unset: {s.data['name']}",
    "call": lambda s: f"called: {s.data['effect']} {text_of(s.data['args'])}".rstrip(),
    "comment_reply": lambda s: f"comment_reply: {s.data.get('text')!r}",
    "conversation.handover": lambda s: f"handover: {s.data.get('message') or ''!r}",
    "run.ended": lambda s: f"end: {s.data.get('outcome') or 'done'}",
    "run.failed": lambda s: f"failed: {s.data.get('code')}: {s.data.get('message')}",
}
