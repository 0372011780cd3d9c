"""Each step's line with the lines under it."""

from collections.abc import Callable, Mapping
from typing import Any

from core.lang.printing.text_conditions import guard
from core.lang.printing.text_entry import Entry
from core.lang.printing.text_options import buttons, cards, media, others, props, reprompt
from core.lang.printing.text_values import (
    STEP,
    WIDTH,
    Unfit,
    assigned,
    block,
    dotted,
    ident,
    path,
    pattern,
    span,
    string,
    text,
    tidied,
    value,
    whole,
    word,
)
from core.lang.text.tree import Exit, Step

Data = dict[str, Any]


def entries(step: Step, margin: str, plain: bool = False) -> list[Entry]:
    """The lines of a step at ``margin``; ``plain`` = every field and condition as JSON has it.

    Raises Unfit when its short form has no words for it (``do`` has them all).
    """
    tag = f" @{ident(step.id)}" if step.pinned else ""
    if step.kind in ("goto", "pass", "stop"):
        return [_moves(step)]
    if step.word == "do":
        return [_do(step, tag, margin, plain)]
    if step.word == "if":
        return _if(step, tag)
    left, exits = dict(step.data), list(step.exits)
    head, options = _MAKE[step.word](left, exits, margin)
    if step.word == "split":
        options += _shares(exits)
    options += props(left, margin) + others(exits, step.word)
    return [Entry(head + tag, inner=options)]


def fits(step: Step) -> bool:
    """True when the step's own word can say it."""
    try:
        return bool(entries(step, ""))
    except Unfit:
        return False


def _moves(step: Step) -> Entry:
    if step.kind != "goto":
        return Entry("pass" if step.kind == "pass" else "end")
    way = step.exits[0]
    return Entry("goto " + {"hole": "???", "end": "end"}.get(way.mode, ident(way.target)))


def _if(step: Step, tag: str) -> list[Entry]:
    """``if``, ``elif``, ``else``; whatever else the node holds stands in the layout."""
    out = []
    for i, way in enumerate(step.exits):
        head = "else" if way.condition is None else ("elif " if i else "if ") + guard(way.condition)
        if (way.condition is None and (i != len(step.exits) - 1 or not i)) or way.mode == "fall":
            raise Unfit
        out.append(Entry(head + (tag if not i else ""), way))
    if not out:
        raise Unfit
    return out


def _do(step: Step, tag: str, margin: str, plain: bool) -> Entry:
    """Any type with its fields as JSON has them."""
    head = f"do {dotted(step.kind)}"
    exits = others(step.exits, "do", plain)
    one = " ".join([head, *(f"{word(k)}={value(v, plain)}" for k, v in step.data.items())]) + tag
    if len(margin) + len(one) <= WIDTH:
        return Entry(one, inner=exits)
    return Entry(head + tag, inner=[_with(k, v, margin, plain) for k, v in step.data.items()] + exits)


def _with(key: str, given: Any, margin: str, plain: bool = False) -> Entry:
    line = f"with {word(key)}="
    return Entry(tidied(value(given, True), margin + STEP, line) if plain else assigned(line, given, margin + STEP))


def _shares(exits: list[Exit]) -> list[Entry]:
    """The shares of a split, which the reader weighs: they must add up."""
    shares = [e for e in exits if e.condition is not None and set(e.condition) == {"type", "weight"}]
    weights = [e.condition["weight"] for e in shares if e.condition is not None and e.condition["type"] == "random"]
    fine = all(isinstance(w, int | float) and not isinstance(w, bool) and len(repr(w)) < 12 for w in weights)
    total = round(sum(weights), 6) if fine else 0
    if not weights or len(weights) != len(shares) or any("e" in repr(w) or w <= 0 for w in weights) or total > 100:
        raise Unfit
    if total != 100 and len(exits) == len(shares):
        raise Unfit
    exits[:] = [e for e in exits if e not in shares]
    return [Entry(f"{w}%", e) for w, e in zip(weights, shares, strict=True)]


def _called(word_: str, key: str, written: Callable[[str], str]) -> Callable[..., tuple[str, list[Entry]]]:
    def make(left: Data, exits: list[Exit], margin: str) -> tuple[str, list[Entry]]:
        head = f"{word_} {written(text(left.pop(key)))}"
        given = left.pop("arguments") if isinstance(left.get("arguments"), Mapping) and left["arguments"] else {}
        into = f" into {path(left.pop('saveToVariable'))}" if "saveToVariable" in left else ""
        pairs = [f"{word(k)}={value(v)}" for k, v in given.items()]
        one = " ".join([head, *pairs]) + into
        options: list[Entry] = []
        if len(margin) + len(one) > WIDTH:
            one = head + into
            options = [_with(k, v, margin) for k, v in given.items()]
        if word_ == "call":
            options += _optional(left, "retries", lambda v: f"retry {whole(v)}")
            options += _optional(left, "timeoutSeconds", lambda v: f"within {span(v)}")
        return one, options

    return make


def _optional(left: Data, key: str, line: Callable[[Any], str]) -> list[Entry]:
    """The line of a key, when the key is there and fits."""
    if key not in left:
        return []
    try:
        made = line(left[key])
    except Unfit:
        return []
    del left[key]
    return [Entry(made)]


def _say(left: Data, exits: list[Exit], margin: str) -> tuple[str, list[Entry]]:
    content = left.pop("content", {})
    if not isinstance(content, Mapping):
        raise Unfit
    shown = dict(content)
    head = f"say {block(text(shown.pop('text')), margin)}" if "text" in shown else "say"
    options = media(shown) + buttons(shown, exits)
    options += props(shown, margin, "content.")
    return head, options + reprompt(left)


def _carousel(left: Data, exits: list[Exit], margin: str) -> tuple[str, list[Entry]]:
    content = left.pop("content", None)
    if not isinstance(content, Mapping):
        raise Unfit
    shown = dict(content)
    options = cards(shown.pop("cards", None), exits) + buttons(shown, exits)
    return "carousel", options + props(shown, margin, "content.") + reprompt(left)


def _ask(left: Data, exits: list[Exit], margin: str) -> tuple[str, list[Entry]]:
    head = f"ask {path(left.pop('inputType', None))} {block(text(left.pop('prompt', None)), margin)}"
    if "saveToAttribute" in left:
        head += f" into contact.{path(left.pop('saveToAttribute'))}"
    elif "saveToVariable" in left:
        variable = path(left.pop("saveToVariable"))
        if variable.startswith("contact."):
            raise Unfit
        head += f" into {variable}"
    options = media(left)
    options += _optional(left, "pattern", lambda v: f"matching {pattern(v)}")
    options += _optional(left, "options", _listed)
    options += _retry(left)
    return head, options + buttons(left, exits) + reprompt(left)


def _listed(given: Any) -> str:
    if not isinstance(given, list) or not given:
        raise Unfit
    return "options " + ", ".join(string(text(v)) for v in given)


def _retry(left: Data) -> list[Entry]:
    if "retries" not in left:
        return []
    try:
        line = f"retry {whole(left['retries'])}"
        line += f" {string(text(left['retryMessage']))}" if "retryMessage" in left else ""
    except Unfit:
        return []
    left.pop("retries")
    left.pop("retryMessage", None)
    return [Entry(line)]


def _wait(left: Data, exits: list[Exit], margin: str) -> tuple[str, list[Entry]]:
    options: list[Entry] = []
    if "durationSeconds" in left:
        head = f"wait {span(left.pop('durationSeconds'))}"
    elif "until" in left:
        head = f"wait until {string(text(left.pop('until')))}"
    elif isinstance(left.get("businessHours"), Mapping):
        head = assigned("wait hours ", left.pop("businessHours"), margin)
    else:
        raise Unfit
    options += _optional(left, "timeZone", lambda v: f"zone {string(text(v))}")
    return head, options


def _tags(word_: str) -> Callable[..., tuple[str, list[Entry]]]:
    def make(left: Data, exits: list[Exit], margin: str) -> tuple[str, list[Entry]]:
        names = left.pop("tagNames", None) if "tagName" not in left else [left.pop("tagName")]
        if not isinstance(names, list) or (len(names) < 2 and "tagNames" in left) or not names:
            raise Unfit
        return f"{word_} {', '.join(word(text(n)) for n in names)}", []

    return make


def _set(left: Data, exits: list[Exit], margin: str) -> tuple[str, list[Entry]]:
    if "target" not in left or "value" not in left:
        raise Unfit
    return assigned(f"set {dotted(text(left.pop('target')))} = ", left.pop("value"), margin), []


def _handover(left: Data, exits: list[Exit], margin: str) -> tuple[str, list[Entry]]:
    head = "handover"
    if "messageToAgent" in left:
        head += f" {block(text(left.pop('messageToAgent')), margin)}"
    if "team" in left:
        head += f" to {string(text(left.pop('team')))}"
    return head, []


def _one(word_: str, key: str, written: Callable[[Any], str], needed: bool = True) -> Callable[..., Any]:
    def make(left: Data, exits: list[Exit], margin: str) -> tuple[str, list[Entry]]:
        if key not in left and needed:
            raise Unfit
        return (f"{word_} {written(left.pop(key))}" if key in left else word_), []

    return make


def _reply(left: Data, exits: list[Exit], margin: str) -> tuple[str, list[Entry]]:
    return f"comment_reply {block(text(left.pop('text', None)), margin)}", []


_MAKE: Mapping[str, Callable[[Data, list[Exit], str], tuple[str, list[Entry]]]] = {
    "start": lambda left, exits, margin: ("start", []),
    "say": _say,
    "carousel": _carousel,
    "ask": _ask,
    "wait": _wait,
    "split": _one("split", "experiment", lambda v: string(text(v)), needed=False),
    "tag": _tags("tag"),
    "untag": _tags("untag"),
    "set": _set,
    "unset": _one("unset", "target", lambda v: dotted(text(v))),
    "handover": _handover,
    "comment_reply": _reply,
    "call": _called("call", "integration", dotted),
    "run": _called("run", "flow", ident),
    "end": _one("end", "outcome", lambda v: string(text(v)), needed=False),
}
WORDS = {
    "message": "say",
    "carousel": "carousel",
    "get_input": "ask",
    "wait": "wait",
    "condition": "if",
    "random_split": "split",
    "tag_contact": "tag",
    "untag_contact": "untag",
    "set_attribute": "set",
    "unset_attribute": "unset",
    "human_takeover": "handover",
    "comment_reply": "comment_reply",
    "external_api_call": "call",
    "subflow": "run",
    "end": "end",
    "start": "start",
}
"""Node type -> the word of its step."""
