"""Waits of a program, linked: dispatch tables for replies, arguments for calls and subflows, specifications of timers."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.engine.evaluate import Closure, closure
from core.engine.linked import LinkedEdge, LinkedInput, LinkedWait
from core.engine.message import text
from core.engine.patterns import compiled
from core.engine.scope import Scope
from core.engine.values import bounded
from core.model.fold import fold, is_word_char, plain
from core.model.program import Json

if TYPE_CHECKING:
    from core.engine.machine import Machine


def link_wait(wait: Mapping[str, Json], edges: tuple[LinkedEdge, ...]) -> LinkedWait:
    """The wait of one state; ``edges`` in the order of ``wait["edges"]``."""
    out = LinkedWait(wait["kind"], edges)
    out.outcome = wait.get("outcome") or {}
    out.save = wait.get("save")
    out.effect, out.flow = wait.get("effect", ""), wait.get("flow", "")
    out.retries = int(wait.get("retries") or 0)
    if wait["kind"] == "reply":
        _tables(out, wait)
    elif wait["kind"] == "timer":
        out.spec = timer(wait)
    else:
        out.seconds = int(wait.get("seconds") or 0)
        out.args = arguments(wait.get("args") or {})
    return out


def arguments(args: Mapping[str, Json]) -> Closure:
    """Named values, evaluated and bounded."""
    linked = [(k, closure(v)) for k, v in args.items()]

    def run(scope: Scope) -> dict[str, Any]:
        return {k: bounded(of(scope)) for k, of in linked}

    return run


def timer(wait: Mapping[str, Json]) -> "Callable[[Machine], dict[str, Any]]":
    """What ``timer.start`` holds beside the wait's number: the local time is resolved by who keeps the timers."""
    if "seconds" in wait:
        fixed: dict[str, Any] = {"seconds": int(wait["seconds"])}
    elif "hours" in wait:
        fixed = {"hours": wait["hours"]}
    elif "at" not in wait["until"]:
        fixed = {"until": wait["until"]}
    else:
        rest = {k: v for k, v in wait["until"].items() if k != "at"}
        at = closure(wait["until"]["at"])
        return lambda machine: {"until": {**rest, "at": bounded(at(machine))}}
    return lambda machine: fixed


def _tables(out: LinkedWait, wait: Mapping[str, Json]) -> None:
    out.payload, out.title = wait.get("payload") or {}, wait.get("title") or {}
    out.media, out.any, out.default = wait.get("media"), wait.get("any"), wait.get("default")
    out.interrupt = wait.get("interrupt") or "keywords"
    out.regex = tuple((compiled(p), i) for p, i in wait.get("regex") or ())
    if wait.get("timeout"):
        out.timeout = (int(wait["timeout"][0]), wait["timeout"][1])
    _keywords(out, wait.get("keyword") or ())
    if wait.get("input"):
        out.input = _input(wait["input"])
    if wait.get("reprompt"):
        out.reprompt_times = int(wait["reprompt"]["times"])
        out.reprompt = text(wait["reprompt"]["text"]) if wait["reprompt"].get("text") else None


def _keywords(out: LinkedWait, table: Json) -> None:
    """Keywords by their words, looked up by every run of words of a text; those without a letter are looked for anywhere."""
    exact: dict[str, int] = {}
    symbols: list[tuple[str, int]] = []
    for words, index in table:
        for word in words:
            if any(is_word_char(c) for c in word):
                exact.setdefault(plain(word), index)
            elif fold(word):
                symbols.append((fold(word), index))
    out.exact, out.symbols = exact, tuple(symbols)
    out.sizes = tuple(sorted({k.count(" ") + 1 for k in exact}))


def _input(spec: Mapping[str, Json]) -> LinkedInput:
    pattern = compiled(spec["pattern"]) if spec.get("pattern") else None
    return LinkedInput(spec, pattern, text(spec["message"]) if spec.get("message") else None)
