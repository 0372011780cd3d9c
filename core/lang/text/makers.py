"""What each line of a step becomes: a node type with its fields."""

from collections.abc import Callable
from typing import Any

from core.lang.text.complaint import MISPLACED
from core.lang.text.row import Row
from core.lang.text.tree import Exit, Step


def goal_of(row: Row, goal: Any) -> tuple[str, str]:
    """Where an arrow leads: (mode, label)."""
    child = goal.children[0]
    if isinstance(child, str):
        return "hole", ""
    first = child.children[0]
    if len(child.children) == 1 and str(first) == "end":
        return "end", ""
    return "jump", row.dotted(child)


def _say(row: Row) -> Step:
    step = Step("message", "say", row.place)
    if row.parts[0] is not None:
        step.data["content"] = {"text": row.text(row.parts[0])}
        step.at[("content", "text")] = row.piece(row.parts[0])
    return step


def _carousel(row: Row) -> Step:
    return Step("carousel", "carousel", row.place, {"content": {"cards": []}})


def _ask(row: Row) -> Step:
    kind, prompt, into, _ = row.parts
    step = Step("get_input", "ask", row.place, {"prompt": row.text(prompt), "inputType": row.dotted(kind)})
    step.at |= {("prompt",): row.piece(prompt), ("inputType",): row.piece(kind)}
    if into is not None:
        words = [str(w) for w in into.children]
        on_contact = words[0] == "contact" and len(words) > 1
        key = "saveToAttribute" if on_contact else "saveToVariable"
        step.data[key] = ".".join(words[1:] if on_contact else words)
        step.at[(key,)] = row.piece(into)
    return step


def _field(kind: str, word: str, *fields: tuple[str, Callable[[Row, Any], Any]]) -> Callable[[Row], Step]:
    """A step whose parts are fields of its node, in order; a part that is left out is no field."""

    def make(row: Row) -> Step:
        step = Step(kind, word, row.place)
        for (key, read), part in zip(fields, row.parts, strict=False):
            if part is not None:
                step.data[key] = read(row, part)
                step.at[(key,)] = row.piece(part)
        return step

    return make


def _tags(kind: str, word: str) -> Callable[[Row], Step]:
    def make(row: Row) -> Step:
        names = row.texts(row.parts[0])
        one = len(names) == 1
        step = Step(kind, word, row.place, {"tagName": names[0]} if one else {"tagNames": names})
        step.at[("tagName" if one else "tagNames",)] = row.piece(row.parts[0])
        return step

    return make


def _called(kind: str, word: str, field: str) -> Callable[[Row], Step]:
    def make(row: Row) -> Step:
        step = Step(kind, word, row.place, {field: row.dotted(row.parts[0])})
        step.at[(field,)] = row.piece(row.parts[0])
        take_arguments(step, row)
        if (into := row.part("path")) is not None:
            step.data["saveToVariable"] = row.dotted(into)
            step.at[("saveToVariable",)] = row.piece(into)
        return step

    return make


def take_arguments(step: Step, row: Row) -> None:
    """``name=value``: arguments of a call, fields of any other step."""
    for name, value, piece in row.pairs(row.parts):
        if step.word == "do":
            if name in ("id", "type", "connections"):
                row.complain(MISPLACED, f"'{name}' is no field", None, "an id is written @id")
                continue
            step.data[name] = value
            step.at[(name,)] = piece
            continue
        arguments = step.data.setdefault("arguments", {})
        if not isinstance(arguments, dict):
            row.complain(MISPLACED, "the arguments are given twice")
            return
        arguments[name] = value
        step.at[("arguments", name)] = piece


def _do(row: Row) -> Step:
    step = Step(row.dotted(row.parts[0]), "do", row.place)
    step.at[("type",)] = row.piece(row.parts[0])
    take_arguments(step, row)
    return step


def _goto(row: Row) -> Step:
    mode, label = goal_of(row, row.parts[0])
    at = row.piece(row.parts[0])
    return Step("goto", "goto", row.place, exits=[Exit(None, mode, at, label, target_at=at)])


def _end(row: Row) -> Step:
    if row.parts[0] is None:
        return Step("stop", "end", row.place)
    return Step(
        "end", "end", row.place, {"outcome": row.text(row.parts[0])}, at={("outcome",): row.piece(row.parts[0])}
    )


MAKERS: dict[str, Callable[[Row], Step]] = {
    "start": _field("start", "start"),
    "say": _say,
    "carousel": _carousel,
    "ask": _ask,
    "wait": _field("wait", "wait", ("durationSeconds", Row.seconds)),
    "wait_until": _field("wait", "wait", ("until", Row.text)),
    "wait_hours": _field("wait", "wait", ("businessHours", Row.value)),
    "if_": _field("condition", "if"),
    "split": _field("random_split", "split", ("experiment", Row.text)),
    "tag": _tags("tag_contact", "tag"),
    "untag": _tags("untag_contact", "untag"),
    "set": _field("set_attribute", "set", ("target", Row.dotted), ("value", Row.value)),
    "unset": _field("unset_attribute", "unset", ("target", Row.dotted)),
    "handover": _field("human_takeover", "handover", ("messageToAgent", Row.text), ("team", Row.text)),
    "comment_reply": _field("comment_reply", "comment_reply", ("text", Row.text)),
    "call": _called("external_api_call", "call", "integration"),
    "run": _called("subflow", "run", "flow"),
    "do": _do,
    "goto": _goto,
    "end": _end,
    "pass_": _field("pass", "pass"),
}
"""Rule of the grammar -> the step; its block comes later."""
