"""What only a flow's surroundings tell: names that do not exist (IF305 to IF307), a text for an attribute of another type
(IF310), tags that nobody sets (IF311), flows that run each other for ever (IF107). Nothing is said about what is not known."""

from collections.abc import Iterable, Iterator, Mapping

from core.lang.fixing import reworded
from core.lang.fixing.words import respelled
from core.lang.report import Place, Report
from core.lang.tags import tags_asked, tags_set
from core.lang.workspace import Workspace
from core.model.context import PROFILE_FIELDS
from core.model.diagnostic import Severity
from core.model.flowdoc import NodeDoc
from core.model.limits import SUBFLOW_DEPTH
from core.model.near import near
from core.model.program import Program, State

FITS = {"email": "email", "phone": "phone", "number": "number", "date": "date"}
"""Type of an attribute -> the type of question that fits it."""


def check_around(program: Program, around: Workspace, report: Report, nodes: Mapping[str, NodeDoc]) -> None:
    """Adds the findings."""
    places = {id_: n.place for id_, n in nodes.items()}
    _names(program, around, report, nodes)
    if around.attributes is not None:
        for state in program.states.values():
            _types(state, around.attributes, report, nodes)
    if around.sets_tag is not None:
        _never_set(program, around, report, places)
    if program.uses.get("flows"):
        _recursion(program, around, report, places)


def _names(program: Program, around: Workspace, report: Report, nodes: Mapping[str, NodeDoc]) -> None:
    attributes = None if around.attributes is None else {*around.attributes, *PROFILE_FIELDS}
    known = (
        ("IF305", "attributes", "attribute", attributes, ("contact.",)),
        ("IF306", "tags", "tag", around.tags, ("tagged ",)),
        ("IF307", "segments", "segment", around.segments, ('in_segment("', "in_segment('")),
    )
    for code, kind, word, names, before in known:
        if names is None:
            continue
        for name in program.uses.get(kind, ()):
            if name not in names:
                better = near(name, names)
                hint = f"did you mean '{better}'?" if better else f"add it to the {word}s, or check the spelling"
                id_ = next((s.node for s in program.states.values() if name in repr(s.as_json())), None)
                node = nodes.get(id_ or "")
                fix = respelled(node, name, better, before)
                place = node.place if node else ()
                report.add(code, f"the {word} '{name}' does not exist", place, id_, hint, fix=fix)


def _never_set(program: Program, around: Workspace, report: Report, places: Mapping[str, Place]) -> None:
    """Tags that a condition asks for and nobody gives."""
    own = tags_set(program)
    assert around.sets_tag is not None
    for name, node in tags_asked(program).items() if own is not None else ():
        if name not in (own or ()) and not around.sets_tag(name):
            who = "no flow, import or agent sets it" if around.all_setters else "no flow here sets it"
            hint = (
                "check the spelling"
                if around.all_setters
                else "list the tags that people set in instaflow.yaml: tags: […]"
            )
            severity = None if around.all_setters else Severity.INFO
            at = places.get(node, ())
            report.add("IF311", f"a condition asks for the tag '{name}', but {who}", at, node, hint, severity)


def _types(state: State, attributes: Mapping[str, str], report: Report, nodes: Mapping[str, NodeDoc]) -> None:
    asked = (state.wait or {}).get("input") or {}
    save = asked.get("save")
    if not save or save[0] != "contact":
        return
    wanted = FITS.get(attributes.get(save[1], ""))
    if wanted is not None and asked.get("type") == "text":
        said = f"any text is kept in contact.{save[1]}, which is of the type {wanted}"
        node = nodes.get(state.node)
        place = node.place if node else ()
        written = node.data.get("inputType") if node else None
        at = (*place, "inputType")
        title = f"ask for the type {wanted}"
        fix = reworded(at, "text", "text", wanted, title, sure=False) if written == "text" else None
        report.add("IF310", said, place, state.node, title, fix=fix)


def _recursion(program: Program, around: Workspace, report: Report, places: Mapping[str, Place]) -> None:
    """A flow that comes to itself through subflows without anything having happened in between."""
    for state, name in _at_once(program):
        chain = _comes_back(program, around, name, (name,))
        if chain:
            said = f"the flow runs itself without waiting: {' -> '.join(chain)}"
            report.add(
                "IF107", said, places.get(state.node, ()), state.node, "put a question or a wait into the circle"
            )


def _comes_back(program: Program, around: Workspace, name: str, chain: tuple[str, ...]) -> tuple[str, ...]:
    other = around.flows.get(name)
    if other is None or len(chain) > SUBFLOW_DEPTH:
        return ()
    if other.hash == program.hash:
        return chain
    for _, inner in _at_once(other):
        if inner not in chain and (found := _comes_back(program, around, inner, (*chain, inner))):
            return found
    return ()


def _at_once(program: Program) -> Iterator[tuple[State, str]]:
    """The subflows that a program comes to before anything is waited for."""
    seen: set[str] = set()
    stack = [program.entry]
    while stack:
        state = program.states.get(stack.pop())
        if state is None or state.id in seen:
            continue
        seen.add(state.id)
        if state.wait is None:
            stack.extend(_targets(state))
        elif state.wait["kind"] == "child" and isinstance(state.wait.get("flow"), str):
            yield state, state.wait["flow"]


def _targets(state: State) -> Iterable[str]:
    return (e.to for e in state.next if e.to is not None)
