"""The text language: what each kind of line becomes in the document."""

from collections.abc import Mapping
from typing import Any

import pytest

from core.lang.reading import read
from core.lang.reading.unreadable import Unreadable
from tests.lang.texts import document, nodes

STEPS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "say": ('say "Hi {{name}}!"', {"type": "message", "content": {"text": "Hi {{name}}!"}}),
    "say in several lines": (
        'say """\n  Hello!\n    How are you?\n  """',
        {"type": "message", "content": {"text": "Hello!\n  How are you?"}},
    ),
    "media": (
        'say\n  image "https://x.example/a.png"\n  file "https://x.example/b.pdf"',
        {
            "type": "message",
            "content": {
                "media": [
                    {"type": "image", "url": "https://x.example/a.png"},
                    {"type": "file", "url": "https://x.example/b.pdf"},
                ]
            },
        },
    ),
    "buttons": (
        'say "Hi"\n  button "Read more" -> end\n  link "Shop" to "https://x.example" if contact.vip',
        {
            "content": {
                "text": "Hi",
                "buttons": [
                    {"type": "postback", "text": "Read more", "payload": "READ_MORE"},
                    {"type": "url", "text": "Shop", "url": "https://x.example", "condition": "contact.vip"},
                ],
            }
        },
    ),
    "quick replies": (
        'say "Hi"\n  quick "Yes" as Y if tagged vip -> end\n  quick email\n  quick phone "Mine"\n  else -> end',
        {
            "content": {
                "text": "Hi",
                "buttons": [
                    {"type": "quick_reply", "text": "Yes", "payload": "Y", "condition": "tagged vip"},
                    {"type": "quick_reply", "contentType": "user_email"},
                    {"type": "quick_reply", "contentType": "user_phone_number", "text": "Mine"},
                ],
            }
        },
    ),
    "reprompt and interrupt": (
        'say "Hi"\n  reprompt 2 "Again"\n  interrupt never\n  on reply -> end',
        {"reprompt": {"times": 2, "text": "Again"}, "interrupt": "never"},
    ),
    "unknown keys": (
        'say "Hi"\n  prop colour = "teal"\n  prop content.tone = "warm"\n  prop "a.b" = [1, {c: null}]',
        {"colour": "teal", "content": {"text": "Hi", "tone": "warm"}, "a.b": [1, {"c": None}]},
    ),
    "carousel": (
        (
            'carousel\n  card "Mug" "24 €"\n    image "https://x.example/m.png"\n    url "https://x.example/m"\n'
            '    button "More" -> end\n    link "Buy" to "https://x.example/b"\n  card "Bowl"\n  on timeout 2h -> end'
        ),
        {
            "type": "carousel",
            "content": {
                "cards": [
                    {
                        "title": "Mug",
                        "subtitle": "24 €",
                        "imageUrl": "https://x.example/m.png",
                        "url": "https://x.example/m",
                        "buttons": [
                            {"type": "postback", "text": "More", "payload": "MORE"},
                            {"type": "url", "text": "Buy", "url": "https://x.example/b"},
                        ],
                    },
                    {"title": "Bowl"},
                ]
            },
        },
    ),
    "ask": (
        'ask email "Mail?" into contact.email\n  retry 2 "Again"\n  on valid -> end',
        {
            "type": "get_input",
            "prompt": "Mail?",
            "inputType": "email",
            "saveToAttribute": "email",
            "retries": 2,
            "retryMessage": "Again",
        },
    ),
    "ask into a variable": (
        'ask choice "Size?" into size\n  options "S", "M"\n  matching /^[SM]$/i\n  reprompt 1',
        {
            "inputType": "choice",
            "saveToVariable": "size",
            "options": ["S", "M"],
            "pattern": "/^[SM]$/i",
            "reprompt": {"times": 1},
        },
    ),
    "wait": ("wait 1h30m", {"type": "wait", "durationSeconds": 5400}),
    "wait until": ('wait until "09:00"\n  zone "account"', {"type": "wait", "until": "09:00", "timeZone": "account"}),
    "wait hours": (
        'wait hours {"mon-fri": "09:00-17:00"}',
        {"type": "wait", "businessHours": {"mon-fri": "09:00-17:00"}},
    ),
    "tag": ("tag vip", {"type": "tag_contact", "tagName": "vip"}),
    "tags": ('untag vip, "has, comma"', {"type": "untag_contact", "tagNames": ["vip", "has, comma"]}),
    "set": (
        "set contact.score = contact.score|default(0) + 1",
        {"type": "set_attribute", "target": "contact.score", "value": "{{contact.score|default(0) + 1}}"},
    ),
    "set a text": ('set topic = "shop: {{x}}"', {"type": "set_attribute", "target": "topic", "value": "shop: {{x}}"}),
    "unset": ("unset topic", {"type": "unset_attribute", "target": "topic"}),
    "handover": (
        'handover "Help {{contact.username}}" to "support"',
        {"type": "human_takeover", "messageToAgent": "Help {{contact.username}}", "team": "support"},
    ),
    "handover alone": ("handover", {"type": "human_takeover"}),
    "comment_reply": ('comment_reply "Look!"', {"type": "comment_reply", "text": "Look!"}),
    "call": (
        'call http.request url="https://x.example" into answer.body\n  with tries=3\n  retry 2\n  within 20s',
        {
            "type": "external_api_call",
            "integration": "http.request",
            "arguments": {"url": "https://x.example", "tries": 3},
            "saveToVariable": "answer.body",
            "retries": 2,
            "timeoutSeconds": 20,
        },
    ),
    "run": (
        "run rating about=topic stars=5 into stars",
        {
            "type": "subflow",
            "flow": "rating",
            "arguments": {"about": "{{topic}}", "stars": 5},
            "saveToVariable": "stars",
        },
    ),
    "do": (
        'do acme.coupon percent=10 "code word"=x\n  with more={a: [true, -1.5, 2h]}',
        {
            "type": "acme.coupon",
            "percent": 10,
            "code word": "{{x}}",
            "more": {"a": [True, -1.5, 7200]},
        },
    ),
    "end": ('end "sold"', {"type": "end", "outcome": "sold"}),
    "end with an id": ("end @last", {"id": "last", "type": "end"}),
    "split": ('split "colours"\n  50% -> end\n  else -> end', {"type": "random_split", "experiment": "colours"}),
    "if": ("if tagged vip -> end", {"type": "condition"}),
    "brackets over lines": (
        "set x = [\n  1, # one\n  2\n]",
        {"type": "set_attribute", "target": "x", "value": [1, 2], "notes": ["one"]},
    ),
    "id, name, notes": (
        '# first\n## A name\nsay "Hi" @greeting.now # last',
        {"id": "greeting.now", "name": "A name", "notes": ["first", "last"]},
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_step(name: str) -> None:
    body, expected = STEPS[name]
    node = nodes(body)[0]
    assert {k: node[k] for k in expected} == expected
    assert set(node) <= {*expected, "id", "type", "content", "connections", "prompt"}


def test_header() -> None:
    data = document(
        '# ours\nflow shop-1 "The shop"\n'.replace("shop-1", '"shop-1"') + '  describe "Sells."\n  status draft\n'
        '  when dm "hi", "hello" match="word" cooldownSeconds=60\n  when welcome\n  when ref "flyer"\n'
        '  when comment "win" post="https://x.example/p" exclude=["lose"]\n  when story_reply\n  # more\n'
        '  param prize = "a print"\n  param count: number\n  expire 7d\n  interrupt never\n  stale repeat\n'
        '  setting colour = "red"\n  prop canvas = {zoom: 2}\n\nhello:\n  say "x"\n'
    )
    definition = data.pop("flowDefinition")
    assert data == {
        "slug": "shop-1",
        "name": "The shop",
        "description": "Sells.",
        "status": "draft",
        "triggers": [
            {"type": "dm_keyword", "keyword": "hi, hello", "match": "word", "cooldownSeconds": 60},
            {"type": "welcome_message"},
            {"type": "ref", "ref": "flyer"},
            {
                "type": "comment_keyword",
                "keyword": "win",
                "postPermalink": "https://x.example/p",
                "exclude": ["lose"],
            },
            {"type": "story_reply"},
        ],
    }
    assert definition["params"] == [{"name": "prize", "default": "a print"}, {"name": "count", "type": "number"}]
    assert definition["settings"] == {
        "expireSeconds": 604800,
        "interrupt": "never",
        "stale": "repeat",
        "colour": "red",
    }
    assert definition["canvas"] == {"zoom": 2}
    assert definition["notes"] == ["ours", "more"]
    assert definition["sections"] == ["hello"]


def test_start() -> None:
    made = document('flow x\na:\n  say "x"\n')["flowDefinition"]
    assert made["startNodeId"] == "start" and made["nodes"][0] == {
        "id": "start",
        "type": "start",
        "connections": [{"targetNodeId": "a", "condition": None}],
    }
    named = document('flow x\n  entry b\na:\n  say "x"\nb:\n  say "y"\n')["flowDefinition"]
    assert named["startNodeId"] == "b" and [n["id"] for n in named["nodes"]] == ["a", "b"]
    written = document('flow x\na:\n  say "x"\nb:\n  ## Begin\n  start @go\n  goto a\n')["flowDefinition"]
    assert written["startNodeId"] == "go" and written["nodes"][1]["name"] == "Begin"
    taken = document('flow x\nstart:\n  say "x"\n')["flowDefinition"]
    assert taken["startNodeId"] == "start_" and [n["id"] for n in taken["nodes"]] == ["start_", "start"]


def test_ids_do_not_depend_on_other_words() -> None:
    ids = [n["id"] for n in nodes('say "1"\nwait 1h\nsay "2"\n  quick "x":\n    say "3"\n  else -> end\nsay "4"')]
    assert ids == ["a", "a.wait1", "a.say2", "a.say3", "a.say4"]
    assert [n["id"] for n in nodes('say "1"\nsay "2" @a.say3\nsay "3"')] == ["a", "a.say3", "a.say3_"]


def test_a_label_leads_through_sections_that_only_jump() -> None:
    found = document("flow x\na:\n  tag t\n  goto b\nb:\n  goto c\nc:\n  pass\n  tag u @u\nd:\n  end\n")[
        "flowDefinition"
    ]
    assert found["nodes"][1]["connections"] == [{"targetNodeId": "u", "condition": None}]
    assert found["sections"] == ["a"]


def test_layout() -> None:
    found = document(
        'flow x\na:\n  say "x"\n  tag t\nlayout\n  start 0 -20\n  a 120.5 80 {"x-colour": "teal"}\n  a.tag1 {name: "N"}\n'
    )["flowDefinition"]["nodes"]
    assert [n.get("position") for n in found] == [{"x": 0, "y": -20}, {"x": 120.5, "y": 80}, None]
    assert found[1]["x-colour"] == "teal" and found[2]["name"] == "N"


def test_what_the_language_has_no_word_for() -> None:
    found = document(
        'flow x\n  prop params = [{name: "n", help: "how many"}]\na:\n  if tagged t -> end\n  tag u\n'
        'layout\n  a {connections: [{}, {label: "no"}, {label: "none"}]}\n'
    )["flowDefinition"]
    assert found["params"] == [{"name": "n", "help": "how many"}]
    assert found["nodes"][1]["connections"][1] == {"targetNodeId": "a.tag1", "condition": None, "label": "no"}
    assert list(found["nodes"][1])[-1] == "connections"


def test_comments_stay_with_what_they_speak_of() -> None:
    found = document(
        "# file\nflow x # line\n\n# section\na: # label\n  # step\n  if tagged x: # if\n    # inner\n    tag y # last\n"
        '  # else\n  else -> end\n  say "# no comment"\n    # option\n    quick "a" -> end # exit\n    else -> end\n# tail\n'
    )["flowDefinition"]
    assert found["notes"] == ["file", "line"]
    assert found["sectionNotes"] == {"a": ["section", "label"]}
    assert [n.get("notes") for n in found["nodes"][1:]] == [
        ["step", "if", "else"],
        ["inner", "last"],
        ["option", "exit", "tail"],
    ]


def test_line_breaks_of_other_systems() -> None:
    assert document('\ufeffflow x\r\na:\r\n  say "x"\r\n') == document('flow x\na:\n  say "x"\n')


def test_a_text_is_told_by_how_it_begins() -> None:
    assert read('# hi\nflow x "X"\na:\n  say "x"\n', None, "<flow>").data["slug"] == "x"
    assert read("flow: x\nsteps: {a: {say: Hi}}\n", None, "<flow>").data["slug"] == "x"


def test_all_mistakes_are_told_at_once() -> None:
    text = 'flow x\n  sttus draft\n\na:\n  sya "x"\n  wait 2 hours\n\nb:\n  say "x\n  tag\n\nlayout\n  a 1\n'
    with pytest.raises(Unreadable) as caught:
        read(text, "flow", "")
    told = [caught.value, *caught.value.others]
    assert [e.span.line for e in told if e.span] == [2, 5, 6, 9, 10, 13]
    assert caught.value.rest is None
