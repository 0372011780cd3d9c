"""Fixes in random flows and in every notation: the text says after them what the changed document says, and nothing else."""

import json
import os
from collections.abc import Iterator
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.host.manager import load
from core.lang import compile_text
from core.lang.fixing import applied, patched
from core.lang.printing import PRINTERS, Unsayable, normal
from core.lang.printing.yaml_form import _sorted
from core.lang.reading import read
from core.lang.reading.unreadable import Unreadable
from tests.printing.graphs import graphs

REGISTRY = load(entry_points=False)
MANY = settings(
    max_examples=10_000 if os.environ.get("INSTAFLOW_NIGHTLY") else 200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A flow in which words are written wrong and exits are connected twice."""
    document = draw(graphs())
    nodes = document["nodes"]
    for node in nodes:
        for connection in node.get("connections") or ():
            if connection.get("targetNodeId") and draw(st.booleans()):
                connection["targetNodeId"] += draw(st.sampled_from(["x", "_", "1"]))
        if draw(st.booleans()):
            node["connections"] = [
                *(node.get("connections") or ()),
                {"targetNodeId": nodes[0]["id"], "condition": None},
            ]
        content = node.get("content")
        if isinstance(content, dict) and isinstance(content.get("text"), str) and draw(st.booleans()):
            content["text"] += draw(st.sampled_from(["{{contact.firstName}}", " {{ a|uper }}", "{{ contact.name }}!"]))
    return document


def alike(data: Any, notation: str) -> Any:
    """The normal form; what the text language makes anew, and comments on a line that goes, are left out."""
    found = _sorted(normal(data))
    inner = found.get("flowDefinition", found)
    if notation == "flow":
        for holder in (inner, *inner["nodes"]):
            for key in ("sections", "sectionNotes", "notes"):
                holder.pop(key, None)
    return found


def full(data: Any) -> Any:
    """Without what is empty: a list whose last item went may go with it."""
    if isinstance(data, dict):
        return {k: v for k, v in ((k, full(v)) for k, v in data.items()) if v not in (None, [], {})}
    return [full(v) for v in data] if isinstance(data, list) else data


def as_written(document: dict[str, Any], indent: int | None) -> Iterator[tuple[str, str]]:
    """The document as programs write it, with nothing put into the normal form."""
    yield "json", json.dumps(document, indent=indent, ensure_ascii=indent is None)
    yield "yaml", yaml.safe_dump(document, sort_keys=False, allow_unicode=True, default_flow_style=indent is None)


@MANY
@given(document=damaged(), indent=st.sampled_from([None, 0, 2]))
def test_nothing_else_changes_in_what_programs_write(document: dict[str, Any], indent: int | None) -> None:
    """Here connections that are never taken are removed, too: the printers would have left them out."""
    for notation, text in as_written(document, indent):
        try:
            data = read(text, notation, "x").data
        except Unreadable:
            continue
        for one in compile_text(text, REGISTRY, notation).diagnostics:
            if one.fix and one.fix.edits and one.fix.changes:
                after = read(applied(text, one.fix.edits), notation, "x").data
                assert full(after) == full(patched(data, one.fix.changes)), (one, text)
            if one.fix and one.code == "IF204":
                assert one.fix.edits, (one, text)


@MANY
@given(document=damaged())
def test_the_text_says_what_the_changed_document_says(document: dict[str, Any]) -> None:
    for notation, printed in PRINTERS.items():
        try:
            text = printed(document)
        except Unsayable:
            continue
        data = read(text, notation, "x").data
        for one in compile_text(text, REGISTRY, notation).diagnostics:
            if one.fix and one.fix.edits and one.fix.changes:
                after = read(applied(text, one.fix.edits), notation, "x").data
                assert alike(after, notation) == alike(patched(data, one.fix.changes), notation), (one, text)
