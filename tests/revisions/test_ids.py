"""Ids stay with their steps when a text is changed."""

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.lang.printing import to_text
from core.lang.reading import read
from core.lang.revisions import carried
from tests.printing.test_round_trips import EXAMPLES, MANY

BEFORE = """flow x
  eventually step hello.say3

hello:
  say "Hi"
    quick "A":
      say "You took A"
    else
  tag one
  say "Bye"
  goto last

last:
  wait 1h
  say "Again"
"""


def kept(before: str, after: str) -> dict[str, Any]:
    """The definition of ``after`` with the ids of ``before``."""
    old, new = read(before, "flow", "x"), read(after, "flow", "x")
    return carried(new.data["flowDefinition"], old.data["flowDefinition"], new.automatic)


def ids(definition: dict[str, Any]) -> dict[str, str]:
    """What a step says, to its id."""
    return {_says(n): n["id"] for n in definition["nodes"]}


def _says(node: dict[str, Any]) -> str:
    content = node.get("content", {}).get("text")
    return str(content or node.get("tagName") or node.get("durationSeconds") or node["type"])


CHANGES: dict[str, tuple[str, str, dict[str, str]]] = {
    "a step before": ("  tag one\n", '  say "New"\n  tag one\n', {"Bye": "hello.say3", "New": "hello.say4", "one": "hello.tag1"}),
    "a step inside": ('      say "You', '      say "New"\n      say "You', {"You took A": "hello.say2", "New": "hello.say4"}),
    "a step is gone": ('      say "You took A"\n', "      pass\n", {"Bye": "hello.say3"}),
    "one gone, another new elsewhere": (
        '      say "You took A"\n    else\n  tag one\n  say "Bye"\n',
        '      pass\n    else\n  tag one\n  say "Bye"\n  say "New"\n',
        {"Bye": "hello.say3", "New": "hello.say4"},
    ),
    "a changed step": ('"Bye"', '"Bye, bye"', {"Bye, bye": "hello.say3"}),
    "changed, and one before": ('  say "Bye"', '  say "Wait, there is more"\n  say "Good bye"', {"Good bye": "hello.say3"}),
    "moved to another section": (
        '  say "Bye"\n  goto last\n\nlast:\n  wait 1h\n',
        '  goto last\n\nlast:\n  wait 1h\n  say "Bye"\n',
        {"Bye": "hello.say3", "Again": "last.say1"},
    ),
    "a section renamed": ("last", "finally", {"3600": "finally", "Again": "last.say1"}),
    "an id written": ('say "Bye"', 'say "Bye" @parting', {"Bye": "parting", "You took A": "hello.say2"}),
}  # fmt: skip


@pytest.mark.parametrize("title", CHANGES)
def test_change(title: str) -> None:
    old, new, wanted = CHANGES[title]
    assert old in BEFORE
    found = ids(kept(BEFORE, BEFORE.replace(old, new)))
    assert {k: found[k] for k in wanted} == wanted


def test_what_names_a_step_follows() -> None:
    text = BEFORE.replace("  tag one\n", '  say "New"\n  tag one\n').replace("hello.say3", "hello.say4")
    found = kept(BEFORE, text.replace("  goto last", "  if tagged x -> hello.say4\n  goto last"))
    assert found["properties"] == [{"eventually": "step hello.say3"}]
    targets = {c["targetNodeId"] for n in found["nodes"] for c in n["connections"]}
    assert targets <= {n["id"] for n in found["nodes"]} and "hello.say3" in targets


def test_translations_follow() -> None:
    prop = '  prop locales = {de: {"hello.say3.text": "Tschüss", "hello.text": "Hallo"}}\n'
    before = BEFORE.replace("flow x\n", "flow x\n" + prop)
    after = before.replace("  tag one\n", '  say "New"\n  tag one\n').replace('hello.say3.text"', 'hello.say4.text"')
    assert kept(before, after)["locales"] == {"de": {"hello.say3.text": "Tschüss", "hello.text": "Hallo"}}


@settings(MANY, max_examples=MANY.max_examples // 2)
@given(st.sampled_from(EXAMPLES), st.integers(0, 2**32), st.integers(1, 4))
def test_inserted_steps_move_nobody(path: Path, seed: int, count: int) -> None:
    """Steps put in anywhere but at the head of a section: every other step keeps its id, and the new ones get new ids."""
    lines = _bare(to_text(read(path.read_bytes(), None, str(path)).data))
    chance = Random(seed)
    at = [i for i, line in enumerate(lines) if _inner_step(lines, i)]
    changed = list(lines)
    count = min(count, len(at))
    for i in sorted(chance.sample(at, k=count), reverse=True):
        margin = " " * (len(lines[i]) - len(lines[i].lstrip()))
        changed.insert(i, f'{margin}say "New {chance.random()}"')
    before, after = "\n".join(lines), "\n".join(changed)
    old = {n["id"]: n for n in read(before, "flow", "x").data["flowDefinition"]["nodes"]}
    new = {n["id"]: n for n in kept(before, after)["nodes"]}
    assert len(new) == len(old) + count
    for id_, node in old.items():
        assert {k: v for k, v in new[id_].items() if k != "connections"} == {
            k: v for k, v in node.items() if k != "connections"
        }


def _bare(text: str) -> list[str]:
    """The lines without the ids that were written, where a step can do without."""
    lines = text.splitlines()
    return [x if x.lstrip().startswith("end @") else re.sub(r" @[\w.]+(?=$|:$| ->)", "", x) for x in lines]


def _inner_step(lines: list[str], i: int) -> bool:
    """Is this the line of a step that is not the first of its section, and has no name or comment above it?"""
    above, line = lines[i - 1] if i else "", lines[i]
    step = line.startswith("  ") and line.split()[0] in ("say", "tag", "ask", "wait", "set", "call", "run", "handover")
    return step and above.startswith("  ") and not above.lstrip().startswith("#")
