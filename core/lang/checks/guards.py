"""IF205: conditions that can only come out one way; IF206: words of an answer that another exit has already."""

from collections.abc import Iterator, Mapping

from core.lang.conditions import words_of
from core.lang.expressions import walk
from core.lang.expressions.unparse import unparse
from core.lang.report import Place, Report
from core.model.diagnostic import Severity
from core.model.fix import Related
from core.model.flowdoc import NodeDoc
from core.model.fold import plain
from core.model.program import Json, Program, State

LOOKS = frozenset({"var", "tagged", "says", "roll"})
"""Operators that look at something."""


def check_guards(program: Program, report: Report, nodes: Mapping[str, NodeDoc]) -> None:
    """Adds the findings."""
    for state in program.states.values():
        node = nodes.get(state.node)
        place = node.place if node else ()
        for guard in _guards(state):
            if not any(op[0] in LOOKS or op[:2] == ["call", "in_segment"] for op in walk(guard)):
                said = f"the condition '{unparse(guard)}' looks at nothing: it always comes out the same"
                report.add("IF205", said, place, state.node, "compare with contact.…, a variable, a tag or the window")
        if state.wait is not None and state.wait["kind"] == "reply":
            _words(state, node, report, place)


def _guards(state: State) -> Iterator[Json]:
    yield from (e.when for e in state.edges if isinstance(e.when, list))
    for op in state.do:
        if op[0] == "send":
            shown = [
                *(op[1].get("buttons") or ()),
                *(b for c in op[1].get("cards") or () for b in c.get("buttons") or ()),
            ]
            yield from (b["if"] for b in shown if isinstance(b.get("if"), list))


def _words(state: State, node: NodeDoc | None, report: Report, place: Place) -> None:
    """Keywords in order: a phrase that holds an earlier one as whole words never gets its turn."""
    assert state.wait is not None
    seen: list[tuple[str, int]] = []
    titles = state.wait.get("title") or {}
    for phrases, exit_ in state.wait.get("keyword") or ():
        for phrase in phrases:
            earlier = next((p for p, e in seen if e != exit_ and f" {p} " in f" {phrase} "), None)
            if earlier is not None:
                said = f"'{phrase}' never gets here: '{earlier}' of an earlier exit takes it"
                first = _saying(node, earlier)
                report.add("IF206", said, place, state.node, "put the longer words first", related=first)
            elif phrase in titles and titles[phrase] != exit_:
                said = f"'{phrase}' is a button's title too: the button's exit takes it"
                report.add("IF206", said, place, state.node, "leave the word to the button", Severity.INFO)
        seen += [(phrase, exit_) for phrase in phrases]


def _saying(node: NodeDoc | None, phrase: str) -> tuple[Related, ...]:
    """The connection that has the phrase among its words."""
    for connection in node.connections if node else ():
        condition = connection.condition or {}
        if condition.get("type") == "keyword" and phrase in map(plain, words_of(condition.get("value") or "")):
            return (Related(f"the exit that takes '{phrase}'", connection.place),)
    return ()
