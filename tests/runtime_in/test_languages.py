"""A flow with translations in an installation: the account's language, then the contact's own, kept from one message to the next."""

from typing import Any

from tests.runtime_in import flows
from tests.runtime_in.conftest import texts

DEFINITION = {
    "startNodeId": "hello",
    "settings": {"language": "en"},
    "locales": {
        "de": {
            "hello.text": "Welche Sprache?",
            "hello.button.SPANISH": "Spanisch",
            "hello.keyword.SPAIN": "spanien",
            "done.text": "Gut.",
        },
        "es": {"done.text": "Bien."},
    },
    "nodes": [
        {
            "id": "hello",
            "type": "message",
            "content": {
                "text": "Which language?",
                "buttons": [{"type": "quick_reply", "text": "Spanish", "payload": "SPANISH"}],
            },
            "connections": [
                {"targetNodeId": "spanish", "condition": {"type": "button_payload", "value": "SPANISH"}},
                {"targetNodeId": "spanish", "condition": {"type": "keyword", "value": "spain"}},
                {"targetNodeId": "done", "condition": None},
            ],
        },
        {
            "id": "spanish",
            "type": "set_attribute",
            "target": "contact.language",
            "value": "es",
            "connections": [{"targetNodeId": "done", "condition": None}],
        },
        {"id": "done", "type": "message", "content": {"text": "Good."}, "connections": []},
    ],
}


def test_an_account_that_names_no_language_leaves_the_flow_its_own(stage: Any) -> None:
    stage.flow("hello", DEFINITION, flows.KEYWORD)
    assert texts(stage.says("price")) == ["Which language?"]
    assert texts(stage.says("spanien")) == ["Bien."], "words count in every language"


def test_the_accounts_first_language_then_the_contacts_own(stage: Any) -> None:
    stage.settings({"languages": ["de", "en"]})
    stage.flow("hello", DEFINITION, flows.KEYWORD)
    assert texts(stage.says("price")) == ["Welche Sprache?"]
    assert texts(stage.says("Spanisch")) == ["Bien."]
    assert texts(stage.says("price")) == ["Which language?"], "Spanish has no such text: the flow's own is shown"
    assert texts(stage.says("anything")) == ["Bien."]
