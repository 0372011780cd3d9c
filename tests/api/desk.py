"""Somebody with a folder of flows, for the tests of plan and apply."""

from typing import Any

from tests.api.conftest import Shop, hello


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def file(slug: str, definition: Any = None, **more: Any) -> dict[str, Any]:
    return {"slug": slug, "file": f"flows/{slug}.yaml", "flowDefinition": definition or hello(), **more}


class Desk:
    """Somebody with a folder of flows."""

    def __init__(self, shop: Shop, *flows: dict[str, Any], **more: Any) -> None:
        self.shop, self.body = shop, {"workspace": "shop", "flows": list(flows), **more}
        self.path = f"/instagram-accounts/{shop.account}/flows"

    def plan(self) -> dict[str, Any]:
        done = self.shop.post(f"{self.path}/plan", self.body)
        assert done.status_code == 200, done.get_json()
        found: dict[str, Any] = done.get_json()
        return found

    def send(self, state: Any, **more: Any) -> Any:
        return self.shop.post(f"{self.path}/apply", {**self.body, "state": state, **more})

    def apply(self, **more: Any) -> dict[str, Any]:
        done = self.send(self.plan()["state"], **more)
        assert done.status_code == 200, done.get_json()
        found: dict[str, Any] = done.get_json()
        return found

    def kinds(self) -> dict[str, str]:
        return {f["slug"]: f["kind"] for f in self.plan()["flows"]}

    def item(self, slug: str) -> dict[str, Any]:
        found: dict[str, Any] = next(f for f in self.plan()["flows"] if f["slug"] == slug)
        return found

    def stored(self, slug: str) -> dict[str, Any]:
        listed = self.shop.get(f"{self.path}?text={slug}&limit=100").get_json()
        id_ = next(f["flowId"] for f in listed if f["slug"] == slug)
        found: dict[str, Any] = self.shop.get(f"/flows/{id_}").get_json()
        return found
