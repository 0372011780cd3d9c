"""One block of a Typebot as one step of ours, or as two."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from core.lang.importing.typebot import BUBBLES, CHOICES, HTTP, INPUTS, Block, Typebot
from core.lang.importing.typebot_text import condition, plain, template, value
from core.model.flowdoc import payload_for

Node = dict[str, Any]


def steps_of(bot: Typebot, block: Block) -> Iterator[Node]:
    """The steps of a block that becomes one; the first has the block's id."""
    for n, node in enumerate(_MAKERS[block.kind](bot, block)):
        if block.on is not None:
            node["position"] = {"x": block.on[0] + 40 * n, "y": block.on[1] + 60 * n}
        yield node


def _to(target: str | None, test: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"targetNodeId": target, "condition": test}


def _next(bot: Typebot, block: Block) -> list[dict[str, Any]]:
    return [_to(bot.way_on(block))]


def _message(bot: Typebot, block: Block, content: Mapping[str, Any]) -> Node:
    return {"id": block.id, "type": "message", "content": dict(content), "connections": _next(bot, block)}


def _text(bot: Typebot, block: Block) -> Iterator[Node]:
    words = template(plain(block.raw.get("content")))
    if not words:
        bot.note(block, "the bubble is empty")
    yield _message(bot, block, {"text": words or "…"})


def _media(bot: Typebot, block: Block) -> Iterator[Node]:
    content = block.raw.get("content")
    url = template(str(content.get("url") or "")) if isinstance(content, Mapping) else ""
    yield _message(bot, block, {"media": [{"type": block.kind, "url": url}]})


def _embed(bot: Typebot, block: Block) -> Iterator[Node]:
    content = block.raw.get("content")
    url = template(str(content.get("url") or "")) if isinstance(content, Mapping) else ""
    yield _message(bot, block, {"text": url or "…"})


def _redirect(bot: Typebot, block: Block) -> Iterator[Node]:
    bot.note(block, "a redirect became a button with the link; write what stands above it")
    link = {"type": "url", "text": "Open", "url": template(str(block.options.get("url") or ""))}
    yield _message(bot, block, {"text": "Here you go:", "buttons": [link]})


def _prompt(bot: Typebot, block: Block) -> str:
    if block.prompt:
        return block.prompt
    labels = block.options.get("labels")
    placeholder = labels.get("placeholder") if isinstance(labels, Mapping) else None
    bot.note(block, "the question has no text of its own; write one")
    return template(str(placeholder)) if placeholder else "…"


def _question(bot: Typebot, block: Block, kind: str, **more: Any) -> Node:
    retry = block.options.get("retryMessageContent")
    return {
        "id": block.id,
        "type": "get_input",
        "prompt": _prompt(bot, block),
        "inputType": kind,
        "saveToVariable": bot.names.get(str(block.options.get("variableId")), "answer"),
        **({"retryMessage": template(retry)} if isinstance(retry, str) and retry else {}),
        **more,
        "connections": [_to(bot.way_on(block), {"type": "input_valid", "value": True}), _to(None)],
    }


def _input(bot: Typebot, block: Block) -> Iterator[Node]:
    yield _question(bot, block, INPUTS[block.kind])


def _rating(bot: Typebot, block: Block) -> Iterator[Node]:
    most = block.options.get("length")
    top = most if isinstance(most, int) and 1 <= most <= 10 else 10
    numbers = "|".join(str(n) for n in range(top, 0, -1))
    yield _question(bot, block, "number", pattern=f"/^({numbers})$/")


def _file(bot: Typebot, block: Block) -> Iterator[Node]:
    way = bot.way_on(block)
    keep = bot.names.get(str(block.options.get("variableId")))
    kept = f"{block.id}.keep" if keep else way
    content = {"text": _prompt(bot, block)}
    connections = [_to(kept, {"type": "media"}), _to(way)]
    yield {"id": block.id, "type": "message", "content": content, "connections": connections}
    if keep:
        node = {"id": f"{block.id}.keep", "type": "set_attribute", "target": keep, "value": "{{last.media}}"}
        yield {**node, "connections": [_to(way)]}


def _title(item: Mapping[str, Any]) -> str:
    shown = item.get("content") or item.get("title")
    return template(shown.strip()) if isinstance(shown, str) and shown.strip() else "…"


def _choice(bot: Typebot, block: Block) -> Iterator[Node]:
    if block.options.get("isMultipleChoice"):
        bot.note(block, "several answers at once are not possible; the first one counts")
    if block.kind == "picture choice input":
        bot.note(block, "the pictures of the choices were left out")
    way, titles = bot.way_on(block), [_title(i) for i in block.items]
    own = {
        t: bot.target(i["outgoingEdgeId"]) for t, i in zip(titles, block.items, strict=True) if i.get("outgoingEdgeId")
    }
    kept = bot.names.get(str(block.options.get("variableId")))
    if kept is None:
        yield _buttons(bot, block, titles, own, way)
        return
    after = f"{block.id}.which" if own else way
    node = _question(bot, block, "choice", options=titles)
    yield {**node, "connections": [_to(after, {"type": "input_valid", "value": True}), _to(None)]}
    if own:
        tests = [_to(to, {"type": "expression", "value": f"{kept} == {_quoted(t)}"}) for t, to in own.items()]
        yield {"id": f"{block.id}.which", "type": "condition", "connections": [*tests, _to(way)]}


def _buttons(bot: Typebot, block: Block, titles: list[str], own: Mapping[str, str | None], way: str | None) -> Node:
    shown = [{"type": "quick_reply", "text": t, "payload": payload_for(t)} for t in titles]
    exits = [_to(to, {"type": "button_payload", "value": payload_for(t)}) for t, to in own.items()]
    content = {"text": _prompt(bot, block), "buttons": shown}
    return {"id": block.id, "type": "message", "content": content, "connections": [*exits, _to(way)]}


def _set(bot: Typebot, block: Block) -> Iterator[Node]:
    name = bot.names.get(str(block.options.get("variableId")))
    source = block.options.get("expressionToEvaluate")
    made = "{{now}}" if block.options.get("type") in ["Now", "Today"] else None
    if made is None and source is not None and not block.options.get("isCode"):
        made = value(source)
    if name is None or made is None:
        bot.note(block, f"the value {str(source)[:80]!r} is computed by a program; set it by hand")
    node = {"id": block.id, "type": "set_attribute", "target": name or "value", "value": "" if made is None else made}
    yield {**node, "connections": _next(bot, block)}


def _condition(bot: Typebot, block: Block) -> Iterator[Node]:
    exits = []
    for item in block.items:
        test = condition(item.get("content"), bot.names)
        if test is None:
            bot.note(block, "a comparison has no counterpart; its exit is never taken")
        exits.append(_to(bot.target(item.get("outgoingEdgeId")), {"type": "expression", "value": test or "false"}))
    yield {"id": block.id, "type": "condition", "connections": [*exits, *_next(bot, block)]}


def _wait(bot: Typebot, block: Block) -> Iterator[Node]:
    given = str(block.options.get("secondsToWaitFor") or "")
    if not given.isdecimal():
        bot.note(block, f"waits for {given!r}; say how many seconds")
    seconds = int(given) if given.isdecimal() and len(given) < 9 else 1
    yield {"id": block.id, "type": "wait", "durationSeconds": seconds, "connections": _next(bot, block)}


def _split(bot: Typebot, block: Block) -> Iterator[Node]:
    share = block.options.get("aPercent")
    first = share if isinstance(share, int) and 0 < share < 100 else 50
    a, b = (*(i.get("outgoingEdgeId") for i in block.items), None, None)[:2]
    shares = [_to(bot.target(e), {"type": "random", "weight": w}) for e, w in ((a, first), (b, 100 - first))]
    yield {"id": block.id, "type": "random_split", "connections": shares}


def _call(bot: Typebot, block: Block) -> Iterator[Node]:
    hook = block.options.get("webhook") or block.raw.get("webhook")
    hook = hook if isinstance(hook, Mapping) else {}
    arguments: dict[str, Any] = {
        "method": str(hook.get("method") or "POST"),
        "url": template(str(hook.get("url") or "")),
    }
    for key, name in (("headers", "headers"), ("queryParams", "query")):
        if pairs := _pairs(hook.get(key)):
            arguments[name] = pairs
    if isinstance(hook.get("body"), str) and hook["body"].strip():
        arguments["body"] = template(hook["body"])
    bot.note(block, "check the call: address, body, and what is done when it fails")
    kept = f"{block.group}_answer"
    mapped = block.options.get("responseVariableMapping")
    mapping = [m for m in mapped if isinstance(m, Mapping)] if isinstance(mapped, list) else []
    found = [(bot.names[v], str(m.get("bodyPath"))) for m in mapping if (v := str(m.get("variableId"))) in bot.names]
    way = bot.way_on(block)
    ids = [f"{block.id}.set{n}" for n in range(1, len(found) + 1)]
    node = {"id": block.id, "type": "external_api_call", "integration": "http.request", "arguments": arguments}
    exits = [_to(ids[0] if ids else way, {"type": "outcome", "value": "success"})]
    yield {**node, "saveToVariable": kept, "connections": [*exits, _to(way, {"type": "outcome", "value": "failure"})]}
    for n, (name, path) in enumerate(found):
        target = ids[n + 1] if n + 1 < len(ids) else way
        value_ = "{{" + kept + "." + _path(path) + "}}"
        yield {"id": ids[n], "type": "set_attribute", "target": name, "value": value_, "connections": [_to(target)]}


def _path(path: str) -> str:
    """Typebot's answer is {statusCode, data}, ours {status, body}."""
    first, _, rest = path.partition(".")
    ours = {"data": "body", "statusCode": "status"}.get(first, first)
    return f"{ours}.{rest}" if rest else ours


def _pairs(raw: Any) -> dict[str, str]:
    rows = [r for r in raw if isinstance(r, Mapping) and r.get("key")] if isinstance(raw, list) else []
    return {str(r["key"]): template(str(r.get("value") or "")) for r in rows}


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_MAKERS: Mapping[str, Callable[[Typebot, Block], Iterator[Node]]] = {
    "text": _text,
    **dict.fromkeys(BUBBLES, _media),
    "embed": _embed,
    **dict.fromkeys(INPUTS, _input),
    **dict.fromkeys(CHOICES, _choice),
    **dict.fromkeys(HTTP, _call),
    "rating input": _rating,
    "file input": _file,
    "Set variable": _set,
    "Condition": _condition,
    "Redirect": _redirect,
    "Wait": _wait,
    "AB test": _split,
}
