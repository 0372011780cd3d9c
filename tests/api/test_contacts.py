"""Contacts over HTTP: LLD rows, tags, attributes, opting out, flows for one contact."""

import json
from typing import Any

from tests.api.conftest import Person, Shop, Town, asking

LLD = {
    *("contactId", "instagramAccountId", "instagramUserId", "instagramUsername", "firstName", "lastName"),
    *("profilePictureUrl", "lastInteractionAt", "currentFlowId", "currentFlowStepNodeId", "flowContext", "tags"),
    *("customAttributes", "createdAt", "updatedAt"),
}
"""LLD 3.5."""


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_listing_by_page_search_and_tag(town: Town, shop: Shop) -> None:
    for person in ("836120000000301", "836120000000302", "836120000000303"):
        shop.hears("hi", person)
    path = f"/instagram-accounts/{shop.account}/contacts"
    listed = shop.get(path)
    assert set(listed.get_json()) == {"contacts", "total"} and listed.get_json()["total"] == 3
    assert all(set(c) >= LLD for c in listed.get_json()["contacts"])
    assert next(c["instagramUserId"] for c in listed.get_json()["contacts"]) == "836120000000303"
    second = shop.get(f"{path}?limit=2&page=2")
    assert len(second.get_json()["contacts"]) == 1 and second.get_json()["total"] == 3
    assert json.loads(second.headers["X-Pagination"]) == {
        "total": 3,
        "total_pages": 2,
        "first_page": 1,
        "last_page": 2,
        "page": 2,
        "previous_page": 1,
    }
    one = listed.get_json()["contacts"][1]["contactId"]
    shop.patch(f"/contacts/{one}", {"firstName": "Zoë", "lastName": "50%_Off"})
    assert [c["contactId"] for c in shop.get(f"{path}?search=zoë 50%25_o").get_json()["contacts"]] == [one]
    assert shop.get(f"{path}?search=%25").get_json()["total"] == 1
    shop.post(f"/contacts/{one}/tags", {"tags": ["vip"]})
    assert [c["contactId"] for c in shop.get(f"{path}?tag=vip").get_json()["contacts"]] == [one]
    for bad in ("limit=0", "limit=101", "page=0", "page=x", "nope=1", "search="):
        assert code(shop.get(f"{path}?{bad}")) == (400, "validation_failed"), bad


def test_one_contact_has_every_field_of_the_lld(shop: Shop) -> None:
    contact = shop.contact()
    found = shop.get(f"/contacts/{contact['contactId']}")
    assert found.status_code == 200 and set(found.get_json()) >= LLD
    assert found.get_json()["flowStatus"] == "none" and found.get_json()["windowEndsAt"]


def test_tags_are_added_and_removed(shop: Shop) -> None:
    path = f"/contacts/{shop.contact()['contactId']}"
    added = shop.post(f"{path}/tags", {"tags": ["vip", " new ", "vip"]})
    assert (added.status_code, added.get_json()) == (200, {"contactId": path[10:], "tags": ["new", "vip"]})
    assert shop.post(f"{path}/tags", {"tags": ["vip"]}).get_json()["tags"] == ["new", "vip"]
    assert shop.get(f"/instagram-accounts/{shop.account}/tags").get_json() == [
        {"name": "new", "contacts": 1},
        {"name": "vip", "contacts": 1},
    ]
    removed = shop.delete(f"{path}/tags", {"tags": ["new", "unknown"]})
    assert (removed.status_code, removed.get_json()["tags"]) == (200, ["vip"])
    for bad in (
        {},
        {"tags": []},
        {"tags": [""]},
        {"tags": [" "]},
        {"tags": "vip"},
        {"tags": ["x" * 101]},
        {"tags": [1]},
    ):
        assert code(shop.post(f"{path}/tags", bad)) == (400, "validation_failed"), bad


def test_attributes_are_merged(shop: Shop) -> None:
    path = f"/contacts/{shop.contact()['contactId']}"
    shop.patch(path, {"customAttributes": {"email": "a@b.example", "score": 3}})
    merged = shop.patch(path, {"customAttributes": {"email": None, "firstName": "Ana"}}).get_json()
    assert (merged["customAttributes"], merged["firstName"]) == ({"score": 3}, "Ana")
    for bad in ({}, {"customAttributes": {"x": "y" * 5000}}, {"customAttributes": {"": 1}}, {"tags": ["x"]}):
        assert code(shop.patch(path, bad)) == (400, "validation_failed"), bad


def test_where_a_contact_is_in_its_flow(shop: Shop) -> None:
    flow = shop.flow(asking(), active=True, triggers=[{"type": "dm_keyword", "keyword": "mail"}])
    path = f"/contacts/{shop.contact(text='mail')['contactId']}"
    under_way = shop.get(path).get_json()
    assert (under_way["currentFlowId"], under_way["currentFlowStepNodeId"]) == (flow["flowId"], "b")
    assert (under_way["flowStatus"], under_way["flowContext"]) == ("waiting", {})
    shop.hears("ana@example.org")
    done = shop.get(path).get_json()
    assert (done["currentFlowId"], done["flowStatus"], done["customAttributes"]["email"]) == (
        None,
        "none",
        "ana@example.org",
    )


def test_opting_out_ends_what_is_under_way(shop: Shop) -> None:
    shop.flow(asking(), active=True, triggers=[{"type": "dm_keyword", "keyword": "mail"}])
    path = f"/contacts/{shop.contact(text='mail')['contactId']}"
    out = shop.patch(path, {"optedOut": True}).get_json()
    assert out["optedOutAt"] and out["flowStatus"] == "none"
    shop.hears("mail")
    assert shop.get(path).get_json()["flowStatus"] == "none"
    assert shop.patch(path, {"optedOut": False}).get_json()["optedOutAt"] is None


def test_starting_and_stopping_a_flow_for_one_contact(shop: Shop, shops: Any) -> None:
    flow, draft = shop.flow(asking(), active=True), shop.flow(name="Draft")
    path = f"/contacts/{shop.contact()['contactId']}"
    assert shop.post(f"{path}/start-flow", {"flowId": flow["flowId"]}).status_code == 202
    assert shop.get(path).get_json()["currentFlowId"] == flow["flowId"]
    assert shop.post(f"{path}/stop-flow").status_code == 202
    assert shop.get(path).get_json()["flowStatus"] == "none"
    assert shop.post(f"{path}/reset-flow").status_code == 202
    assert code(shop.post(f"{path}/start-flow", {"flowId": draft["flowId"]})) == (409, "flow_not_published")
    foreign = shops().flow(active=True)
    assert code(shop.post(f"{path}/start-flow", {"flowId": foreign["flowId"]})) == (404, "not_found")


def test_another_tenants_contact_does_not_exist(shop: Shop, other: Person) -> None:
    path = f"/contacts/{shop.contact()['contactId']}"
    assert code(other.get(path)) == (404, "not_found")
    assert code(other.post(f"{path}/tags", {"tags": ["x"]})) == (404, "not_found")
    assert code(other.get(f"/instagram-accounts/{shop.account}/contacts")) == (404, "not_found")
