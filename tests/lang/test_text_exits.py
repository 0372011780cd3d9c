"""The text language: ways on, conditions, values."""

from typing import Any

import pytest

from tests.lang.texts import nodes, ways

NEXT = 'say "next" @next'
EXITS: dict[str, tuple[str, list[tuple[Any, Any]]]] = {
    "goes on": (f"tag x\n{NEXT}", [(None, "next")]),
    "ends at the end": ("tag x", []),
    "ends on purpose": (f"tag x\nend\n{NEXT}", []),
    "jumps": ("tag x\ngoto a", [(None, "a")]),
    "left open": (f"tag x\ngoto ???\n{NEXT}", []),
    "pass": (f"tag x\npass\n{NEXT}", [(None, "next")]),
    "a say that does not wait": (f'say "x"\n  link "a" to "https://x.example"\n{NEXT}', [(None, "next")]),
    "quick replies": (
        f'say "x"\n  quick "A"\n  quick "B" -> a\n  quick "C" -> end\n  quick "D" -> ???\n{NEXT}',
        [
            ({"type": "button_payload", "value": "A"}, "next"),
            ({"type": "button_payload", "value": "B"}, "a"),
            ({"type": "button_payload", "value": "C"}, None),
        ],
    ),
    "answers": (
        ('say "x"\n  on keyword "a", "b c" -> a\n  on keyword "a, b" -> a\n  on payload "P" -> a\n  on matching /x/i -> a\n'
        '  on media -> a\n  on reply -> a\n  on timeout 1d -> end\n  on raw {type: "acme.mood", value: "good"} -> a\n'
        "  on if tagged vip -> a\n  else -> end"),
        [
            ({"type": "button_payload", "value": "P"}, "a"),
            ({"type": "keyword", "value": "a, b c"}, "a"),
            ({"type": "keyword", "value": ["a, b"]}, "a"),
            ({"type": "regex", "value": "/x/i"}, "a"),
            ({"type": "media"}, "a"),
            ({"type": "any_reply"}, "a"),
            ({"type": "acme.mood", "value": "good"}, "a"),
            ({"type": "has_tag", "value": "vip"}, "a"),
            ({"type": "timeout", "seconds": 86400}, None),
            (None, None),
        ],
    ),
    "a block goes on behind its step": (f'say "x"\n  quick "A":\n    tag y @inner\n{NEXT}', [
        ({"type": "button_payload", "value": "A"}, "inner")]),
    "ask goes on with a fitting answer": (
        f'ask email "x" into contact.email\n  on invalid -> end\n{NEXT}',
        [({"type": "input_valid", "value": True}, "next"), ({"type": "input_valid", "value": False}, None)],
    ),
    "ask without": (f'ask email "x"\n  on valid -> ???\n  else -> a\n{NEXT}', [(None, "a")]),
    "a call goes on when it went well": (
        f'call http.request url="x"\n  on failure -> a\n  on timeout -> a\n  on "sold out" -> end\n{NEXT}',
        [
            ({"type": "outcome", "value": "success"}, "next"),
            ({"type": "outcome", "value": "failure"}, "a"),
            ({"type": "outcome", "value": "timeout"}, "a"),
            ({"type": "outcome", "value": "sold out"}, None),
        ],
    ),
    "a subflow": (f"run b\n  on sold -> a\n{NEXT}", [({"type": "outcome", "value": "sold"}, "a"), (None, "next")]),
    "a person keeps it": (f'handover "x"\n{NEXT}', []),
    "a person gives it back": ('handover "x"\n  on return -> a', [({"type": "outcome", "value": "return"}, "a")]),
    "conditions": (
        (f'if contact.plan is "pro" -> a\nelif tagged "v i p" -> a\nelif says ["yes", "sure"] -> a\n'
        f'elif says "ok" -> a\nelif raw {{type: "media"}} -> a\nelif score + 1 > 3 -> end\n{NEXT}'),
        [
            ({"type": "attribute_equals", "attribute": "plan", "value": "pro"}, "a"),
            ({"type": "has_tag", "value": "v i p"}, "a"),
            ({"type": "keyword", "value": "yes, sure"}, "a"),
            ({"type": "keyword", "value": "ok"}, "a"),
            ({"type": "media"}, "a"),
            ({"type": "expression", "value": "score + 1 > 3"}, None),
            (None, "next"),
        ],
    ),
    "else": (f"if tagged x:\n  tag y @inner\nelse -> end\n{NEXT}", [
        ({"type": "has_tag", "value": "x"}, "inner"), (None, None)]),
    "shares": (f"split\n  33.5% -> a\n  66.5%\n{NEXT}", [
        ({"type": "random", "weight": 33.5}, "a"), ({"type": "random", "weight": 66.5}, "next")]),
    "shares as they are": (
        'split\n  on raw {type: "random", weight: 45} -> a',
        [({"type": "random", "weight": 45}, "a")],
    ),
    "a plugin's step": (f"do acme.coupon\n  on issued -> a\n{NEXT}", [
        ({"type": "outcome", "value": "issued"}, "a"), (None, "next")]),
    "a quoted label": ('tag x\ngoto "end"', [(None, "end")]),
}  # fmt: skip


@pytest.mark.parametrize("name", EXITS)
def test_exits(name: str) -> None:
    body, expected = EXITS[name]
    assert ways(body) == expected


VALUES: dict[str, Any] = {
    '"a"': "a",
    "'it\\'s'": "it's",
    '"\\u{1F389}\\n"': "🎉\n",
    "12": 12,
    "-1.5": -1.5,
    "1e-7": 1e-7,
    "true": True,
    "null": None,
    "90s": 90,
    "name": "{{name}}",
    "-count": "{{-count}}",
    "[]": [],
    "{}": {},
    "[a.b, 'c, d', [1]]": ["{{a.b}}", "c, d", [1]],
    "{a: 1, 'b c': {d: x|upper}}": {"a": 1, "b c": {"d": "{{x|upper}}"}},
    "[1, 2]|first": "{{[1, 2]|first}}",
    "{a: {b: 1}}.a": "{{{a: {b: 1} }.a}}",
    '"a" + b': '{{"a" + b}}',
    "x == '}}'": "{{x == '}}'}}",
}


@pytest.mark.parametrize("source", VALUES)
def test_value(source: str) -> None:
    assert nodes(f"set x = {source}")[0]["value"] == VALUES[source]
