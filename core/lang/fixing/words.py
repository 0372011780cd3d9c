"""Fixes of a step's own words: the name of a tag or attribute that is written wrong, an expression that may be empty."""

import re
from collections.abc import Iterable, Iterator, Sequence

from core.lang.fixing.make import reworded, texts_in
from core.model.fix import Change, Fix, Place
from core.model.flowdoc import NodeDoc

NAMED = frozenset({"firstName", "lastName", "name", "fullName", "username"})
"""Fields in whose place one can say 'there'."""


def in_node(node: NodeDoc) -> Iterator[tuple[Place, str]]:
    """The texts of a step and of its conditions, with their places in the document."""
    for place, text in texts_in(node.data):
        yield (*node.place, *place), text
    for connection in node.connections:
        for place, text in texts_in(connection.condition or {}):
            yield (*connection.place, "condition", *place), text


def respelled(node: NodeDoc | None, name: str, better: str, before: Sequence[str]) -> Fix | None:
    """``name`` becomes ``better`` where it is a whole value, and behind one of ``before`` (such as "contact.") in expressions."""
    changes: list[Change] = []
    for place, text in in_node(node) if node is not None and better else ():
        if text == name:
            fixes = [reworded(place, text, name, better)]
        else:
            fixes = [reworded(place, text, b + name, b + better) for b in before]
        changes += [c for fix in fixes if fix for c in fix.changes][:1]
    return Fix(f"write '{better}'", tuple(changes)) if changes else None


def defaulted(node: NodeDoc | None, path: str) -> Fix | None:
    """``{{path}}`` gets a default in every text of the step; a person should choose which."""
    if node is None or path.rpartition(".")[2] not in NAMED:
        return None
    more = "|default('there')"
    changes = [c for place, text in in_node(node) for c in _with_default(place, text, path, more)]
    return Fix(f"write {{{{{path}{more}}}}}", tuple(changes), sure=False) if changes else None


def _with_default(place: Place, text: str, path: str, more: str) -> Iterable[Change]:
    found = sorted({m[0] for m in re.finditer(rf"\{{\{{\s*{re.escape(path)}(?=\s*[|}}])", text)})
    if len(found) == 1 and (fix := reworded(place, text, found[0], found[0] + more)):
        yield from fix.changes
