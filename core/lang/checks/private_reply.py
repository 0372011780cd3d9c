"""The first message of a flow that a comment starts is a private reply: one message, text only (decision 23)."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from core.lang.expressions import variables
from core.lang.fixing.words import defaulted
from core.lang.report import Place, Report
from core.model.context import PROFILE_FIELDS
from core.model.diagnostic import Severity
from core.model.flowdoc import NodeDoc
from core.model.limits import SUBFLOW_DEPTH, TEXT_BYTES
from core.model.program import Program, State
from core.model.texts import in_language

NOTHING: Mapping[str, Program] = MappingProxyType({})
KNOWN_FROM_COMMENT = frozenset({"username"})
"""Profile fields that a comment itself brings; the others cannot be read before the person has written."""


def check_private_reply(
    program: Program, report: Report, nodes: Mapping[str, NodeDoc], others: Mapping[str, Program] = NOTHING
) -> None:
    """IF405 for what will not be sent as it is, IF408 for profile fields without a default, IF503 for a text that is cut.

    ``others`` = the flows that it may run: the first message can be one of theirs; the finding is at the step that runs it.
    """
    for node, owner, state in first_messages(program, others):
        doc = nodes.get(node)
        at = doc.place if doc else ()
        for message in _sends(state):
            _text_only(node, message, at, report)
            _profile(node, message, at, report, fixed_in=doc)
            _length(node, message, at, report)
        for language in owner.locales:
            other = in_language(owner, state, language)
            for message in _sends(other) if other != state else ():
                _profile(node, message, at, report, f"{language}: ")
                _length(node, message, at, report, f"{language}: ")


def first_messages(
    program: Program, others: Mapping[str, Program] = NOTHING, depth: int = 1
) -> Iterator[tuple[str, Program, State]]:
    """States whose message can be the first one of a run, with the program that they are of, and the step of the flow itself."""
    seen: set[str] = set()
    stack = [program.entry]
    while stack:
        state = program.states.get(stack.pop())
        if state is None or state.id in seen:
            continue
        seen.add(state.id)
        if any(True for _ in _sends(state)):
            yield state.node, program, state
            continue
        other = others.get(str(state.wait.get("flow"))) if state.wait is not None else None
        if other is not None and depth < SUBFLOW_DEPTH:
            inner = {(id(owner), s.id): (owner, s) for _, owner, s in first_messages(other, others, depth + 1)}
            yield from ((state.node, owner, s) for owner, s in inner.values())
        stack.extend(e.to for e in state.edges if e.to is not None)


def _sends(state: State) -> Iterator[Mapping[str, Any]]:
    return (operation[1] for operation in state.do if operation[0] == "send")


def _text_only(node: str, message: Mapping[str, Any], at: Place, report: Report) -> None:
    if message.get("cards") or message.get("media"):
        what = "cards" if message.get("cards") else "media"
        hint = "begin with a text, and show the rest after the person has answered"
        report.add("IF405", f"a private reply carries text only; the {what} will not be sent", at, node, hint)
    shown = [b["text"] for b in message.get("buttons", ()) if isinstance(b["text"], str) and b["text"]]
    if shown:
        said = f"a private reply carries text only; the buttons are sent as the line 'Reply: {' / '.join(shown)}'"
        report.add(
            "IF405",
            said,
            at,
            node,
            "accounts that Instagram allows it show the buttons; typed titles count as taps",
        )


def _profile(
    node: str,
    message: Mapping[str, Any],
    at: Place,
    report: Report,
    where: str = "",
    fixed_in: NodeDoc | None = None,
) -> None:
    for path, guarded in variables(message.get("text")):
        known = path[0] != "contact" or len(path) < 2 or path[1] not in PROFILE_FIELDS - KNOWN_FROM_COMMENT
        if not known and not guarded:
            said = f"{where}contact.{path[1]} is not known of somebody who has only commented"
            fix = defaulted(fixed_in, f"contact.{path[1]}")
            report.add("IF408", said, at, node, f"write {{{{contact.{path[1]}|default('there')}}}}", fix=fix)


def _length(node: str, message: Mapping[str, Any], at: Place, report: Report, where: str = "") -> None:
    text = message.get("text")
    parts = text[1] if isinstance(text, list) else [text or ""]
    size = sum(len(p.encode()) for p in parts if isinstance(p, str))
    if size > TEXT_BYTES:
        said = f"{where}a private reply is one message of {TEXT_BYTES} bytes; this one has {size} and would be cut"
        report.add("IF503", said, at, node, "shorten it", Severity.ERROR)
