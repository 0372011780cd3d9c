"""Plan and apply over HTTP, on both stores: file, server and base, by what people notice."""

from typing import Any

from sqlalchemy import select

from core.lang.reading import read
from core.store.tables.runtime import run
from tests.api.conftest import Shop, asking, hello
from tests.api.desk import Desk, code, file


def test_new_flows_are_made_and_the_next_plan_is_empty(shop: Shop) -> None:
    desk = Desk(
        shop,
        file("welcome", status="active", name="Welcome", triggers=[{"type": "dm_keyword", "keyword": "hi"}]),
        file("ask", asking()),
    )
    assert desk.kinds() == {"welcome": "new", "ask": "new"}
    done = desk.apply()["flows"]
    assert [(f["kind"], f["flowId"]) for f in done] == [("new", desk.stored(f["slug"])["flowId"]) for f in done]
    plan = desk.plan()
    assert (plan["changes"], desk.kinds()) == (0, {"welcome": "same", "ask": "same"})
    welcome, ask = desk.stored("welcome"), desk.stored("ask")
    assert (welcome["status"], welcome["name"], welcome["publishedVersion"]) == ("active", "Welcome", 1)
    assert (ask["status"], ask["name"], ask["publishedVersion"]) == ("draft", "ask", None)
    shop.hears("hi")
    assert shop.get(f"/flows/{welcome['flowId']}/runs").get_json()[0]["status"] == "done"
    versions = shop.get(f"/flows/{welcome['flowId']}/versions").get_json()
    assert versions[0]["note"] == "applied from flows/welcome.yaml"


def test_a_change_is_told_by_what_people_notice_and_counts_who_is_under_way(shop: Shop) -> None:
    desk = Desk(shop, file("ask", asking(), status="active", triggers=[{"type": "dm_keyword", "keyword": "hi"}]))
    desk.apply()
    shop.hears("hi")
    changed = asking()
    changed["nodes"][2]["content"]["text"] = "Thank you!"
    desk.body["flows"][0]["flowDefinition"] = changed
    item = desk.item("ask")
    assert (item["kind"], item["changes"]) == ("changed", ["document"])
    difference = item["differences"][0]
    assert difference["after"] == ["the start", "a valid answer"]
    assert ("Thanks!" in difference["old"][0], "Thank you!" in difference["new"][0]) == (True, True)
    assert "say: 'Thank you!'" in item["transcript"]["new"][-1] or any(
        "Thank you!" in x for x in item["transcript"]["new"]
    )
    assert any("Thanks!" in line for line in item["transcript"]["old"])
    assert (item["people"], item["underWay"]) == (1, [{"nodeId": "b", "version": 1, "status": "waiting", "people": 1}])
    desk.apply()
    assert desk.stored("ask")["publishedVersion"] == 2


def test_notes_names_and_ids_are_no_change_for_people(shop: Shop) -> None:
    desk = Desk(shop, file("welcome", status="active"))
    desk.apply()
    other = hello()
    other["nodes"][1] |= {"name": "Greeting", "notes": ["looked at by Ana"]}
    desk.body["flows"] = [file("welcome", other, status="active")]
    item = desk.item("welcome")
    assert (item["kind"], item["differences"], item["people"]) == ("rewritten", [], 0)
    desk.apply()
    assert desk.stored("welcome")["flowDefinition"]["nodes"][1]["name"] == "Greeting"
    assert desk.plan()["changes"] == 0


def moved(definition: Any, **places: tuple[int, int]) -> Any:
    for node in definition["nodes"]:
        if node["id"] in places:
            x, y = places[node["id"]]
            node["position"] = {"x": x, "y": y}
    return definition


def test_positions_of_the_canvas_survive_and_those_of_the_file_win_where_they_were_moved(shop: Shop) -> None:
    desk = Desk(shop, file("welcome", moved(hello(), a=(1, 1))))
    desk.apply()
    path = f"/flows/{desk.stored('welcome')['flowId']}"
    assert shop.put(path, {"flowDefinition": moved(hello(), a=(5, 5), b=(7, 8))}).status_code == 200
    assert desk.kinds() == {"welcome": "same"}
    desk.body["flows"] = [file("welcome", moved(hello("Hi!"), a=(1, 1)))]
    desk.apply()
    places = {n["id"]: n.get("position") for n in desk.stored("welcome")["flowDefinition"]["nodes"]}
    assert places == {"a": {"x": 5, "y": 5}, "b": {"x": 7, "y": 8}}
    desk.body["flows"] = [file("welcome", moved(hello("Hi!"), a=(9, 9)))]
    item = desk.item("welcome")
    assert (item["kind"], item["changes"]) == ("rewritten", ["positions"])
    desk.apply()
    places = {n["id"]: n.get("position") for n in desk.stored("welcome")["flowDefinition"]["nodes"]}
    assert (places["a"], desk.plan()["changes"]) == ({"x": 9, "y": 9}, 0)


def test_drift_is_shown_and_left_alone(shop: Shop) -> None:
    desk = Desk(shop, file("welcome"), file("other"))
    desk.apply()
    path = f"/flows/{desk.stored('welcome')['flowId']}"
    shop.put(path, {"flowDefinition": hello("Made on the canvas")})
    item = desk.item("welcome")
    assert (item["kind"], item["drift"], item["differences"]) == ("drifted", ["document"], [])
    assert "Made on the canvas" in item["theirs"][0]["new"][0]
    desk.body["flows"][1]["flowDefinition"] = hello("Other")
    desk.apply()
    assert desk.stored("welcome")["flowDefinition"] == hello("Made on the canvas")
    assert desk.kinds() == {"welcome": "drifted", "other": "same"}
    desk.body["overwrite"] = ["welcome"]
    assert desk.item("welcome")["kind"] == "changed"
    desk.apply()
    assert desk.stored("welcome")["flowDefinition"] == hello()


def test_both_sides_changed_is_a_conflict_that_blocks_all(shop: Shop) -> None:
    desk = Desk(shop, file("welcome"), file("other"))
    desk.apply()
    shop.put(f"/flows/{desk.stored('welcome')['flowId']}", {"flowDefinition": hello("Canvas")})
    desk.body["flows"] = [file("welcome", hello("Git")), file("other", hello("Other"))]
    plan = desk.plan()
    assert [(b["code"], b["slug"]) for b in plan["blocked"]] == [("conflict", "welcome")]
    refused = desk.send(plan["state"])
    assert code(refused) == (409, "plan_blocked")
    assert "both the file and the server changed" in refused.get_json()["message"]
    assert desk.stored("other")["flowDefinition"] == hello()
    desk.body["overwrite"] = ["*"]
    desk.apply()
    assert desk.stored("welcome")["flowDefinition"] == hello("Git")


def test_a_flow_that_was_never_applied_is_taken_over_only_when_it_is_the_same(shop: Shop) -> None:
    shop.flow(hello("Made by hand"), name="welcome")
    desk = Desk(shop, file("welcome"))
    item = desk.item("welcome")
    assert (item["kind"], "never applied" in item["reason"]) == ("conflict", True)
    desk.body["flows"] = [file("welcome", hello("Made by hand"))]
    assert desk.kinds() == {"welcome": "same"}
    desk.apply()
    desk.body["flows"] = [file("welcome")]
    assert desk.kinds() == {"welcome": "changed"}


def test_what_is_switched_off_on_the_server_is_not_switched_on_again(shop: Shop) -> None:
    desk = Desk(shop, file("welcome", status="active"))
    desk.apply()
    shop.post(f"/flows/{desk.stored('welcome')['flowId']}/deactivate")
    desk.body["flows"] = [file("welcome", hello("Better"), status="active")]
    item = desk.item("welcome")
    assert (item["changes"], item["drift"], item["status"]) == (["document"], ["status"], "inactive")
    desk.apply()
    stored = desk.stored("welcome")
    assert (stored["status"], stored["flowDefinition"], stored["publishedVersion"]) == ("inactive", hello("Better"), 1)


def test_triggers_are_those_of_the_file(shop: Shop) -> None:
    keyword = {"type": "dm_keyword", "keyword": "Price, cost"}
    desk = Desk(shop, file("welcome", status="active", triggers=[keyword, {"type": "default_reply"}]))
    desk.apply()
    path = f"/flows/{desk.stored('welcome')['flowId']}/triggers"
    first = {t["triggerId"] for t in shop.get(path).get_json()}
    assert len(first) == 2
    desk.body["flows"] = [file("welcome", status="active", triggers=[{"type": "dm_keyword", "keyword": "cost,price"}])]
    assert desk.item("welcome")["changes"] == ["triggers"]
    desk.apply()
    left = shop.get(path).get_json()
    assert (len(left), left[0]["triggerId"] in first, desk.plan()["changes"]) == (1, True, 0)
    made = shop.post(path, {"type": "dm_keyword", "keyword": "hello"})
    assert made.status_code == 201
    assert (desk.item("welcome")["kind"], desk.item("welcome")["drift"]) == ("drifted", ["triggers"])


def test_flows_that_are_no_file_any_more_are_removed_with_their_runs(shop: Shop) -> None:
    shop.flow(name="By hand")
    desk = Desk(shop, file("ask", asking(), status="active", triggers=[{"type": "dm_keyword", "keyword": "hi"}]))
    desk.apply()
    flow = desk.stored("ask")
    shop.hears("hi")
    desk.body["flows"] = []
    assert desk.kinds() == {"ask": "removed", "by-hand": "unmanaged"}
    assert desk.item("ask")["people"] == 1
    desk.apply()
    assert shop.get(f"/flows/{flow['flowId']}").status_code == 404
    assert desk.kinds() == {"by-hand": "unmanaged"}
    with shop.town.store.read() as tx:
        found = tx.execute(select(run.c.status).where(run.c.flow_id == flow["flowId"])).scalars().all()
    assert found == ["cancelled"]


def test_folders_of_other_names_are_left_alone(shop: Shop) -> None:
    Desk(shop, file("welcome")).apply()
    other = Desk(shop, file("other"), workspace="campaigns")
    assert other.kinds() == {"other": "new", "welcome": "unmanaged"}
    other.body["flows"] = [file("welcome", hello("Ours"))]
    assert "workspace 'shop'" in other.item("welcome")["reason"]


def test_steps_without_a_written_id_keep_theirs(shop: Shop) -> None:
    def sent(text: str) -> dict[str, Any]:
        source = read(text, "flow", "ask.flow")
        free = sorted(source.automatic)
        return file("ask", source.data["flowDefinition"], automaticIds=free)

    text = 'flow ask\n\nhello:\n  tag asked\n  say "One"\n  say "Two"\n'
    desk = Desk(shop, sent(text))
    desk.apply()
    desk.body["flows"] = [sent(text.replace('  say "One"', '  say "New"\n  say "One"'))]
    desk.apply()
    texts = {n["id"]: n.get("content", {}).get("text") for n in desk.stored("ask")["flowDefinition"]["nodes"]}
    assert texts == {"start": None, "hello": None, "hello.say3": "New", "hello.say1": "One", "hello.say2": "Two"}
    assert desk.plan()["changes"] == 0
    desk.body["flows"] = [sent(text.replace('  say "One"', '  say "New"\n  say "One {{"'))]
    told = [d["node"] for d in desk.item("ask")["diagnostics"] if d["severity"] == "error"]
    assert told == ["hello.say2"], "the step as the file calls it"
