"""Fixes: after one the finding is gone, and nothing else of the text has changed."""

from typing import Any, NamedTuple

import pytest

from core.host.registry import Registry
from core.lang import Workspace, compile_text
from core.lang.fixing import applied, mended
from core.model.diagnostic import Diagnostic

YAML = """# the shop
flow: shop
settings: {expireSeconds: 86400}
when:
  - dm_keyword: {keyword: [hi]}  # a word
steps:
  hello:
    say: "Hi"   # greet
    quick:
      - {text: Prices, to: prices}  # the list
    next: prices
  prices:
    ask: Which colour?
    type: text
    into: colour
    next: thanks
  thanks:
    say: 'Thanks, {{colour|upper}}!'
    next: end
"""
JSON = """{
  // the shop
  "slug": "shop",
  "triggers": [{"type": "dm_keyword", "keyword": "hi"}],
  "flowDefinition": {
    "settings": {"expireSeconds": 86400},
    "startNodeId": "hello",
    "nodes": [
      {"id": "hello", "type": "message", "content": {"text": "Hi"},
       "connections": [{"targetNodeId": "thanks", "condition": null}]},
      {"id": "thanks", "type": "message", "content": {"text": "Thanks!"}, /* kept */
       "connections": [
         {"targetNodeId": null, "condition": {"type": "attribute_equals", "attribute": "plan", "value": "pro"}},
         {"targetNodeId": null, "condition": null}
       ]}
    ]
  }
}
"""
FLOW = """# the shop
flow shop "Shop"
  when dm "hi"
  expire 7d

hello:                    # greet
  say "Hi"
    quick "Prices" -> prices
    else -> prices

prices:
  ask text "Which colour?" into colour
  say "Thanks, {{colour|upper}}!"
"""
TEXTS = {"yaml": YAML, "json": JSON, "flow": FLOW}


class Case(NamedTuple):
    """In the text of the notation ``right`` is written as ``wrong``; the fix of ``code`` takes it back."""

    code: str
    notation: str
    right: str
    wrong: str
    sure: bool = True


CASES = [
    Case("IF001", "flow", 'say "Hi"', 'sya "Hi"'),
    Case("IF001", "flow", "else -> prices", "else => prices"),
    Case("IF001", "flow", "when dm", "trigger dm"),
    Case("IF001", "flow", 'quick "Prices"', 'quik "Prices"'),
    Case(
        "IF002",
        "flow",
        '    quick "Prices" -> prices\n    else -> prices',
        '\tquick "Prices" -> prices\n\telse -> prices',
    ),
    Case("IF003", "flow", 'say "Hi"', "say “Hi”"),
    Case("IF003", "flow", 'say "Hi"', 'say "Hi', sure=False),
    Case("IF007", "yaml", "settings: {expireSeconds", "settings: {expireSecond"),
    Case("IF007", "yaml", "dm_keyword: {keyword:", "dm_keyword: {keywords:"),
    Case("IF007", "yaml", 'say: "Hi"', 'say: "Hi"\n    repromt: {times: 1}'),
    Case("IF007", "json", '"settings"', '"setings"'),
    Case("IF007", "json", '"keyword"', '"keywrd"'),
    Case("IF101", "json", '"startNodeId": "hello"', '"startNodeId": "helo"'),
    Case("IF101", "yaml", "flow: shop", "flow: shop\nstart: helo"),
    Case("IF101", "flow", "expire 7d", "expire 7d\n  entry helo"),
    Case("IF102", "yaml", "to: prices}  #", "to: price}  #"),
    Case("IF102", "json", '"targetNodeId": "thanks"', '"targetNodeId": "thank"'),
    Case("IF102", "flow", "else -> prices", "else -> prises"),
    Case("IF110", "json", '"message", "content": {"text": "Hi"}', '"mesage", "content": {"text": "Hi"}'),
    Case("IF111", "json", '"attribute_equals"', '"atribute_equals"'),
    Case("IF112", "yaml", "type: text", "type: txt"),
    Case("IF112", "flow", "ask text", "ask txt"),
    Case("IF113", "yaml", "dm_keyword:", "dm_keywords:"),
    Case("IF113", "json", '"dm_keyword"', '"dm_keywrod"'),
    Case("IF122", "yaml", "{{colour|upper}}", "{{colour|uper}}"),
    Case("IF122", "flow", "{{colour|upper}}", "{{colour|uper}}"),
]
"""What is added rather than changed is checked for its finding alone."""


def findings(text: str, box: Registry, notation: str, around: Workspace | None = None) -> tuple[Diagnostic, ...]:
    return compile_text(text, box, notation, around=around or Workspace()).diagnostics


def fixed(text: str, found: tuple[Diagnostic, ...], code: str) -> tuple[Diagnostic, str]:
    one = next(d for d in found if d.code == code and d.fix)
    assert one.fix and one.fix.edits, one
    return one, applied(text, one.fix.edits)


@pytest.mark.parametrize("notation", TEXTS)
def test_the_right_texts_are_right(notation: str, box: Registry) -> None:
    assert not [d for d in findings(TEXTS[notation], box, notation) if d.severity != "info"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.code}-{c.notation}-{c.wrong[:20]}")
def test_the_fix_takes_back_what_was_wrong(case: Case, box: Registry) -> None:
    right = TEXTS[case.notation]
    assert right.count(case.right) >= 1
    wrong = right.replace(case.right, case.wrong, 1)
    before = findings(wrong, box, case.notation)
    one, after = fixed(wrong, before, case.code)
    assert one.fix and one.fix.sure == case.sure
    left = findings(after, box, case.notation)
    assert (one.code, one.message) not in {(d.code, d.message) for d in left}
    if case.code != "IF002" and len(case.wrong) < 2 * len(case.right) and "\n" not in case.wrong:
        assert after == right


def test_tabs_become_spaces_everywhere(box: Registry) -> None:
    text = FLOW.replace("  ", "\t")
    after = mended(text, lambda t: findings(t, box, "flow")).text
    assert "\t" not in after.split('"')[0] and not [d for d in findings(after, box, "flow") if d.severity == "error"]
    assert after.split() == text.split()


TWICE = {
    "json": (
        JSON.replace(
            '{"targetNodeId": null, "condition": null}\n',
            '{"targetNodeId": null, "condition": null},\n         {"targetNodeId": "hello", "condition": null}\n',
        ),
        JSON,
    ),
    "yaml": (YAML.replace("    next: prices\n  prices", "    next: prices\n    else: thanks  # never\n  prices"), YAML),
}


@pytest.mark.parametrize("notation", TWICE)
def test_a_connection_that_is_never_taken_is_removed(notation: str, box: Registry) -> None:
    wrong, right = TWICE[notation]
    one, after = fixed(wrong, findings(wrong, box, notation), "IF204")
    assert after == right
    assert [r.message for r in one.related] == ["the first connection without a condition"]
    assert one.related[0].span and one.span and one.related[0].span.line < one.span.line


def test_in_the_text_language_the_line_is_removed(box: Registry) -> None:
    wrong = FLOW.replace(
        "    else -> prices\n",
        '    on keyword "x" -> prices\n    on payload "PRICES" -> hello  # never\n    else -> prices\n',
    )
    one, after = fixed(wrong, findings(wrong, box, "flow"), "IF203")
    assert after == wrong.replace('    on payload "PRICES" -> hello  # never\n', "")
    assert one.related


def test_the_last_route_goes_with_its_list(box: Registry) -> None:
    wrong = YAML.replace(
        "    next: prices\n  prices", "    routes:\n      - {payload: PRICES, to: thanks}\n    next: prices\n  prices"
    )
    _, after = fixed(wrong, findings(wrong, box, "yaml"), "IF203")
    assert "thanks}" not in after
    assert not [d for d in findings(after, box, "yaml") if d.code == "IF203"]


AROUND = Workspace(
    tags=frozenset({"greeted"}), attributes={"plan": "text", "mail": "email"}, segments=frozenset({"fans"})
)
NAMES = [
    ("IF305", "flow", 'say "Your plan: {{contact.plna|default(1)}}"', "contact.plna", "contact.plan"),
    ("IF305", "yaml", "set: {contact.paln: x}", "contact.paln", "contact.plan"),
    ("IF306", "flow", "tag greted", "greted", "greeted"),
    ("IF306", "yaml", "tag: greted  # new", "greted", "greeted"),
    ("IF306", "flow", "if tagged greted -> end", "greted", "greeted"),
    ("IF307", "flow", 'if in_segment("fan") -> end', '"fan"', '"fans"'),
    ("IF308", "flow", 'call http.requst url="https://x.example"\n    on failure -> end', "requst", "request"),
    ("IF308", "yaml", "call: http.requst\n    routes: [{outcome: failure, to: end}]", "requst", "request"),
]


@pytest.mark.parametrize("code, notation, step, wrong, right", NAMES)
def test_names(code: str, notation: str, step: str, wrong: str, right: str, box: Registry) -> None:
    if notation == "flow":
        text = f"flow x\n\nhello:\n  {step}\n"
    else:
        text = f"flow: x\nsteps:\n  hello:\n    {step}\n    next: end\n"
    _, after = fixed(text, findings(text, box, notation, AROUND), code)
    assert after == text.replace(wrong, right)
    assert code not in {d.code for d in findings(after, box, notation, AROUND)}


UNSURE = [
    ("IF303", 'say "Hi {{ contact.firstName }}"', "{{ contact.firstName|default('there') }}"),
    ("IF508", 'say "Hi"\n    image "http://x.example/a.png"', 'image "https://x.example/a.png"'),
    ("IF310", 'ask text "Mail?" into contact.mail', 'ask email "Mail?" into contact.mail'),
]


@pytest.mark.parametrize("code, step, part", UNSURE)
def test_what_a_person_should_choose(code: str, step: str, part: str, box: Registry) -> None:
    text = f"flow x\n\nhello:\n  {step}\n"

    def check(t: str) -> Any:
        return findings(t, box, "flow", AROUND)

    assert code in {d.code for d in check(text)}
    assert mended(text, check).text == text
    done = mended(text, check, unsure=True)
    assert part in done.text and code not in {d.code for d in check(done.text)}


def test_a_private_reply_gets_a_default_for_what_is_not_known_yet(box: Registry) -> None:
    text = 'flow x\n  when comment "hi"\n  expire 1d\n\nhello:\n  say "Hi {{contact.firstName}}"\n'
    one, after = fixed(text, findings(text, box, "flow"), "IF408")
    assert one.fix and not one.fix.sure
    assert after == text.replace("firstName}}", "firstName|default('there')}}")
    assert "IF408" not in {d.code for d in findings(after, box, "flow")}


def test_a_default_keeps_to_the_quotes_around_it(box: Registry) -> None:
    for said, wanted in (
        ("'Hi {{contact.firstName}}'", "'Hi {{contact.firstName|default(''there'')}}'"),
        ('"Hi {{contact.firstName}}"', "\"Hi {{contact.firstName|default('there')}}\""),
        ("Hi {{contact.firstName}}", "Hi {{contact.firstName|default('there')}}"),
    ):
        text = f"flow: x\nsteps:\n  hello:\n    say: {said}\n    next: end\n"
        _, after = fixed(text, findings(text, box, "yaml"), "IF303")
        assert after == text.replace(said, wanted)
        assert "IF303" not in {d.code for d in findings(after, box, "yaml")}
    text = "flow x\n\nhello:\n  say 'Hi {{contact.firstName}}'\n"
    _, after = fixed(text, findings(text, box, "flow"), "IF303")
    assert after == "flow x\n\nhello:\n  say 'Hi {{contact.firstName|default(\"there\")}}'\n"


@pytest.mark.parametrize("key, wanted", [("helo.text", "hello.text"), ("nothing.like.it", None)])
def test_translations(key: str, wanted: str | None, box: Registry) -> None:
    text = f"flow: x\nsettings: {{language: en}}\nsteps:\n  hello: {{say: Hi, next: end}}\nlocales:\n  de:\n    {key}: Hallo\n"
    one, after = fixed(text, findings(text, box, "yaml"), "IF602")
    assert "IF602" not in {d.code for d in findings(after, box, "yaml")}
    if wanted:
        assert one.fix and one.fix.sure and after == text.replace(key, wanted)
    else:
        assert one.fix and not one.fix.sure and "Hallo" not in after
