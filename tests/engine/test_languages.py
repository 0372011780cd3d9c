"""A flow in several languages: who gets which, what may be typed, and when it changes."""

from typing import Any

import pytest

from core.engine import Shelf, simulate
from core.host.manager import load
from core.lang import compile_text
from core.model.program import Program

REGISTRY = load(entry_points=False)
FLOW = """
flow: shop
settings: {expireSeconds: 86400, language: en}
locales:
  de:
    hello.text: Hallo {{contact.firstName|default('du')}}!
    hello.button.SHOP: Laden
    hello.button.SPANISH: Spanisch
    hello.keyword.BUY: [kaufen, gift]
    hello.reprompt: Bitte tippen.
    size.text: Welche Größe?
    size.retry: Eine von beiden.
    size.button.SMALL: Klein
    size.button.LARGE: Groß
    done.text: "Danke: {{size}}"
    kind.keyword.YES: [ja]
  pt-br:
    hello.text: Olá!
    hello.keyword.BUY: [comprar]
  es:
    size.text: ¿Qué tamaño?
steps:
  hello:
    say: Hello {{contact.firstName|default('there')}}!
    quick:
      - {text: Shop, to: size}
      - {text: Spanish, to: spanish}
    routes:
      - {keyword: [buy], to: size}
      - {keyword: [gift], to: kind}
      - {timeout: 1h, to: done}
    reprompt: {times: 1, text: Please tap.}
    else: end
  spanish: {set: {contact.language: es}, next: size}
  size:
    ask: Which size?
    type: choice
    options: [Small, Large]
    into: size
    retryMessage: One of the two.
    routes:
      - {answer: valid, to: done}
    else: end
  done: {say: "Thanks: {{size}}", next: end}
  kind:
    branch: [{if: 'says "yes" or tagged vip', to: done}]
    else: end
"""


@pytest.fixture(scope="module")
def program() -> Program:
    done = compile_text(FLOW, REGISTRY, "yaml")
    assert done.ok and done.program, done.diagnostics
    return done.program


def said(program: Program, *events: Any, **around: Any) -> list[str]:
    played = [{"type": "text", "text": e} if isinstance(e, str) else e for e in events]
    answer = simulate(Shelf([program]), program.hash, {"events": [{"type": "start"}, *played], **around})
    assert answer["run"]["error"] is None
    return [t["message"]["text"] for t in answer["transcript"] if t["who"] == "flow"]


def titles(program: Program, **around: Any) -> list[str]:
    answer = simulate(Shelf([program]), program.hash, {"events": [{"type": "start"}], **around})
    return [b["text"] for b in answer["buttons"]]


@pytest.mark.parametrize(
    ("contact", "account", "text"),
    [
        ({}, {}, "Hello there!"),
        ({"language": "de"}, {}, "Hallo du!"),
        ({"language": "de", "firstName": "Ana"}, {}, "Hallo Ana!"),
        ({"language": "DE_at"}, {}, "Hallo du!"),
        ({"language": "German"}, {}, "Hello there!"),
        ({"language": 7}, {}, "Hello there!"),
        ({"language": "pt"}, {}, "Olá!"),
        ({"language": "pt_BR"}, {}, "Olá!"),
        ({"language": "fr"}, {}, "Hello there!"),
        ({"language": "en", "locale": "de_DE"}, {"language": "de"}, "Hello there!"),
        ({"locale": "de_DE"}, {"language": "pt"}, "Hallo du!"),
        ({"language": "fr", "locale": "de_DE"}, {}, "Hallo du!"),
        ({}, {"language": "de"}, "Hallo du!"),
        ({"language": "es"}, {}, "Hello there!"),
    ],
)
def test_which_language_a_contact_gets(program: Program, contact: Any, account: Any, text: str) -> None:
    assert said(program, contact=contact, account=account) == [text]


def test_buttons_are_translated_and_those_that_are_not_stay(program: Program) -> None:
    assert titles(program, contact={"language": "de"}) == ["Laden", "Spanisch"]
    assert titles(program, contact={"language": "pt"}) == ["Shop", "Spanish"]


@pytest.mark.parametrize(
    ("language", "typed", "answer"),
    [
        ("de", "laden", "Welche Größe?"),
        ("de", "shop", "Welche Größe?"),
        ("de", "ich will das kaufen", "Welche Größe?"),
        ("de", "buy", "Welche Größe?"),
        ("de", "comprar", "Welche Größe?"),
        ("en", "kaufen", "Which size?"),
        ("de", "gift", "Welche Größe?"),
        ("de", "äh", "Bitte tippen."),
        ("es", "hm", "Please tap."),
    ],
)
def test_what_may_be_typed(program: Program, language: str, typed: str, answer: str) -> None:
    assert said(program, typed, contact={"language": language})[1:] == [answer]


def test_a_word_means_what_it_means_in_the_contacts_language(program: Program) -> None:
    assert said(program, "gift", contact={"language": "en"}) == ["Hello there!"], (
        "it leads to the condition, which ends"
    )
    assert said(program, "gift", contact={"language": "de"})[1:] == ["Welche Größe?"]


@pytest.mark.parametrize("answer", ["Groß", "gross bitte groß", "2", "Large", {"type": "tap", "title": "Groß"}])
def test_a_choice_is_kept_in_the_flows_own_words(program: Program, answer: Any) -> None:
    texts = said(program, "Laden", answer, contact={"language": "de"})
    assert texts[2:] == (["Danke: Large"])


def test_a_wrong_answer_is_asked_about_in_the_language(program: Program) -> None:
    assert said(program, "Laden", "x", contact={"language": "de"})[2:] == ["Eine von beiden."]


def test_the_language_changes_in_the_middle(program: Program) -> None:
    assert said(program, {"type": "tap", "title": "Spanisch"}, "Large", contact={"language": "de"}) == [
        *("Hallo du!", "¿Qué tamaño?", "Thanks: Large")
    ]


def test_a_timer_speaks_the_language_too(program: Program) -> None:
    assert said(program, {"type": "advance", "hours": 1}, contact={"language": "de"})[1:] == ["Danke: "]


def test_conditions_hear_words_of_all_languages() -> None:
    text = FLOW.replace("- {keyword: [gift], to: kind}", "- {reply: any, to: kind}").replace("kaufen, gift", "kaufen")
    program = compile_text(text, REGISTRY, "yaml").program
    assert program
    for language in ("de", "en", "es"):
        assert said(program, "ja", contact={"language": language})[-1].endswith(": "), language
    assert len(said(program, "nein", contact={"language": "de"})) == 1
