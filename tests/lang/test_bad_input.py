"""Whatever is handed to the compiler, it answers with diagnostics and never raises."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.host.registry import Registry
from core.lang import check_triggers, compile_definition, compile_text
from core.model.codec import canonical

DEEP: Any = "x"
for _ in range(10_000):
    DEEP = [DEEP]
LOOP: list[Any] = []
LOOP.append(LOOP)
WIDE: Any = []
for _ in range(40):
    WIDE = [WIDE, WIDE]

MANY: list[Any] = []
MANY.extend([MANY] * 100_000)

TEXTS: dict[str, str | bytes] = {
    "nothing": "",
    "spaces": "   \n",
    "binary": bytes(range(256)),
    "utf-16": '{"startNodeId": "a"}'.encode("utf-16"),
    "latin-1": '{"a": "é"}'.encode("latin-1"),
    "nul": '{"startNodeId": "\\u0000", "nodes": []}',
    "raw nul": "a: \x00",
    "surrogate": '{"startNodeId": "\\ud800", "nodes": []}',
    "surrogate in yaml": "a: \ud800",
    "nan": '{"a": NaN}',
    "infinity": '{"a": -Infinity}',
    "huge number": '{"a": ' + "9" * 6000 + "}",
    "huge float": '{"a": 1e999}',
    "deep list": "[" * 10_000 + "]" * 10_000,
    "deep open": '{"a":' * 10_000,
    "deep yaml": "- " * 10_000 + "x",
    "deep yaml flow": "[" * 10_000,
    "twice": '{"a": 1, "a": 2}',
    "twice deep": '{"b": [{"a": 1, "a": 2}], "c"',
    "twice yaml": "a: 1\na: 2\n",
    "bomb": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "tag": "a: !!python/object/apply:os.system [ls]\n",
    "two documents": "---\na: 1\n---\nb: 1\n",
    "key list": "? [a]\n: b\n",
    "unclosed comment": '{"a": 1 /* x',
    "many commas": ",/*" * 5000,
    "many quotes": '\\"' * 5000,
    "too large json": '{"a": "' + "x" * (4 * 1024 * 1024) + '"}',
    "too large yaml": "a: " + "x" * (1024 * 1024 + 1),
    "bare word": '{"a": nope}',
}


@pytest.mark.parametrize("name", TEXTS)
def test_unreadable_text(name: str, box: Registry) -> None:
    format = "yaml" if "yaml" in name else None
    found = compile_text(TEXTS[name], box, format).diagnostics
    assert found and found[0].code in ("IF001", "IF006")
    assert all(d.message for d in found)
    canonical([d.as_json() for d in found])


VALUES: dict[str, Any] = {
    "none": None,
    "list": [],
    "text": "x",
    "number": 3,
    "empty": {},
    "deep": {"nodes": DEEP},
    "loop": {"nodes": LOOP},
    "wide": {"nodes": WIDE},
    "many": {"nodes": MANY},
    "nan": {"startNodeId": "a", "nodes": [], "x": float("nan")},
    "bytes": {"startNodeId": b"a"},
    "number key": {1: 2},
    "set": {"nodes": {1, 2}},
    "big": {"x": 2**63},
    "surrogate": {"startNodeId": "\ud800", "nodes": []},
    "surrogate key": {"\udfff": 1},
    "wrapped nothing": {"flowDefinition": None},
    "nodes object": {"startNodeId": "a", "nodes": {"a": 1}},
}


@pytest.mark.parametrize("name", VALUES)
def test_unfit_value(name: str, box: Registry) -> None:
    compiled = compile_definition(VALUES[name], box)
    assert compiled.diagnostics and not compiled.ok


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
KINDS = st.sampled_from(
    [
        "start",
        "message",
        "carousel",
        "get_input",
        "condition",
        "wait",
        "tag_contact",
        "untag_contact",
        "set_attribute",
        "unset_attribute",
        "subflow",
        "external_api_call",
        "comment_reply",
        "human_takeover",
        "random_split",
        "end",
        "nothing",
        "acme.broken",
        "acme.sloppy",
    ]
)
CONDITIONS = st.sampled_from(
    [
        "button_payload",
        "keyword",
        "regex",
        "media",
        "any_reply",
        "timeout",
        "input_valid",
        "outcome",
        "random",
        "attribute_equals",
        "has_tag",
        "expression",
        "acme.mood",
        "nothing",
    ]
)
FIELDS = st.sampled_from(
    [
        "content",
        "text",
        "mediaUrl",
        "media",
        "buttons",
        "cards",
        "prompt",
        "inputType",
        "saveToAttribute",
        "saveToVariable",
        "retries",
        "retryMessage",
        "pattern",
        "options",
        "reprompt",
        "interrupt",
        "durationSeconds",
        "until",
        "businessHours",
        "timeZone",
        "tagName",
        "tagNames",
        "target",
        "value",
        "flow",
        "arguments",
        "integration",
        "timeoutSeconds",
        "messageToAgent",
        "team",
        "experiment",
        "outcome",
        "name",
        "notes",
        "position",
        "x",
    ]
)
condition = st.none() | st.fixed_dictionaries(
    {"type": CONDITIONS}, optional={"value": anything, "seconds": anything, "weight": anything, "attribute": anything}
)
connection = st.fixed_dictionaries(
    {"targetNodeId": st.sampled_from(["a", "b", "c", None])}, optional={"condition": condition}
)
button = st.fixed_dictionaries({"type": anything, "text": anything}, optional={"payload": anything, "url": anything})
plausible = anything | st.fixed_dictionaries(
    {}, optional={"text": anything, "buttons": st.lists(button, max_size=2), "cards": anything, "media": anything}
)
node = st.builds(
    lambda base, fields: {**fields, **base},
    st.fixed_dictionaries(
        {"id": st.sampled_from(["a", "b", "c"]), "type": KINDS},
        optional={"connections": st.lists(connection, max_size=3)},
    ),
    st.dictionaries(FIELDS, plausible, max_size=4),
)
flow = st.fixed_dictionaries(
    {"startNodeId": st.sampled_from(["a", "b"]), "nodes": st.lists(node | anything, max_size=4)},
    optional={"settings": anything, "params": anything, "notes": anything},
)
step = st.dictionaries(
    st.sampled_from(
        [
            "say",
            "carousel",
            "ask",
            "wait",
            "tag",
            "untag",
            "set",
            "unset",
            "handover",
            "call",
            "run",
            "branch",
            "split",
            "comment_reply",
            "end",
            "begin",
            "use",
            "quick",
            "buttons",
            "routes",
            "next",
            "else",
            "with",
            "into",
            "within",
            "type",
            "extra",
            "name",
            "notes",
            "media",
        ]
    ),
    plausible,
    max_size=4,
)
flat = st.fixed_dictionaries(
    {"steps": anything | st.dictionaries(st.sampled_from(["a", "b", "c"]), step | anything, max_size=3)},
    optional={"flow": anything, "start": anything, "when": anything, "layout": anything, "settings": anything},
)
careful = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


@careful
@given(anything | flow | st.fixed_dictionaries({"flowDefinition": flow | anything}, optional={"triggers": anything}))
def test_any_json_is_compiled_or_refused(acme: Registry, definition: Any) -> None:
    compiled = compile_definition(definition, acme)
    assert compiled.ok or compiled.diagnostics
    for d in compiled.diagnostics:
        json.dumps(d.as_json())
    if compiled.program is not None:
        canonical(compiled.program.as_json())
        again = compile_definition(definition, acme).program
        assert again is not None and again.hash == compiled.program.hash


@careful
@given(flat)
def test_any_yaml_is_compiled_or_refused(acme: Registry, document: Any) -> None:
    compiled = compile_text(json.dumps(document), acme, "yaml")
    assert compiled.ok or compiled.diagnostics


@careful
@given(st.binary(max_size=200) | st.text(max_size=200), st.sampled_from([None, "json", "yaml", "flow", "other"]))
def test_any_bytes_are_refused(box: Registry, source: str | bytes, format: str | None) -> None:
    assert not compile_text(source, box, format).ok


@careful
@given(st.lists(anything | st.fixed_dictionaries({"type": anything}), max_size=3))
def test_any_triggers_are_looked_at(box: Registry, triggers: Any) -> None:
    check_triggers(triggers, None, box)
