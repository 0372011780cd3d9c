"""Formats of definitions: each older one is brought to today's, by files before and after; newer ones are refused."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.host.registry import Registry
from core.lang import compile_definition, compile_text
from core.lang.upgrade import CURRENT, STEPS, upgraded, version_of

CASES = Path(__file__).parents[1] / "cases" / "lang" / "upgrade"
BEFORE = sorted(CASES.glob("*.before.json"))


def test_every_version_has_a_way_on_and_a_case() -> None:
    assert set(STEPS) == set(range(1, CURRENT))
    assert {int(p.name.partition("-")[0]) for p in BEFORE} == set(STEPS)


@pytest.mark.parametrize("path", BEFORE, ids=lambda p: p.name.partition(".")[0])
def test_before_and_after(path: Path, box: Registry) -> None:
    before = json.loads(path.read_text())
    after = json.loads(Path(str(path).replace(".before.", ".after.")).read_text())
    kept = copy.deepcopy(before)
    made = upgraded(before)
    assert made == after
    assert before == kept, "an upgrade does not change what it is given"
    assert upgraded(made) == made
    assert version_of(made) == CURRENT
    old, new = compile_definition(before, box), compile_definition(after, box)
    assert old.program and new.program and old.program.hash == new.program.hash
    assert [d.as_json() for d in old.diagnostics] == [d.as_json() for d in new.diagnostics]


@pytest.mark.parametrize("version", [CURRENT + 1, 10**9])
def test_a_newer_format_is_refused_with_its_place(version: int, box: Registry) -> None:
    done = compile_text(f"flow: x\nformatVersion: {version}\nsteps:\n  a: {{frobnicate: 1}}", box)
    assert done.program is None and not done.ok
    (told,) = done.diagnostics
    assert told.code == "IF008" and told.span and told.span.line == 2
    assert told.message == f"this flow is of format {version}; this InstaFlow reads formats up to {CURRENT}"


@pytest.mark.parametrize("version", ["2", 0, -1, True, 1.5, [2], {}])
def test_what_is_no_version(version: Any, box: Registry) -> None:
    definition = {"formatVersion": version, "startNodeId": "a", "nodes": [{"id": "a", "type": "end"}]}
    done = compile_definition(definition, box)
    assert [d.message for d in done.diagnostics if d.severity == "error"] == [
        "formatVersion must be a whole number, at least 1"
    ]
    assert compile_definition({"flowDefinition": definition}, box).diagnostics[0].place == (
        "flowDefinition",
        "formatVersion",
    )


def test_todays_format_is_taken_at_its_word(box: Registry) -> None:
    old = json.loads((CASES / "1-attribute-names.before.json").read_text())
    told = compile_definition({**old, "formatVersion": 2}, box).diagnostics
    assert "the condition's attribute must be a text" in {d.message for d in told}


@pytest.mark.parametrize("version", [1, 2])
def test_every_notation_may_say_it(version: int, box: Registry) -> None:
    texts = {
        "yaml": f"flow: x\nformatVersion: {version}\nsteps:\n  a: {{say: Hi, next: end}}",
        "json": json.dumps({"formatVersion": version, "startNodeId": "a", "nodes": [{"id": "a", "type": "end"}]}),
        "flow": f"flow x\n  prop formatVersion = {version}\n\na:\n  end\n",
    }
    for format, text in texts.items():
        done = compile_text(text, box, format)
        assert done.ok and not [d for d in done.diagnostics if d.severity != "info"], format


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["attribute_equals", "name", "a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["nodes", "connections", "condition", "type", "name", "attributeName", "formatVersion"]),
            inner,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["nodes", "formatVersion", "x"]), _JSON))
def test_no_shape_breaks_it(definition: dict[str, Any]) -> None:
    kept = copy.deepcopy(definition)
    assert upgraded(upgraded(definition)) == upgraded(definition)
    assert definition == kept
