"""Translations: where they may stand, which keys there are, what the compiler says about them."""

import json
from typing import Any

import pytest

from core.host.registry import Registry
from core.lang import Compilation, compile_definition, compile_text
from core.lang.behaviour import differences
from core.lang.locales import texts_of, whole
from core.model.codec import program_from_json

FLOW = """
flow: shop
settings: {expireSeconds: 86400, language: en}
when:
  - dm_keyword: {keyword: [hello, hi]}
  - dm_keyword: {keyword: "^hey+", match: regex}
%s
steps:
  hello:
    say: Hello {{contact.firstName|default('there')}}! What would you like?
    media: [{type: image, url: 'https://cdn.example/shop.jpg'}]
    quick:
      - {text: Prices, to: cards}
      - {text: A person, payload: PERSON, to: person}
    routes:
      - {keyword: [cost, "how much"], to: cards}
      - {keyword: ["❤️"], to: size}
    reprompt: {times: 1, text: Please tap one.}
    else: end
  cards:
    carousel:
      - title: Mug
        subtitle: 24 €
        buttons:
          - {text: Buy, url: 'https://shop.example/mug'}
          - {text: More, payload: MUG, to: size}
    else: end
  size:
    ask: Which size?
    type: choice
    options: [Small, Large]
    into: size
    retryMessage: One of the two, please.
    routes:
      - {answer: valid, to: link}
    else: end
  link:
    say: Here it is.
    buttons: [{text: Open it, url: 'https://shop.example/'}]
    next: kind
  kind:
    branch: [{keyword: [thanks, thank you], to: person}]
    else: end
  person: {handover: wants a person}
"""
KEYS = [
    *("when.dm_keyword.HELLO", "hello.text", "hello.media.1", "hello.button.PRICES", "hello.button.PERSON"),
    *("hello.reprompt", "hello.keyword.COST", "hello.keyword.2", "cards.card.1.title", "cards.card.1.subtitle"),
    *("cards.card.1.link.1", "cards.card.1.link.1.url", "cards.card.1.button.MUG", "size.text"),
    *("size.button.SMALL", "size.button.LARGE", "size.retry", "link.text", "link.link.1", "link.link.1.url"),
    "kind.keyword.THANKS",
]


def flow(locales: Any = None, **settings: Any) -> str:
    text = FLOW % (f"locales: {json.dumps(locales)}" if locales is not None else "")
    return text.replace("language: en", "language: en" if not settings else json.dumps(settings)[1:-1])


def found(done: Compilation, *codes: str) -> list[str]:
    return [d.message for d in done.diagnostics if d.code in codes]


def test_every_text_has_a_key(box: Registry) -> None:
    done = compile_text(flow(), box)
    assert done.doc and done.program
    texts = {t.key: t for t in texts_of(done.doc, done.program)}
    assert sorted(texts) == sorted(KEYS)
    assert texts["hello.text"].text == 'Hello {{contact.firstName|default("there")}}! What would you like?'
    assert texts["hello.keyword.COST"].text == ["cost", "how much"]
    assert {k for k, t in texts.items() if t.optional} == {
        *("hello.media.1", "hello.keyword.2", "cards.card.1.subtitle", "cards.card.1.link.1.url", "link.link.1.url")
    }


def test_keys_do_not_change_when_steps_move_or_get_names(box: Registry) -> None:
    moved = (
        flow()
        .replace("  kind:\n", "  kind:\n    name: Kind?\n")
        .replace("  size:\n    ask", "  size:\n    notes: [x]\n    ask")
    )
    for text in (flow(), moved):
        done = compile_text(text, box)
        assert done.doc and done.program
        assert sorted(t.key for t in texts_of(done.doc, done.program)) == sorted(KEYS)


def test_a_whole_translation_has_nothing_to_say(box: Registry) -> None:
    done = compile_text(flow(), box)
    assert done.doc and done.program
    table = {t.key: t.text for t in texts_of(done.doc, done.program)}
    again = compile_text(flow({"de": table}), box)
    assert [d for d in again.diagnostics if d.severity != "info"] == []
    assert again.program and set(again.program.locales["de"]) == set(KEYS) - {"when.dm_keyword.HELLO"}


def test_the_hash_covers_translations_and_survives_storing(box: Registry) -> None:
    plain, one, other = (
        compile_text(flow(x), box).program for x in (None, {"de": {"link.text": "Da."}}, {"de": {"link.text": "So."}})
    )
    assert plain and one and other
    assert len({plain.hash, one.hash, other.hash}) == 3
    assert "locales" not in plain.as_json()
    assert program_from_json(json.loads(json.dumps(one.as_json()))).hash == one.hash


PROBLEMS: list[tuple[str, dict[str, Any], str, str]] = [
    ("missing", {"de": {"link.text": "Da ist es."}}, "IF601", "de: 12 texts not translated: hello.text, hello.button.PRICES,"),
    ("missing words", {"de": {"link.text": "Da."}}, "IF601", "de: 3 lists of keywords not translated: hello.keyword.COST, kind."),
    ("unknown", {"de": {"hello.txt": "Hallo"}}, "IF602", "de: the flow has no text 'hello.txt'"),
    ("unknown step", {"de": {"gone.text": "Hallo"}}, "IF602", "de: the flow has no text 'gone.text'"),
    ("other values", {"de": {"link.text": "{{contact.city}}"}}, "IF603", "de: 'link.text' reads contact.city, which the text"),
    ("own language", {"en": {"link.text": "There."}}, "IF604", "'en' is the flow's own language"),
    ("quick reply", {"de": {"hello.button.PRICES": "Was kostet das denn alles?"}}, "IF502", "de: 'hello.button.PRICES': the title"),
    ("link's title", {"de": {"link.link.1": "Hier geht es zum Laden"}}, "IF502", "de: 'link.link.1': the title"),
    ("text", {"de": {"size.text": "ß" * 501}}, "IF503", "de: 'size.text': the text is 1002 bytes"),
    ("text with buttons", {"de": {"link.text": "x" * 641}}, "IF503", "de: 'link.text': a text with buttons may have 640"),
    ("card", {"de": {"cards.card.1.title": "x" * 81}}, "IF506", "de: 'cards.card.1.title': the title of a card has 81"),
    ("address", {"de": {"link.link.1.url": "http://shop.example"}}, "IF508", "de: 'link.link.1.url': 'http://shop.example' is"),
    ("expression", {"de": {"link.text": "{{contact.}}"}}, "IF120", "de: 'link.text': "),
    ("filter", {"de": {"link.text": "{{contact.firstName|shout}}"}}, "IF122", "de: 'link.text': the filter 'shout'"),
    ("a list", {"de": {"link.text": ["a", "b"]}}, "IF006", "de: 'link.text' must be a text"),
    ("a number", {"de": {"link.text": 3}}, "IF006", "locales.de: 'link.text' must be a text"),
    ("no language", {"German": {"link.text": "Da."}}, "IF006", "'German' is no language"),
    ("no table", {"de": ["x"]}, "IF006", "locales.de must be an object"),
]  # fmt: skip


@pytest.mark.parametrize(("locales", "code", "message"), [p[1:] for p in PROBLEMS], ids=[p[0] for p in PROBLEMS])
def test_what_is_wrong_is_said_with_its_language(box: Registry, locales: Any, code: str, message: str) -> None:
    done = compile_text(flow(locales), box)
    assert any(m.startswith(message) for m in found(done, code)), [f"{d.code} {d.message}" for d in done.diagnostics]
    told = next(d for d in done.diagnostics if d.code == code and d.message.startswith(message))
    assert told.span and told.span.line == 7, "it points at the translations"


def test_locales_that_are_no_object(box: Registry) -> None:
    assert found(compile_text(flow("de"), box), "IF006") == ["locales must be an object: {de: {hello.text: …}}"]


def test_a_flow_without_a_language_of_its_own(box: Registry) -> None:
    done = compile_text(flow({"de": {"link.text": "Da."}}).replace(", language: en", ""), box)
    assert found(done, "IF604") == ["the flow has translations but does not say which language its own texts are in"]
    assert found(compile_text(flow().replace("language: en", "language: English"), box), "IF006") == [
        "settings.language must be a language, such as en, de or pt-br"
    ]


def test_a_private_reply_in_another_language_has_its_limit(box: Registry) -> None:
    text = (
        "flow: x\nsettings: {language: en}\nwhen: [{comment_keyword: {keyword: win}}]\nsteps:\n  a: {say: Hi, next: end}\n"
        "locales:\n  de: {a.text: '" + "ä" * 600 + "'}\n  es: {a.text: 'Hola {{contact.firstName}}'}"
    )
    done = compile_text(text, box)
    assert any(m.startswith("de: a private reply is one message of 1000 bytes") for m in found(done, "IF503"))
    assert found(done, "IF408") == ["es: contact.firstName is not known of somebody who has only commented"]


def test_triggers_hear_the_words_of_all_languages(box: Registry) -> None:
    locales = {"de": {"when.dm_keyword.HELLO": "hallo, hi"}, "es": {"when.dm_keyword.HELLO": ["hola"]}}
    done = compile_text(flow(locales), box)
    assert done.doc and [t["keyword"] for t in done.doc.triggers] == ["hello, hi, hallo, hola", "^hey+"]
    assert done.program
    words = {t.key: t.text for t in texts_of(done.doc, done.program)}["when.dm_keyword.HELLO"]
    assert words == ["hello"], "a word of both languages is the translators' as well"


FILE = """
shop:
  link.text: Da ist es.
  hello.button.PRICES: Preise
other:
  start.text: Nichts
"""


def test_files_beside_the_flow(box: Registry) -> None:
    done = compile_text(flow(), box, source="flows/shop.yaml", locales={"de": FILE, "es": b"link.text: Ya esta."})
    assert done.program and done.program.locales == {
        "de": {"link.text": "Da ist es.", "hello.button.PRICES": "Preise"},
        "es": {"link.text": "Ya esta."},
    }
    other = compile_text(flow().replace("flow: shop", "flow: another"), box, source="x/shop.yaml", locales={"de": FILE})
    assert other.program and other.program.locales["de"]["link.text"] == "Da ist es.", "by the file's name"
    assert (
        compile_text(
            flow().replace("flow: shop", "flow: b"), box, source="b.yaml", locales={"de": FILE}
        ).program.locales
        == {}
    )  # type: ignore[union-attr]


def test_what_is_wrong_in_a_file_beside_points_nowhere_in_the_flow(box: Registry) -> None:
    done = compile_text(flow(), box, source="shop.yaml", locales={"de": "link.txt: Da."})
    told = {d.code: d.span for d in done.diagnostics if d.message.startswith("de: ")}
    assert told == {"IF602": None, "IF601": None}


def test_uploads_and_attributes_of_translations_are_used_by_the_program(box: Registry) -> None:
    program = compile_text(flow({"de": {"hello.media.1": "media:abc", "link.text": "{{contact.city}}"}}), box).program
    assert program and "media:abc" in program.uses["media"] and "city" in program.uses["attributes"]


def test_a_changed_translation_is_a_difference_between_versions(box: Registry) -> None:
    old, new = (
        compile_text(flow({"de": {"link.text": t, "hello.keyword.COST": [t]}}), box).program for t in ("Da.", "Hier.")
    )
    assert old and new
    (found,) = differences(old, new)
    assert (found.old, found.new) == (
        ("de: hello.keyword.COST da", "de: link.text 'Da.'"),
        ("de: hello.keyword.COST hier", "de: link.text 'Hier.'"),
    )
    assert differences(old, old) == []


def test_what_stands_in_the_flow_wins_over_the_file(box: Registry) -> None:
    done = compile_text(flow({"de": {"link.text": "Hier."}}), box, source="shop.yaml", locales={"de": FILE})
    assert done.program and done.program.locales["de"] == {"link.text": "Hier.", "hello.button.PRICES": "Preise"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [", "IF001"),
        ("- a", "IF006"),
        (b"\xff\xfe\x00", "IF001"),
        ("a: 1\na: 2", "IF001"),
        ("x: &a 1\ny: *a", "IF001"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_once_and_the_flow_compiles(box: Registry, text: Any, code: str) -> None:
    done = compile_text(flow(), box, source="shop.yaml", locales={"de": text})
    assert done.program and not done.ok
    assert [d.code for d in done.diagnostics if d.severity == "error"] == [code]


def test_the_api_gets_it_all_in_one_document(box: Registry) -> None:
    from core.lang.reading import read

    body = whole(read(flow(), "yaml", "x").data, {"de": FILE + "  when.dm_keyword.X: y\n"}, ("shop",))
    assert body["flowDefinition"]["locales"]["de"]["link.text"] == "Da ist es."
    again = compile_definition(body, box)
    assert again.program and again.program.locales["de"]["link.text"] == "Da ist es."
    assert whole({"startNodeId": "a", "nodes": []}, {}, ()) == {"flowDefinition": {"startNodeId": "a", "nodes": []}}
