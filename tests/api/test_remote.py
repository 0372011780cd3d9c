"""Commands that ask a server: overlaps with an account's active flows, a server's run as a test."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from core.cli.flow import command
from tests.api.conftest import Shop, Town, asking, hello


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    """The town's API on a port."""
    server = make_server("127.0.0.1", 0, town.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def called(shop: Shop, *words: Any) -> Result:
    return CliRunner().invoke(command, [str(w) for w in words], env={"INSTAFLOW_TOKEN": shop.token})


FILE = """flow: faq
when: [{dm_keyword: {keyword: "price, cost"}}]
steps:
  a: {say: About prices}
"""


def test_files_against_the_accounts_active_flows(shop: Shop, address: str, tmp_path: Path) -> None:
    (tmp_path / "faq.yaml").write_text(FILE)
    shop.flow(hello(), active=True, name="Prices", triggers=[{"type": "dm_keyword", "keyword": "Price, cost"}])
    shop.flow(hello(), name="Draft", triggers=[{"type": "dm_keyword", "keyword": "price"}])
    done = called(shop, "overlaps", tmp_path, "--server", address, "--account", shop.account)
    assert done.exit_code == 1
    (line,) = done.output.splitlines()
    assert line.startswith("warning: “cost” starts 'prices' (dm_keyword), not 'faq' (dm_keyword), which wants it too")
    assert line.endswith("'faq' is never started by its words")
    (tmp_path / "prices.yaml").write_text("flow: prices\nsteps: {a: {say: Hi}}\n")
    assert called(shop, "overlaps", tmp_path, "--server", address, "--account", shop.account).exit_code == 0


def test_a_servers_run_is_recorded_and_replayed(shop: Shop, address: str, tmp_path: Path) -> None:

    flow = shop.flow(asking(), active=True, triggers=[{"type": "dm_keyword", "keyword": "mail"}])
    shop.hears("mail")
    shop.hears("berta@real.org")
    run = shop.get(f"/flows/{flow['flowId']}/runs").get_json()[0]["runId"]
    file, test = tmp_path / "mail.json", tmp_path / "mail.test.yaml"
    file.write_text(json.dumps(asking()))
    done = called(shop, "record", file, "--run", run, "--server", address, "-o", test)
    assert done.exit_code == 0, done.output
    assert "real.org" not in test.read_text() and called(shop, "test", test).exit_code == 0
    assert called(shop, "replay", file, "--run", run, "--server", address).exit_code == 0
    gone = called(shop, "replay", file, "--run", shop.account, "--server", address)
    assert gone.exit_code == 1 and "There is no such run" in gone.output


def test_a_server_that_is_not_there(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "faq.yaml").write_text(FILE)
    done = called(shop, "overlaps", tmp_path, "--server", "http://127.0.0.1:9", "--account", "x")
    assert done.exit_code == 1 and "cannot be reached" in done.output
    assert called(shop, "overlaps", tmp_path, "--account", "x").exit_code == 2
    odd = called(shop, "overlaps", tmp_path, "--server", "ftp://x", "--account", "x")
    assert odd.exit_code == 1 and "is no address" in odd.output


def test_a_tag_that_nobody_sets(shop: Shop) -> None:
    asks = hello()
    asks["nodes"][0]["connections"] = [{"targetNodeId": "c", "condition": None}]
    asks["nodes"].append(
        {
            "id": "c",
            "type": "condition",
            "connections": [{"targetNodeId": "b", "condition": {"type": "has_tag", "value": "vip"}}],
        }
    )

    asking_flow = shop.flow(asks)["flowId"]

    def codes() -> list[str]:
        return [d["code"] for d in shop.post("/compiler/check", {"flowId": asking_flow}).get_json()["diagnostics"]]

    assert "IF311" in codes()
    sets = hello()
    sets["nodes"][0]["connections"] = [{"targetNodeId": "t", "condition": None}]
    tag = {"id": "t", "type": "tag_contact", "tagName": "vip"}
    sets["nodes"].append({**tag, "connections": [{"targetNodeId": "b", "condition": None}]})
    flow = shop.flow(sets, active=True)
    assert "IF311" not in codes()
    shop.put(f"/flows/{flow['flowId']}", {"status": "inactive"})
    assert "IF311" in codes()
    contact = shop.contact()
    assert shop.post(f"/contacts/{contact['contactId']}/tags", {"tags": ["vip"]}).status_code in (200, 201)
    assert "IF311" not in codes()
