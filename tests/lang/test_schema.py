"""The JSON Schema of flow files: examples are valid, what the compiler accepts is valid, what has the wrong shape is not."""

import copy
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from core.cli.flow import command
from core.host.manager import load
from core.host.registry import Registry
from core.lang import compile_text
from core.lang.printing import to_json, to_yaml
from core.lang.reading import read
from core.lang.reading.yaml_text import read_yaml
from core.lang.schema import flow_schema
from core.model.diagnostic import Diagnostic, has_errors
from tests.printing.graphs import documents, graphs

ROOT = Path(__file__).parents[2]
BOX = load(entry_points=False)
SCHEMA = Draft7Validator(flow_schema(BOX))
EXAMPLES = [
    p
    for p in sorted((ROOT / "flows_examples").iterdir())
    if p.suffix in (".yaml", ".json", ".flow") and ".test." not in p.name
]
MANY = settings(
    max_examples=10_000 if os.environ.get("INSTAFLOW_NIGHTLY") else 500,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 90),
    st.sampled_from(["", "x", "2h", "{{a}}", "end"]),
    st.just([]),
    st.just({}),
)


def plain(text: str, notation: str) -> Any:
    """What the file itself says, before it is made the document."""
    return read_yaml(text)[0] if notation == "yaml" else read(text, "json", "x").data


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """The example as YAML and as JSON."""
    text = path.read_text("utf-8")
    data = read(text, None, path.name).data
    if path.suffix == ".yaml":
        yield text, "yaml"
    yield to_yaml(data), "yaml"
    yield to_json(data), "json"


def wrong(data: Any) -> list[str]:
    return [f"{list(e.absolute_path)}: {e.message}"[:300] for e in SCHEMA.iter_errors(data)]


def accepted(found: Iterable[Diagnostic]) -> bool:
    """No error, and no key that is read as nothing (a list that is no list is such a key in YAML)."""
    return not has_errors(found) and not any(d.code == "IF007" for d in found)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_every_example_is_valid(path: Path) -> None:
    for text, notation in texts_of(path):
        assert wrong(plain(text, notation)) == []


def test_it_is_a_schema_of_both_drafts(acme: Registry) -> None:
    for registry in (BOX, acme):
        Draft7Validator.check_schema(flow_schema(registry))
        Draft202012Validator.check_schema(flow_schema(registry))
    assert "acme.sloppy" in flow_schema(acme)["$defs"]["node"]["properties"]["type"]["enum"]


@MANY
@given(document=st.one_of(documents(), graphs()))
def test_random_documents_that_compile_are_valid(document: dict[str, Any]) -> None:
    for printed, notation in ((to_json, "json"), (to_yaml, "yaml")):
        text = printed(document)
        if accepted(compile_text(text, BOX, notation).diagnostics):
            assert wrong(plain(text, notation)) == [], text


LEAVES = [(p, n, plain(t, n)) for p in EXAMPLES for t, n in texts_of(p)]


def leaves(data: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a value that is not inside another one, and of every empty one."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*place, key)
        yield from leaves(value, (*place, key))


@MANY
@given(which=st.sampled_from(LEAVES), data=st.data(), value=VALUES)
def test_changed_examples_that_compile_are_valid(which: tuple[Path, str, Any], data: st.DataObject, value: Any) -> None:
    changed = copy.deepcopy(which[2])
    *place, last = data.draw(st.sampled_from(sorted(leaves(changed), key=str)))
    holder = changed
    for key in place:
        holder = holder[key]
    if data.draw(st.booleans()):
        holder[last] = value
    else:
        del holder[last]
    done = compile_text(json.dumps(changed), BOX, "json" if which[1] == "json" else "yaml")
    assume(accepted(done.diagnostics))
    assert wrong(changed) == [], json.dumps(changed)


SHAPES = [
    ("steps: {a: {say: [1]}}", "a message is a text"),
    ("steps: {a: {say: Hi, wait: 3}}", "one verb"),
    ("steps: {a: {next: end}}", "a verb"),
    ("steps: {a: {wait: soon}}", "a duration"),
    ("steps: {a: {ask: Mail?, retries: many}}", "a number"),
    ("steps: {a: {use: nothing.like.it}}", "a type that is installed"),
    ("steps: {a: {use: wait, with: {durationSeconds: long}}}", "a number inside with"),
    ("steps: {a: {say: Hi, routes: [{timeout: soon, to: end}]}}", "a time-out"),
    ("steps: {a: {carousel: [{subtitle: x}]}}", "a card has a title"),
    ("steps: {a: {say: Hi, next: 3}}", "a target is a name"),
    ("steps: {a: {say: Hi}}\nwhen: [full_moon]", "a trigger that exists"),
    ("steps: {a: {say: Hi}}\nwhen: [{dm_keyword: {keyword: 3}}]", "keywords are texts"),
    ("steps: {a: {say: Hi}}\nsettings: {interrupt: perhaps}", "one of three words"),
    ("steps: {a: {say: Hi}}\nproperties: [{sometimes: x}]", "three kinds of properties"),
    ('{"startNodeId": "a", "nodes": [{"id": "a", "type": "mesage"}]}', "a type that exists"),
    ('{"startNodeId": "a", "nodes": [{"id": "a", "type": "wait", "durationSeconds": "x"}]}', "a number"),
    ('{"startNodeId": "a", "nodes": [{"id": "a", "type": "end", "connections": [{}]}]}', "a target"),
    ('{"startNodeId": "a", "nodes": [{"id": "a", "type": "message", "connections": [{"targetNodeId": null, "condition": {"type": "timeout"}}]}]}', "seconds"),
    ('{"nodes": []}', "a start"),
]  # fmt: skip


@pytest.mark.parametrize("text, about", SHAPES, ids=lambda v: v if " " in v and ":" not in v else "")
def test_wrong_shapes_are_not_valid_and_the_compiler_says_so_too(text: str, about: str) -> None:
    notation = "json" if text.startswith("{") else "yaml"
    assert wrong(plain(text, notation)), about
    assert compile_text(text, BOX, notation).diagnostics


def test_the_command_prints_it_or_writes_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["schema"])
    assert done.exit_code == 0 and json.loads(done.output)["$schema"].endswith("draft-07/schema#")
    file = tmp_path / "flow.schema.json"
    assert CliRunner().invoke(command, ["schema", "-o", str(file)]).exit_code == 0
    assert file.read_text() == done.output
    failed = CliRunner().invoke(command, ["schema", "-o", str(tmp_path / "no" / "x.json")])
    assert failed.exit_code == 1 and "Traceback" not in failed.output
