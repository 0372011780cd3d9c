"""What each operator, function and filter answers, wrong types included: written as authors write them."""

import pytest

from core.engine.evaluate import closure
from core.engine.scope import Scope
from core.lang.expressions import FILTERS, FUNCTIONS, parse_expression, parse_template, parse_value
from core.model.limits import TEXT_CHARS

NOW = 1_772_000_000_000


@pytest.fixture
def scope():
    s = Scope(NOW)
    s.contact = {"firstName": "Ana", "score": "7", "langs": ["en", "de"], "empty": "", "timezone": "Europe/Berlin"}
    s.account = {"username": "shop"}
    s.trigger = {"type": "ref", "ref": "summer"}
    s.last = {"text": "I'd like the PRICE, please!", "payload": None, "media": []}
    s.vars = {"order": {"total": 12.5, "lines": [{"sku": "a"}, {"sku": "b"}]}, "n": 3, "yes": True, "long": "x" * 9000}
    s.tags, s.segments = frozenset({"vip"}), frozenset({"buyers"})
    s.last_inbound, s.contact_id, s.run_id = NOW - 3_600_000, "contact", "run"
    return s


def value(scope, text):
    return closure(parse_expression(text))(scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("contact.firstName", "Ana"),
        ("contact.nothing.deeper", None),
        ("order.lines[1].sku", "b"),
        ("order.lines[-1]['sku']", "b"),
        ("order.lines[9]", None),
        ("order.total.x", None),
        ("contact['firstName']", "Ana"),
        ("trigger.ref", "summer"),
        ("account.username", "shop"),
        ("last.text|length", 27),
        ("now", NOW // 1000),
        ("window.open", True),
        ("window.left", 23 * 3600),
        ("1 + 2 * 3 - -4", 11),
        ("7 / 2", 3.5),
        ("6 / 2", 3),
        ("7 % 4", 3),
        ("1 / 0", None),
        ("1 % 0", None),
        ("'a' * 2", None),
        ("contact.score + 1", 8),
        ("'1' + '2'", "12"),
        ("n + ' items'", "3 items"),
        ("null + 'x'", "x"),
        ("[1] + [2]", [1, 2]),
        ("999999999999999 * 999999999999999 * 999999999999999 > 1", True),
        ("contact.score == 7", True),
        ("contact.score != 7", False),
        ("true == 1", False),
        ("[1, '2'] == [1, '2']", True),
        ("{a: 1} == {a: 1.0}", True),
        ("null == null", True),
        ("contact.firstName is 'Ana'", True),
        ("contact.nothing is ''", True),
        ("n is '3'", True),
        ("contact.score > 5", True),
        ("'b' > 'a'", True),
        ("'b' > 1", False),
        ("null < 1", False),
        ("'de' in contact.langs", True),
        ("'na' in contact.firstName", True),
        ("'total' in order", True),
        ("1 in 5", False),
        ("'fr' not in contact.langs", True),
        ("contact.langs has 'en'", True),
        ("contact.firstName has 'A'", False),
        ("contact.firstName contains 'AN'", True),
        ("contact.empty is set", False),
        ("contact.nothing is not set", True),
        ("0 is set", True),
        ("n is set", True),
        ("tagged vip", True),
        ("tagged other", False),
        ("says 'price'", True),
        ("says ['x', 'like the']", True),
        ("says 'pric'", False),
        ("not yes or n > 2", True),
        ("yes and n", 3),
        ("null or 'x'", "x"),
        ("in_segment('buyers')", True),
        ("in_segment('others')", False),
        ("matches(last.text, '(?i)^i.*please')", True),
        ("min(3, '2', null)", 2),
        ("max(1, n)", 3),
        ("min('x')", None),
        ("round(2.567, 2)", 2.57),
        ("round('x')", None),
        ("round(7.5)", 8),
        ("length(contact.langs)", 2),
        ("lower('ÄB')", "äb"),
        ("text(order.lines[0])", "sku: a"),
        ("text(contact.langs)", "en, de"),
        ("number(' 12.50 ')", 12.5),
        ("number('1e9')", None),
        ("90s + 1m", 150),
    ],
)
def test_values(scope, text, expected):
    found = value(scope, text)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("contact.nothing|default('there')", "there"),
        ("contact.empty|default('there')", "there"),
        ("n|default(9)", 3),
        ("contact.firstName|upper", "ANA"),
        ("'ANA'|lower", "ana"),
        ("'ana maria'|title", "Ana Maria"),
        ("'  x '|trim", "x"),
        ("'hello world'|truncate(7)", "hello…"),
        ("'hello'|truncate(5)", "hello"),
        ("'hello'|truncate(0)", ""),
        ("'hello'|truncate('x')", "hello"),
        ("contact.langs|first", "en"),
        ("'abc'|first", "a"),
        ("[]|first", None),
        ("contact.langs|join(' + ')", "en + de"),
        ("n|join", "3"),
        ("'12'|number", 12),
        ("1234.5|money", "1,234.50 USD"),
        ("1234.5|money('JPY')", "1,234 JPY"),
        ("'x'|money", ""),
        ("now|date('%d %B %Y, %H:%M')", "25 February 2026, 07:13"),
        ("'2026-12-24'|date('%a %d/%m')", "Thu 24/12"),
        ("'soon'|date", "soon"),
        ("null|date", ""),
        ("now|date('%Q%%%')", "%Q%%"),
        ("'a b/ü'|urlencode", "a%20b%2F%C3%BC"),
        ("n|length", 0),
    ],
)
def test_filters(scope, text, expected):
    assert value(scope, text) == expected


def test_every_filter_and_function_of_the_language_is_there(scope):
    odd = [None, True, 3, -1.5, "x", "", [], [1], {}, {"a": [None]}, "9" * 400]
    scope.fuel = 10**9
    for name, (few, many) in FILTERS.items():
        for of in odd:
            for arguments in [*([] if few else [[]]), *([[a] for a in odd] if many else [])]:
                closure(["filter", _literal(of), name, *map(_literal, arguments)])(scope)
    for name, (few, many) in FUNCTIONS.items():
        if name == "matches":
            continue
        for of in odd:
            for extra in odd if many > 1 else [None]:
                closure(["call", name, *[_literal(of), _literal(extra)][: max(few, min(many, 2))]])(scope)


def _literal(v):
    if isinstance(v, list):
        return ["list", *map(_literal, v)]
    return ["obj", [[k, _literal(x)] for k, x in v.items()]] if isinstance(v, dict) else v


def test_templates(scope):
    text = "Hi {{contact.firstName}}, {{n}} × {{order.total}} = {{n * order.total}}{{contact.nothing}} {{yes}}"
    assert closure(parse_template(text))(scope) == "Hi Ana, 3 × 12.5 = 37.5 true"
    assert closure(parse_value({"a": "{{n}}", "b": ["{{n}}!"]}))(scope) == {"a": 3, "b": ["3!"]}


def test_texts_stay_bounded(scope):
    assert len(closure(parse_template("{{long}}{{long}}"))(scope)) == TEXT_CHARS
    assert len(value(scope, "long + long")) == TEXT_CHARS
    assert len(value(scope, "long|urlencode")) <= TEXT_CHARS
    assert len(value(scope, "[long, long]|join(long)")) == TEXT_CHARS


def test_used_up_fuel_answers_null_instead_of_working_on():
    s = Scope(NOW)
    s.vars, s.fuel = {"long": "x" * 9000}, 600
    long = closure(parse_expression("long|upper"))
    assert long(s) == "X" * 9000
    assert long(s) is None
    assert s.fuel < 0


def test_an_operator_that_does_not_exist_is_refused_when_linking():
    for e in (["nope", 1, 2], ["filter", 1, "nope"], ["call", "nope"], ["filter", 1, "upper", 2], ["call", "round"]):
        with pytest.raises(ValueError, match="does not"):
            closure(e)
