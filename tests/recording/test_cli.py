"""Recording, replaying and comparing on the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.recording.test_tests import ORDER, SHOP, TALK, real, shop


def instaflow(*words: str | Path, said: str = "", cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core.cli", "flow", *map(str, words)]
    root = str(Path(__file__).parents[2])
    environment = {"PYTHONPATH": root, "PATH": "", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, input=said, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(SHOP)
    (tmp_path / "new.yaml").write_text(SHOP.replace("We have written to", "We wrote to"))
    for name, events in (("order", ORDER), ("talk", TALK)):
        (tmp_path / f"{name}.run.json").write_text(json.dumps(real(shop(), *events).as_json()))
    return tmp_path


def test_a_conversation_in_the_terminal_becomes_a_test(folder: Path) -> None:
    done = instaflow("record", "shop.yaml", "-o", "t/shop.test.yaml", said="1\nana@mail.org\n:quit\n", cwd=folder)
    assert done.returncode == 2 or "No such file" in done.stderr, "the folder is not made"
    done = instaflow("record", "shop.yaml", "-o", "shop.test.yaml", said="1\nme@real.org\n:quit\n", cwd=folder)
    assert done.returncode == 0 and "written: shop.test.yaml" in done.stdout, done.stderr
    assert "real.org" not in (folder / "shop.test.yaml").read_text()
    played = instaflow("test", "shop.test.yaml", cwd=folder)
    assert played.returncode == 0 and "all passed" in played.stdout


def test_a_servers_run_becomes_a_test(folder: Path) -> None:
    done = instaflow("record", "shop.yaml", "--run", "order.run.json", "-o", "o.test.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert instaflow("test", ".", cwd=folder).returncode == 0
    piped = instaflow("record", "shop.yaml", "--run", "-", said=(folder / "talk.run.json").read_text(), cwd=folder)
    assert piped.stdout.startswith("file: shop.yaml\n") and "Konrad" not in piped.stdout


def test_replaying_says_where_versions_part(folder: Path) -> None:
    same = instaflow("replay", "shop.yaml", "--run", "order.run.json", cwd=folder)
    assert same.returncode == 0 and "The call ended: success." in same.stdout
    other = instaflow("replay", "new.yaml", "--run", "order.run.json", "--beside", "shop.yaml", cwd=folder)
    assert other.returncode == 1 and "+ Sends “We wrote to konrad@adler.org.”" in other.stdout
    told = instaflow("replay", "new.yaml", "--run", "order.run.json", "--json", cwd=folder)
    assert json.loads(told.stdout)["leftAt"] is None


def test_a_diff_against_conversations(folder: Path) -> None:
    instaflow("record", "shop.yaml", "--run", "order.run.json", "-o", "o.test.yaml", cwd=folder)
    done = instaflow("diff", "shop.yaml", "new.yaml", "-c", ".", "--exit-code", cwd=folder)
    assert done.returncode == 1
    assert "2 of 3 recorded conversations differ, first: o.test.yaml: a recorded conversation" in done.stdout
    told = json.loads(instaflow("diff", "shop.yaml", "new.yaml", "-c", "talk.run.json", "--json", cwd=folder).stdout)
    assert told["conversations"] == {"lookedAt": 1, "differ": 0, "first": None}


def test_mistakes_are_sentences(folder: Path) -> None:
    for words, said in (
        (("record", "shop.yaml", "--run", "nothing.json"), "there is no file nothing.json"),
        (("record", "shop.yaml", "--run", "shop.yaml"), "shop.yaml is not JSON"),
        (("replay", "shop.yaml", "--run", "x", "--server", "http://127.0.0.1:9"), "set INSTAFLOW_TOKEN"),
    ):
        done = instaflow(*words, cwd=folder)
        assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
