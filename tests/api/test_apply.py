"""Applying: what blocks it, what makes it stale, all or nothing, on both stores."""

import threading
from pathlib import Path
from typing import Any

import yaml

from core.store.ids import new_id
from core.store.tables.people import plan as plans
from core.store.tables.people import user
from tests.api.conftest import Person, Shop, hello
from tests.api.desk import Desk, code, file

TEST = (
    "file: welcome.yaml\ntests:\n  - name: it greets\n    steps:\n      - expect: {say: Hello!}\n      - expect: end\n"
)


def running(slug: str) -> dict[str, Any]:
    done = hello()
    done["nodes"].append({"id": "c", "type": "subflow", "flow": slug, "connections": []})
    done["nodes"][1]["connections"] = [{"targetNodeId": "c", "condition": None}]
    return done


def test_flows_that_run_each_other_go_live_together_and_are_not_removed_alone(shop: Shop) -> None:
    desk = Desk(shop, file("a", running("b"), status="active"), file("b", status="active"))
    desk.apply()
    assert [desk.stored(s)["status"] for s in "ab"] == ["active", "active"]
    desk.body["flows"] = [file("a", running("b"), status="active")]
    plan = desk.plan()
    assert [(b["code"], b["slug"]) for b in plan["blocked"]] == [("still_run", "b")]
    assert code(desk.send(plan["state"])) == (409, "plan_blocked")
    desk.body["flows"] = [file("a", running("c"), status="active"), file("b", status="active")]
    assert [b["code"] for b in desk.plan()["blocked"]] == ["flow_has_errors"]
    assert [d["code"] for d in desk.item("a")["diagnostics"] if d["severity"] == "error"] == ["IF309"]


def test_errors_block_also_in_drafts(shop: Shop) -> None:
    broken = hello()
    broken["nodes"][0]["connections"][0]["targetNodeId"] = "nowhere"
    desk = Desk(shop, file("welcome", broken))
    plan = desk.plan()
    assert [b["code"] for b in plan["blocked"]] == ["flow_has_errors"]
    assert code(desk.send(plan["state"])) == (409, "plan_blocked")
    desk.body["flows"] = [file("welcome", triggers=[{"type": "dm_keyword", "keyward": "x"}])]
    assert [b["code"] for b in desk.plan()["blocked"]] == ["flow_has_errors"]


def test_tests_are_played_and_a_failing_one_blocks_unless_somebody_says_otherwise(shop: Shop) -> None:
    tests = [{"file": "flows/welcome.test.yaml", "text": TEST, "flows": {"welcome.yaml": "welcome"}}]
    desk = Desk(shop, file("welcome"), tests=tests)
    assert [t["passed"] for t in desk.plan()["tests"]] == [True]
    desk.apply()
    desk.body["flows"] = [file("welcome", hello("Good day"))]
    plan = desk.plan()
    assert plan["blocked"] == [{"code": "tests_failed", "slug": None, "message": "flows/welcome.test.yaml: it greets"}]
    refused = desk.send(plan["state"])
    assert code(refused) == (409, "plan_blocked")
    assert refused.get_json()["details"]["tests"][0]["tests"][0]["problem"]["span"]["line"] == 5
    assert desk.send(plan["state"], despiteFailedTests=True).status_code == 200
    assert desk.stored("welcome")["flowDefinition"] == hello("Good day")
    tests[0]["flows"] = {}
    assert "no such flow" in desk.plan()["blocked"][0]["message"]
    tests[0]["text"] = "tests: ["
    assert [b["code"] for b in desk.plan()["blocked"]] == ["tests_failed"]


def test_a_stale_plan_is_refused_with_the_reason(shop: Shop) -> None:
    desk = Desk(shop, file("welcome"))
    old = desk.plan()["state"]
    desk.apply()
    late = desk.send(old)
    assert code(late) == (412, "plan_stale")
    assert f"another apply wrote it (by {shop.email}" in late.get_json()["message"]
    state = desk.plan()["state"]
    path = f"/flows/{desk.stored('welcome')['flowId']}"
    shop.put(path, {"description": "x"})
    assert "saved on the server" in desk.send(state).get_json()["details"]["changed"][0]["reason"]
    state = desk.plan()["state"]
    shop.post(f"{path}/publish", {})
    assert "published or switched" in desk.send(state).get_json()["message"]
    state = desk.plan()["state"]
    shop.delete(path)
    assert "deleted" in desk.send(state).get_json()["message"]
    assert desk.apply()["flows"][0]["kind"] == "new"


def at_once(shop: Shop, *asked: tuple[str, str, Any]) -> list[Any]:
    """The answers to requests (method, path, body) that are sent at the same moment."""
    barrier, answers = threading.Barrier(len(asked)), {}

    def go(n: int, method: str, path: str, body: Any) -> None:
        client = shop.town.app.test_client()
        barrier.wait()
        headers = {"Authorization": f"Bearer {shop.token}"}
        answers[n] = client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    threads = [threading.Thread(target=go, args=(n, *one)) for n, one in enumerate(asked)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return [answers[n] for n in range(len(asked))]


def test_two_applies_at_once_one_wins_and_the_other_is_told_why(shop: Shop) -> None:
    Desk(shop, file("welcome", status="active")).apply()
    desks = [Desk(shop, file("welcome", hello(f"By {n}"), status="active"), file(f"new-{n}")) for n in range(4)]
    bodies = [{**d.body, "state": d.plan()["state"]} for d in desks]
    answers = at_once(shop, *(("POST", f"{d.path}/apply", b) for d, b in zip(desks, bodies, strict=True)))
    won = [n for n, a in enumerate(answers) if a.status_code == 200]
    assert len(won) == 1
    lost = [a for n, a in enumerate(answers) if n not in won]
    assert {code(a) for a in lost} == {(412, "plan_stale")}
    assert all("another apply wrote it" in a.get_json()["message"] for a in lost)
    assert desks[0].stored("welcome")["flowDefinition"] == hello(f"By {won[0]}")
    listed = shop.get(desks[0].path).get_json()
    assert {f["slug"] for f in listed} == {"welcome", f"new-{won[0]}"}


def test_two_first_applies_at_once_make_one_flow(shop: Shop) -> None:
    desks = [Desk(shop, file("welcome", hello(f"By {n}"))) for n in range(3)]
    bodies = [{**d.body, "state": d.plan()["state"]} for d in desks]
    answers = at_once(shop, *(("POST", f"{d.path}/apply", b) for d, b in zip(desks, bodies, strict=True)))
    assert sorted(a.status_code for a in answers) == [200, 412, 412]
    assert len(shop.get(desks[0].path).get_json()) == 1


def test_an_apply_and_the_canvas_at_once(shop: Shop) -> None:
    for n in range(5):
        desk = Desk(shop, file("welcome", hello(f"Git {n}"), status="active"), overwrite=["*"])
        body = {**desk.body, "state": desk.plan()["state"]}
        if n == 0:
            desk.apply()
            continue
        path = f"/flows/{desk.stored('welcome')['flowId']}"
        drawn = {"flowDefinition": hello(f"Canvas {n}"), "status": "active"}
        done, saved = at_once(shop, ("POST", f"{desk.path}/apply", body), ("PUT", path, drawn))
        assert saved.status_code == 200
        if done.status_code == 200:
            desk.body["overwrite"] = []
            assert desk.kinds() == {"welcome": "drifted"}
        else:
            assert code(done) == (412, "plan_stale")
        assert desk.stored("welcome")["flowDefinition"] == hello(f"Canvas {n}")


def test_nothing_is_written_when_one_flow_cannot_be(shop: Shop) -> None:
    with shop.town.store.write() as tx:
        small = {"plan_id": new_id(), "name": f"small {new_id()}", "max_flows": 2, "created_at": 0, "updated_at": 0}
        tx.execute(plans.insert().values(**small))
        mine = user.c.user_id == shop.id
        tx.execute(user.update().where(mine).values(subscription_plan_id=small["plan_id"]))
    desk = Desk(shop, *(file(f"f{n}") for n in range(3)))
    assert code(desk.send(desk.plan()["state"])) == (402, "plan_limit_reached")
    assert shop.get(desk.path).get_json() == []


def test_bad_bodies_and_strangers(shop: Shop, town: Any) -> None:
    path = f"/instagram-accounts/{shop.account}/flows"
    assert Person(town).post(f"{path}/plan", {"flows": []}).status_code == 404
    for wrong in (
        {},
        {"flows": [{}]},
        {"flows": [file("Über")]},
        {"flows": [], "workspace": ""},
        {"flows": [], "x": 1},
    ):
        assert code(shop.post(f"{path}/plan", wrong)) == (400, "validation_failed")
    assert code(shop.post(f"{path}/apply", {"flows": []})) == (400, "validation_failed")
    twice = shop.post(f"{path}/plan", {"flows": [file("a"), {**file("a"), "file": "b/a.yaml"}]})
    assert "Two files are the flow 'a': flows/a.yaml and b/a.yaml" in twice.get_json()["message"]


GALLERY = sorted((Path(__file__).parents[2] / "flows_examples").glob("*.yaml"))


def test_the_gallery_is_applied_and_stays(shop: Shop) -> None:
    from core.lang.locales import whole
    from core.lang.reading import read

    flows = []
    for path in GALLERY:
        if path.name.endswith(".test.yaml"):
            continue
        data = whole(read(path.read_bytes(), None, str(path)).data, {}, (path.stem,))
        told = {k: data[k] for k in ("name", "description", "triggers", "flowDefinition") if k in data}
        flows.append({"slug": data.get("slug") or path.stem, "file": path.name, **told})
    assert len(flows) > 5
    desk = Desk(shop, *flows)
    desk.apply()
    assert desk.plan()["changes"] == 0, yaml.safe_dump(desk.plan()["flows"])
