"""`plan` after `apply` is empty, whatever the folder, whatever it was before, and wherever the canvas has moved the steps."""

import os
from typing import Any

from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st

from tests.api.conftest import Shop, Town
from tests.workspaces.flows import folder

EXAMPLES = 1000 if os.environ.get("INSTAFLOW_NIGHTLY") else 40
TOWN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ask(shop: Shop, what: str, flows: Any, **more: Any) -> Any:
    """An answer that must be a good one."""
    answer = shop.post(f"/instagram-accounts/{shop.account}/flows/{what}", {"workspace": "w", "flows": flows, **more})
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def told(plan: Any) -> list[Any]:
    return [(f["slug"], f["kind"], f["changes"], f["drift"], f["conflicts"], f["reason"]) for f in plan["flows"]]


def applied(shop: Shop, flows: Any) -> Any:
    """Applies and looks that nothing is left to do; answers whether it could be."""
    plan = ask(shop, "plan", flows)
    note(f"{told(plan)} {plan['blocked']}")
    if plan["blocked"]:
        event(f"blocked by {sorted({b['code'] for b in plan['blocked']})}")
        assert {b["code"] for b in plan["blocked"]} <= {"flow_has_errors", "still_run"}
        return False
    event(f"{len(flows)} flows applied")
    ask(shop, "apply", flows, state=plan["state"])
    again = ask(shop, "plan", flows)
    assert (again["changes"], again["blocked"]) == (0, []), told(again)
    assert {f["kind"] for f in again["flows"]} <= {"same", "unmanaged"}
    wanted = {f["slug"] for f in flows}
    assert {f["slug"] for f in again["flows"] if f["kind"] == "same"} == wanted
    return True


def stored(shop: Shop) -> dict[str, Any]:
    listed = shop.get(f"/instagram-accounts/{shop.account}/flows?limit=100").get_json()
    return {f["slug"]: shop.get(f"/flows/{f['flowId']}").get_json() for f in listed}


@TOWN
@given(folder(1), folder(), st.integers(-99, 99))
def test_plan_after_apply_is_empty(town: Town, first: Any, second: Any, x: int) -> None:
    shop = Shop(town)
    if not applied(shop, first):
        return
    for flow in stored(shop).values():
        for node in flow["flowDefinition"]["nodes"]:
            node["position"] = {"x": x, "y": 1000}
        assert shop.put(f"/flows/{flow['flowId']}", {"flowDefinition": flow["flowDefinition"]}).status_code == 200
    assert ask(shop, "plan", first)["changes"] == 0
    before = stored(shop)
    if not applied(shop, second):
        assert stored(shop) == before
        return
    _places_survived(first, second, stored(shop))


def _places_survived(first: Any, second: Any, after: Any) -> None:
    """A step without a place in the file, whose flow was there before with that step, is where the canvas put it."""
    old = {f["slug"]: {n["id"] for n in f["flowDefinition"]["nodes"]} for f in first}
    for file in second:
        there = {n["id"]: n.get("position") for n in after[file["slug"]]["flowDefinition"]["nodes"]}
        for node in file["flowDefinition"]["nodes"]:
            if "position" not in node and node["id"] in old.get(file["slug"], ()):
                assert there[node["id"]]["y"] == 1000
