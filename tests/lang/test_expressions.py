"""Expressions and templates: text to JSON, and what cannot be read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lang.expressions import ExpressionError, parse_expression, parse_template, parse_value, variables, walk
from core.lang.lowering import patterns

AGE = ["var", "contact", "age"]
READ: dict[str, Any] = {
    "contact.firstName": ["var", "contact", "firstName"],
    "score": ["var", "score"],
    "contact.set": ["var", "contact", "set"],
    "a.b[0].c": ["attr", ["idx", ["var", "a", "b"], 0], "c"],
    "1": 1,
    "1.5": 1.5,
    "-3": -3,
    "-a": ["neg", ["var", "a"]],
    "1d12h": ["dur", 129600],
    "2w": ["dur", 1209600],
    "'it\\'s'": "it's",
    '"\\u{1F389}\\n"': "🎉\n",
    "true": True,
    "null": None,
    "[]": ["list"],
    "[1, 'a']": ["list", 1, "a"],
    "{}": ["obj", []],
    "{a: 1, 'b c': x}": ["obj", [["a", 1], ["b c", ["var", "x"]]]],
    "contact.age >= 18": [">=", AGE, 18],
    "a == 1 and b != 2 or not c": [
        "or", ["and", ["==", ["var", "a"], 1], ["!=", ["var", "b"], 2]], ["not", ["var", "c"]],
    ],
    "1 + 2 * 3": ["+", 1, ["*", 2, 3]],
    "(1 + 2) * 3": ["*", ["+", 1, 2], 3],
    "1 - 2 - 3": ["-", ["-", 1, 2], 3],
    "a in [1]": ["in", ["var", "a"], ["list", 1]],
    "a not in [1]": ["notin", ["var", "a"], ["list", 1]],
    "tags has 'x'": ["has", ["var", "tags"], "x"],
    "last.text contains 'x'": ["contains", ["var", "last", "text"], "x"],
    "a is set": ["isset", ["var", "a"]],
    "a is not set": ["isunset", ["var", "a"]],
    "contact.plan is 'pro'": ["is", ["var", "contact", "plan"], "pro"],
    "tagged vip": ["tagged", "vip"],
    "tagged 'big spender'": ["tagged", "big spender"],
    "says 'yes'": ["says", "yes"],
    "says ['yes', 'ja']": ["says", "yes", "ja"],
    "a|default('x')|upper": ["filter", ["filter", ["var", "a"], "default", "x"], "upper"],
    "1 + a|default(0)": ["+", 1, ["filter", ["var", "a"], "default", 0]],
    "round(a, 2)": ["call", "round", ["var", "a"], 2],
    "in_segment('vip')": ["call", "in_segment", "vip"],
    "now - trigger.at > 5m": [">", ["-", ["var", "now"], ["var", "trigger", "at"]], ["dur", 300]],
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_read(text: str) -> None:
    assert parse_expression(text) == READ[text]


UNREADABLE: dict[str, tuple[str, int, str]] = {
    "": ("IF120", 0, "empty"),
    "contact.": ("IF120", 8, "expected a name"),
    "a b": ("IF120", 2, "unexpected 'b'"),
    "(a": ("IF120", 2, "ends too early"),
    "a = 1": ("IF120", 2, "'=' cannot stand here"),
    "a && b": ("IF120", 2, "'&' cannot stand here"),
    "'x": ("IF120", 0, "cannot stand here"),
    "'\\q'": ("IF120", 1, "is not an escape"),
    "'\\u{D800}'": ("IF120", 1, "is not a character"),
    "99999999999999999": ("IF120", 0, "too many digits"),
    "shout(a)": ("IF122", 0, "'shout' does not exist"),
    "round()": ("IF120", 0, "takes 1 to 2 arguments"),
    "not " * 80 + "a": ("IF120", 0, "nested deeper"),
    "(" * 900 + "a" + ")" * 900: ("", 0, ""),
    "a" * 2001: ("IF120", 0, "may have 2000 characters"),
}


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda t: t[:12] or "empty")
def test_unreadable(text: str) -> None:
    code, at, words = UNREADABLE[text]
    if not code:
        assert parse_expression(text) == ["var", "a"]
        return
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text)
    assert (caught.value.code, caught.value.at) == (code, at)
    assert words in caught.value.message


def test_templates() -> None:
    assert parse_template("no braces }}") == "no braces }}"
    assert parse_template("{{a}}") == ["tpl", [[["var", "a"]]]]
    assert parse_template("Hi {{ a|default('}}') }}!") == [
        "tpl",
        ["Hi ", [["filter", ["var", "a"], "default", "}}"]], "!"],
    ]
    inner = ["obj", [["b", 1]]]
    assert parse_template("{{ {a: {b: 1} } }}") == ["tpl", [[["obj", [["a", inner]]]]]]
    assert parse_value("{{1 + 1}}") == ["+", 1, 1]
    assert parse_value(["{{a}}", "x {{a}}", 3, None]) == [
        "list",
        ["var", "a"],
        ["tpl", ["x ", [["var", "a"]]]],
        3,
        None,
    ]
    with pytest.raises(ExpressionError) as caught:
        parse_template("Hi {{contact.}}")
    assert caught.value.at == 13


def test_looking_through() -> None:
    e = parse_expression("contact.a|default(contact.b) + x.y[z] and c is set")
    assert set(variables(e)) == {
        (("contact", "a"), True), (("contact", "b"), False), (("x", "y"), False), (("z",), False), (("c",), True),
    }  # fmt: skip
    assert {one[0] for one in walk(e)} == {"and", "+", "filter", "idx", "isset", "var"}


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_expression, parse_template):
        try:
            parse(text)
        except ExpressionError as e:
            assert 0 <= e.at <= len(text) and e.message


@given(st.text(alphabet="ab1. ()[]{}'\"|,+-*/<>=!andorisetsayg\\", max_size=60))
def test_near_expressions_are_read_or_refused(text: str) -> None:
    try:
        parse_template("{{" + text + "}}")
    except ExpressionError as e:
        assert 0 <= e.at <= len(text) + 4


def test_patterns() -> None:
    assert patterns.normal("/a+/") == "a+"
    assert patterns.normal("/a+/i") == patterns.normal("a+") == "(?i)a+"
    assert patterns.normal("/") == "(?i)/"
    for bad in ("(", "/(a/", r"(a)\1", "(?=a)", "a" * 501, "a{2000}"):
        with pytest.raises(patterns.BadPattern):
            patterns.normal(bad)
