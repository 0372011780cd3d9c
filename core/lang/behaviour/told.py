"""Operations and waits as lines for people."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from core.lang.behaviour.inputs import spelled
from core.lang.behaviour.sprint import Rest
from core.lang.expressions.unparse import unparse, unparse_template
from core.model.program import Json


def lines_of(rest: Rest) -> list[str]:
    """What a program does and then waits for, a line each."""
    lines = [line for op in rest.does for line in _operation(op)]
    if rest.wait is not None:
        return [*lines, *_wait(rest.wait)]
    return [*lines, "end" if rest.outcome == "end" else f"end {rest.outcome}"]


def _operation(op: Json) -> Iterator[str]:
    kind = op[0]
    if kind == "send":
        yield from _message(op[1])
    elif kind in ("tag", "untag"):
        yield f"{kind} {_text(op[1])}"
    elif kind == "set":
        yield f"set {'contact.' if op[1] == 'contact' else ''}{op[2]} = {_value(op[3])}"
    elif kind == "unset":
        yield f"unset {'contact.' if op[1] == 'contact' else ''}{op[2]}"
    elif kind == "handover":
        yield f"handover {_quoted(op[1].get('message'))}".rstrip()
    else:
        yield f"{op[1]} {', '.join(f'{k}={_value(v)}' for k, v in op[2].items())}".rstrip()


def _message(message: Mapping[str, Any]) -> Iterator[str]:
    shown = [_text(b.get("text") or b.get("contentType")) for b in message.get("buttons") or ()]
    buttons = f" [{', '.join(shown)}]" if shown else ""
    for medium in message.get("media") or ():
        yield f"{medium['type']} {_text(medium['url'])}"
    for card in message.get("cards") or ():
        own = [_text(b.get("text")) for b in card.get("buttons") or ()]
        yield f"card {_quoted(card.get('title'))}" + (f" [{', '.join(own)}]" if own else "")
    if message.get("text") or buttons:
        yield f"say {_quoted(message.get('text'))}{buttons}"


def _wait(wait: Mapping[str, Any]) -> Iterable[str]:
    kind = wait["kind"]
    if kind == "timer":
        return [
            f"wait {spelled(wait['seconds']) if 'seconds' in wait else _value(wait.get('until') or wait.get('hours'))}"
        ]
    if kind == "result":
        return [f"call {wait['effect']} {', '.join(f'{k}={_value(v)}' for k, v in wait['args'].items())}".rstrip()]
    if kind == "child":
        return [f"run {_text(wait['flow'])}"]
    return [] if kind == "human" else list(_question(wait))


def _question(wait: Mapping[str, Any]) -> Iterator[str]:
    asked = wait.get("input") or {}
    within = f" within {spelled(wait['timeout'][0])}" if wait.get("timeout") else ""
    into = f" into {'contact.' if asked['save'][0] == 'contact' else ''}{asked['save'][1]}" if asked.get("save") else ""
    yield f"wait for {asked.get('type', 'an answer')}{into}{within}"
    if asked.get("options"):
        yield f"one of {', '.join(map(_text, asked['options']))}"
    if asked.get("pattern"):
        yield f"matching {asked['pattern']}"
    if asked.get("retries"):
        yield f"asks again {asked['retries']} times {_quoted(asked.get('message'))}".rstrip()
    if wait.get("reprompt"):
        yield f"repeats {wait['reprompt']['times']} times {_quoted(wait['reprompt'].get('text'))}".rstrip()


def _text(value: Json) -> str:
    return value if isinstance(value, str) else unparse_template(value)


def _quoted(value: Json) -> str:
    return orjson.dumps(_text(value)).decode() if value else ""


def _value(value: Json) -> str:
    return unparse(value) if isinstance(value, list | tuple) else orjson.dumps(value).decode()
