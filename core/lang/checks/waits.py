"""States that wait: for whom there is no way on, and which button or outcome leads nowhere."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from core.lang.checks.arcs import Graph
from core.lang.fixing.make import texts_in
from core.lang.report import Place, Report
from core.model.diagnostic import Severity
from core.model.fix import Related
from core.model.flowdoc import NodeDoc
from core.model.program import State


def check_waits(graph: Graph, report: Report) -> None:
    """IF103, IF202, IF203, IF208, IF209 of every state that a run can come to."""
    expires = "expireSeconds" in graph.doc.settings
    for state_id in graph.reached:
        state = graph.state(state_id)
        place = graph.places.get(state.node, ())
        _buttons(state, graph.nodes.get(state.node), place, report)
        if state.wait is None:
            continue
        if state.wait["kind"] == "reply":
            _reply(state, state.wait, place, expires, report)
        elif state.wait["kind"] == "result":
            _result(state, state.wait, place, report)


def payloads(state: State) -> Iterator[str]:
    """The payloads of the buttons that a state shows."""
    for operation in state.do:
        if operation[0] == "send":
            shown = operation[1]
            for holder in (shown, *shown.get("cards", ())):
                yield from (b["payload"] for b in holder.get("buttons", ()) if "payload" in b)


def _buttons(state: State, node: NodeDoc | None, place: Place, report: Report) -> None:
    counted = Counter(payloads(state))
    for payload, times in counted.items():
        if times > 1:
            message = f"{times} buttons of this step have the payload '{payload}'; a tap cannot tell them apart"
            hint = "give each button a payload of its own"
            report.add("IF203", message, place, state.node, hint, related=_shown(node, payload))
    wait: Mapping[str, Any] = state.wait or {}
    if wait.get("kind") != "reply" and state.next:
        return
    for payload in counted:
        if payload not in wait.get("payload", ()) and "any" not in wait and "default" not in wait:
            hint = "connect the button, or add a connection without a condition"
            report.add("IF103", f"nothing happens when the button '{payload}' is tapped", place, state.node, hint)


def _shown(node: NodeDoc | None, payload: str) -> tuple[Related, ...]:
    """The buttons of a step that have the payload."""
    found = texts_in(node.data if node else {})
    places = [(*node.place, *p[:-1]) for p, text in found if node and p[-1:] == ("payload",) and text == payload]
    return tuple(Related("one of the buttons", place) for place in places)


def _reply(state: State, wait: Mapping[str, Any], place: Place, expires: bool, report: Report) -> None:
    asked = wait.get("input")
    if not wait["edges"] and asked is None:
        report.add("IF202", "this step waits for an answer but has no exit", place, state.node, severity=Severity.ERROR)
        return
    way_on = any(k in wait for k in ("default", "any", "timeout"))
    if asked is None and not way_on and not expires:
        hint = "add a connection without a condition, a time-out, or settings.expireSeconds"
        report.add("IF202", "an answer that matches nothing leaves the contact here for ever", place, state.node, hint)
    if asked is None:
        return
    if "invalid" not in asked and "default" not in wait and asked["type"] != "text":
        message = f"after {asked['retries'] + 1} wrong answers nothing more happens"
        report.add(
            "IF208", message, place, state.node, "connect input_valid: false, or add a connection without a condition"
        )
    if "timeout" not in wait and not expires:
        message = "this question waits without a time limit"
        hint = "add a time-out, or settings.expireSeconds"
        report.add("IF202", message, place, state.node, hint, Severity.INFO)


def _result(state: State, wait: Mapping[str, Any], place: Place, report: Report) -> None:
    if "failure" not in wait["outcome"] and "*" not in wait["outcome"]:
        message = f"when {wait['effect']} fails the run stops with an error"
        report.add("IF209", message, place, state.node, "connect the outcome failure")
