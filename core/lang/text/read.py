"""The door of the text language: a text in, the document as plain JSON and the places of its parts out."""

import re
from dataclasses import dataclass, field
from typing import Any

from core.lang.report import Place
from core.lang.text.blocks import Block, nest
from core.lang.text.complaint import INDENTATION, SYNTAX, Complaint, Complaints, cut
from core.lang.text.graph import Graph
from core.lang.text.header import read_header, read_layout
from core.lang.text.ids import give_ids
from core.lang.text.lines import split
from core.lang.text.options import first_word
from core.lang.text.row import refuse_name, row_of
from core.lang.text.steps import Steps
from core.lang.text.tree import Piece, Section, Written
from core.lang.text.words import HEADER, STEPS

_YAML = re.compile(r"flow\s*:|[\w-]+\s*:\s+\S")
_OF_YAML = 'let the file\'s name end with .yaml; or write: flow welcome "Welcome"'


@dataclass(frozen=True, slots=True)
class Flow:
    """``data`` = the envelope with its flowDefinition; ``places`` = place in it -> (start, end) in the text.

    ``automatic`` = the ids that nobody wrote: they shift when a step is inserted. With ``complaints`` the data is what could be understood; ``sound`` tells whether that is all that is written.
    """

    data: dict[str, Any]
    places: dict[Place, Piece]
    complaints: list[Complaint] = field(default_factory=list)
    sound: bool = True
    automatic: frozenset[str] = frozenset()


def read_flow(text: str) -> Flow:
    """Reads one ``.flow`` text; never raises for what an author wrote.

    >>> read_flow('flow hi\\n\\nhello:\\n  say "Hello!"\\n').data["flowDefinition"]["nodes"][1]
    {'id': 'hello', 'type': 'message', 'content': {'text': 'Hello!'}, 'connections': []}
    """
    complaints = Complaints()
    written, left = _read(text, complaints)
    graph = Graph(written, complaints)
    definition = graph.definition()
    if left:
        _keep(left, graph.nodes, definition)
    return Flow(
        {**written.envelope, "flowDefinition": definition},
        graph.places,
        complaints.told(),
        not complaints.unsound,
        graph.automatic,
    )


def read_written(text: str) -> Written:
    """What the text says, statement by statement, with the ids that nobody wrote: what can be understood of it."""
    written, _ = _read(text, Complaints())
    give_ids(written.sections)
    return written


def _read(text: str, complaints: Complaints) -> tuple[Written, list[str]]:
    lines, left = split(text, complaints)
    blocks = nest(lines, complaints, any(c.code == INDENTATION for c in complaints.found))
    return _written(blocks, complaints), left


def _written(blocks: list[Block], complaints: Complaints) -> Written:
    out = Written()
    steps = Steps(complaints)
    rest = list(blocks)
    if rest and _YAML.match(rest[0].line.code):
        line = rest[0].line
        complaints.add(SYNTAX, "this is YAML, not the text language", line.start, line.first_end, _OF_YAML)
        return out
    if rest and first_word(rest[0].line.code) == "flow":
        read_header(rest.pop(0), out, complaints)
    else:
        hint = 'the first line is such as: flow welcome "Welcome"'
        end = blocks[0].line.first_end if blocks else 1
        start = blocks[0].line.start if blocks else 0
        complaints.add(SYNTAX, "a file begins with the line 'flow' and the flow's short name", start, end, hint)
    for block in rest:
        _top(block, out, steps, complaints)
    if blocks and not out.sections and not any(b.line.code != "layout" for b in rest):
        line = blocks[0].line
        hint = "add a section: a line such as 'hello:' at the left margin, with indented steps below"
        complaints.add(SYNTAX, "this flow has no section", line.start, line.first_end, hint)
    return out


def _top(block: Block, out: Written, steps: Steps, complaints: Complaints) -> None:
    line = block.line
    word = first_word(line.code)
    if line.code == "layout":
        read_layout(block, out, complaints)
        return
    if word in (*STEPS, *HEADER, "flow", "layout") and not line.code.endswith(":"):
        _stray(block, word, steps, complaints)
        return
    refuse_name(line, complaints)
    row = row_of(line, "label_line", complaints)
    if row is None:
        steps.look_into(block.inner)
        return
    body = steps.body(block.inner)
    if not block.inner:
        shown = cut(line.code)
        row.complain(SYNTAX, f"nothing stands under '{shown}'", None, "add at least one indented step, such as: pass")
    out.sections.append(Section(row.dotted(row.parts[0]), row.place, body, line.notes))


def _stray(block: Block, word: str, steps: Steps, complaints: Complaints) -> None:
    line = block.line
    if word == "flow":
        message, hint = "a file holds one flow", "move the second one to a file of its own"
    elif word in STEPS:
        message, hint = f"the step '{word}' stands outside a section", "indent it under a line such as 'hello:'"
    elif word == "layout":
        message, hint = (
            "the layout stands under a line that is only the word 'layout'",
            "one indented line for each step",
        )
    else:
        message, hint = f"'{word}' stands at the left margin", "indent it under the 'flow' line"
    complaints.add(SYNTAX, message, line.start, line.start + len(word), hint)
    steps.look_into(block.inner)


def _keep(left: list[str], nodes: list[dict[str, Any]], definition: dict[str, Any]) -> None:
    """Comments behind the last line belong to the last step."""
    holder = nodes[-1] if nodes else definition
    connections = holder.pop("connections", None)
    holder["notes"] = [*holder.get("notes", ()), *left]
    if connections is not None:
        holder["connections"] = connections
