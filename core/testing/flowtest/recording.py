"""A conversation that was had, as a test: what the contact did becomes the steps, what the flow did what is expected."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import yaml

from core.lang.expressions.unparse import duration


def recorded(
    file: str,
    name: str,
    transcript: Iterable[Mapping[str, Any]],
    start: Any = None,
    contact: Mapping[str, Any] | None = None,
    mocks: Mapping[str, Any] | None = None,
    results: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The text of a test file. ``transcript`` as ``core.engine.simulate`` describes it; ``start`` as a test file writes it.

    Texts are expected as they were said, with the stars in them escaped. ``results`` = answers of calls, in order.
    """
    case: dict[str, Any] = {"name": name}
    if contact:
        case["contact"] = dict(contact)
    if mocks:
        case["mocks"] = dict(mocks)
    if start is not None:
        case["start"] = start
    case["steps"] = _steps(list(transcript), started_by_text=start is not None, results=list(results))
    return file_of(file, case)


def file_of(file: str, case: Mapping[str, Any], also: Sequence[str] = ()) -> str:
    """The text of a test file with one test."""
    whole = {"file": file, **({"also": list(also)} if also else {}), "tests": [dict(case)]}
    text: str = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)
    return text


def _steps(
    items: list[Mapping[str, Any]], started_by_text: bool, results: list[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    expected: list[Any] = []
    at = items[0]["at"] if items else 0

    def told() -> None:
        if expected:
            steps.append({"expect": expected[0] if len(expected) == 1 else list(expected)})
            expected.clear()

    for n, item in enumerate(items):
        if item["at"] != at:
            told()
            steps.append({"advance": duration(max((item["at"] - at) // 1000, 1))})
            at = item["at"]
        if item["who"] == "contact":
            told()
            if n or not started_by_text:
                steps.append(said(item))
        elif item["who"] == "flow":
            expected.append(told_message(item["message"]))
        elif item["who"] == "effect" and (seen := told_effect(item)) is not None:
            expected.append(seen)
            if item["kind"] == "call" and results:
                told()
                steps.append({"result": dict(results.pop(0))})
    told()
    return steps


def said(item: Mapping[str, Any]) -> dict[str, Any]:
    """What the contact did, as a step."""
    if item.get("payload"):
        return {"tap": item["text"] or {"payload": item["payload"]}}
    if item.get("media"):
        return {"media": [dict(m) for m in item["media"]]}
    return {"type": item.get("text") or ""}


def told_message(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message, as an expectation."""
    buttons = [escaped(str(b.get("text"))) for b in message.get("buttons") or ()]
    if message.get("cards"):
        return {"cards": [escaped(str(c.get("title") or "")) for c in message["cards"]]}
    seen: dict[str, Any] = {"say": escaped(str(message.get("text") or ""))} if message.get("text") else {}
    if message.get("media"):
        seen["media"] = [m.get("type") for m in message["media"]]
    return {**seen, **({"buttons": buttons} if buttons and "say" in seen else {})}


def told_effect(item: Mapping[str, Any]) -> Any:
    """Something that was done, as an expectation; None for book-keeping."""
    data = item["data"]
    made: Mapping[str, Callable[[], Any]] = {
        "contact.tag": lambda: {"tag": data["name"]},
        "contact.untag": lambda: {"untag": data["name"]},
        "contact.set": lambda: {"attribute": {data["name"]: data["value"]}},
        "contact.unset": lambda: {"unset": data["name"]},
        "call": lambda: {"called": data["effect"]},
        "comment_reply": lambda: {"comment_reply": escaped(str(data.get("text") or ""))},
        "conversation.handover": lambda: "handover",
        "run.ended": lambda: "end" if data.get("outcome") in (None, "end") else {"end": data["outcome"]},
        "run.failed": lambda: {"failed": data.get("code")},
    }
    make = made.get(item["kind"])
    return make() if make is not None else None


def escaped(text: str) -> str:
    r"""A text that a test compares letter by letter.

    >>> print(escaped("5 * 3?"))
    5 \* 3\?
    """
    return text.replace("*", "\\*").replace("?", "\\?")
