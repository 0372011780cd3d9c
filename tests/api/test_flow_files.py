"""Flows as files: out, in again, and over an older version of themselves."""

from collections.abc import Callable
from typing import Any

import pytest

from core.lang.printing import normal
from tests.api.conftest import Shop, asking, hello


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def kept(made: dict[str, Any]) -> dict[str, Any]:
    """What every notation keeps; the sections belong to the text language."""
    return {k: v for k, v in normal(made["flowDefinition"]).items() if k != "sections"}


@pytest.mark.parametrize("format", ["json", "yaml", "flow"])
def test_a_flow_goes_out_and_comes_in_again(shop: Shop, shops: Callable[[], Shop], format: str) -> None:
    made = shop.flow(asking(), triggers=[{"type": "dm_keyword", "keyword": "mail, post"}], slug="mailing")
    out = shop.get(f"/flows/{made['flowId']}/export?format={format}").get_json()
    assert (out["fileName"], out["format"]) == (f"mailing.{format}", format)
    path = f"/instagram-accounts/{shop.account}/flows/import"
    assert code(shop.post(path, {"text": out["text"]})) == (409, "slug_taken")
    other = shops()
    again = other.post(f"/instagram-accounts/{other.account}/flows/import", {"text": out["text"]})
    assert again.status_code == 201, again.get_json()
    found = again.get_json()
    assert (found["slug"], found["name"], found["diagnostics"]) == ("mailing", made["name"], made["diagnostics"])
    assert kept(found) == kept(made)
    back = other.get(f"/flows/{found['flowId']}/export?format={format}").get_json()
    assert back["text"] == out["text"]


def test_what_is_no_flow_is_not_imported(shop: Shop) -> None:
    path = f"/instagram-accounts/{shop.account}/flows/import"
    refused = shop.post(path, {"text": "flow: [", "format": "yaml"})
    assert code(refused) == (400, "flow_unreadable")
    assert refused.get_json()["details"]["diagnostics"][0]["span"]["line"] == 2
    assert code(shop.post(path, {"text": "[]"})) == (400, "flow_unreadable")


def test_translated_words_of_triggers_are_imported_with_the_flow(shop: Shop) -> None:
    text = """
flow: hello
settings: {language: en}
when: [{dm_keyword: {keyword: [hello]}}]
locales: {de: {when.dm_keyword.HELLO: [hallo], a.text: Guten Tag!}}
steps: {a: {say: Good day!, next: end}}
"""
    made = shop.post(f"/instagram-accounts/{shop.account}/flows/import", {"text": text, "format": "yaml"})
    assert made.status_code == 201, made.get_json()
    flow = made.get_json()
    (trigger,) = shop.get(f"/flows/{flow['flowId']}/triggers").get_json()
    assert trigger["keyword"] == "hello, hallo"
    assert flow["flowDefinition"]["locales"]["de"]["a.text"] == "Guten Tag!"


ASKS = """flow asks
  when dm "mail"

hello:
  tag asked
  ask email "Your e-mail?" into contact.email
    on invalid -> end
  say "Thanks!"
"""


def test_a_text_is_saved_and_nobody_under_way_is_moved_to_another_step(shop: Shop) -> None:
    made = shop.post(f"/instagram-accounts/{shop.account}/flows/import", {"text": ASKS}).get_json()
    path = f"/flows/{made['flowId']}"
    placed = made["flowDefinition"]
    placed["nodes"][2]["position"] = {"x": 120, "y": 80}
    assert shop.put(path, {"flowDefinition": placed, "status": "active"}).status_code == 200
    shop.contact(text="mail")
    run = shop.get(f"{path}/runs").get_json()[0]
    assert run["nodeId"] == "hello.ask1"
    more = ASKS.replace("  ask email", '  ask text "Your name?" into contact.firstName\n  ask email')
    saved = shop.put(path, {"text": more, "format": "flow", "description": "Asks twice", "status": "active"})
    assert saved.status_code == 200, saved.get_json()
    nodes = {n["id"]: n for n in saved.get_json()["flowDefinition"]["nodes"]}
    assert nodes["hello.ask1"]["prompt"] == "Your e-mail?" and nodes["hello.ask2"]["prompt"] == "Your name?"
    assert nodes["hello.ask1"]["position"] == {"x": 120, "y": 80}
    assert saved.get_json()["description"] == "Asks twice"
    assert shop.post(f"/runs/{run['runId']}/move", {}).status_code == 202
    moved = shop.get(f"{path}/runs").get_json()[0]
    assert (moved["version"], moved["nodeId"], moved["status"]) == (2, "hello.ask1", "waiting")
    shop.hears("ana@mail.example")
    assert shop.get(f"{path}/runs").get_json()[0]["status"] == "done"


def test_a_text_that_is_saved_must_be_a_flow_and_the_only_one(shop: Shop) -> None:
    path = f"/flows/{shop.flow(hello())['flowId']}"
    assert code(shop.put(path, {"text": "flow x\na:\n  sya\n", "format": "flow"})) == (400, "flow_unreadable")
    assert code(shop.put(path, {"text": ASKS, "flowDefinition": hello()})) == (400, "validation_failed")
    assert code(shop.put(path, {"format": "flow"})) == (400, "validation_failed")
    assert code(shop.put(path, {"text": ASKS}, headers={"If-Match": '"99"'})) == (412, "precondition_failed")
