"""The Graph API's ``fields`` expressions: ``id,messages.limit(5){id,from}`` to a tree, and picking by it."""

import re
from collections.abc import Mapping
from typing import Any

from core.testing.instagram.errors import GraphError

Tree = dict[str, "Tree"]
_TOKEN = re.compile(r"\s*([A-Za-z_][\w]*)((?:\.\w+\([^(){}]*\))*)\s*|\s*([{},])\s*")


def parse(text: str) -> Tree:
    """Names to sub-trees; modifiers such as ``.limit(5)`` are read over.

    >>> parse("id,messages.limit(5){id,from}")
    {'id': {}, 'messages': {'id': {}, 'from': {}}}
    """
    root: Tree = {}
    stack, last, at = [root], root, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.end() == at:
            raise GraphError(100, 0, f"Syntax error in the fields at character {at}")
        at = found.end()
        name, _, mark = found.groups()
        if name:
            last = stack[-1].setdefault(name, {})
        elif mark == "{":
            stack.append(last)
        elif mark == "}" and len(stack) > 1:
            stack.pop()
    if len(stack) > 1:
        raise GraphError(100, 0, "Syntax error in the fields: a } is missing")
    return root


def pick(data: Mapping[str, Any], text: str, default: str) -> dict[str, Any]:
    """The asked-for members of ``data`` (``id`` always); an unknown name is error 100, a member without value is left out."""
    out = {}
    for name in parse(text or default):
        if name not in data:
            raise GraphError(100, 0, f"Tried accessing nonexisting field ({name})")
        if data[name] is not None:
            out[name] = data[name]
    if "id" in data:
        out["id"] = data["id"]
    return out
