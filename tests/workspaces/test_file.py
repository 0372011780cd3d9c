"""`instaflow.yaml`: every mistake is told with its line."""

import re
from pathlib import Path

import pytest

from core.cli.workspace import Workspace, Wrong, found, read
from core.cli.workspace_files import flows_of

MISTAKES = {
    "server: [": ":1:",
    "- a": ":1:1: a workspace has keys",
    "sever: https://x.example": ":1:8: 'sever' is not known here; did you mean 'server'?",
    "nothing: 1": ":1:10: 'nothing' is not known here; known: server",
    "server: ftp://x.example": ":1:9: 'ftp://x.example' is no address",
    "server: https://": "is no address",
    "server: https://x.example:port": "is no address",
    "server: http://x.example": ":1:9: http sends your token in the open; write https://x.example",
    "server: https://ana:pw@x.example": "belong into the environment",
    "account: 17841400000000000": ":1:10: 'account' must be a text; write it in quotes",
    "account:": "'account' must be a text",
    "workspace: a b": ":1:12: 'workspace' is a word",
    "flows: nowhere": ":1:8: there is no 'nowhere' in",
    "flows: []": ":1:8: 'flows' is a folder, or a list",
    "flows: [flows, 7]": ":1:16: 'flows' is a list of folders",
    "flows: [../flows]": ":1:9: '../flows' leaves the folder",
    "tests: {a: b}": ":1:8: 'tests' is a folder",
    "server: https://a.example\nserver: https://b.example": ":2:1:",
    "tags: [1]": ":1:7: 'tags' is a list of names",
    "a: &x 1\nb: *x": ":1:",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_has_its_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "flows").mkdir()
    file = tmp_path / "instaflow.yaml"
    file.write_text(text)
    with pytest.raises(Wrong) as told:
        read(file)
    assert MISTAKES[text] in told.value.message
    assert re.match(re.escape(str(file)) + r":\d+:\d+: ", told.value.message)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "instaflow.yaml"
    file.write_text("server: x\naccont: shop\ntests: nowhere\n")
    with pytest.raises(Wrong) as told:
        read(file)
    lines = [line.rpartition("instaflow.yaml")[2].split(":")[1] for line in told.value.message.splitlines()]
    assert sorted(lines) == ["1", "2", "3"]


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "instaflow.yaml").write_text("server: https://flows.example.org/\naccount: '@my.shop'\n")
    told = read(tmp_path / "instaflow.yaml")
    assert told == Workspace(
        tmp_path, "https://flows.example.org", "my.shop", "default", (Path("flows"),), (Path("flows"),)
    )


def test_it_is_found_from_a_folder_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "flows" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    with pytest.raises(Wrong, match=r"there is no instaflow\.yaml here"):
        found(None)
    (tmp_path / "instaflow.yaml").write_text("{}")
    assert found(None).resolve() == (tmp_path / "instaflow.yaml").resolve()


def test_short_names_are_checked_and_may_not_be_the_same(tmp_path: Path) -> None:
    from click import ClickException

    steps = "steps:\n  a: {say: Hi}\n"
    (tmp_path / "flows" / "more").mkdir(parents=True)
    (tmp_path / "flows" / "My Flow.yaml").write_text(steps)
    (tmp_path / "flows" / "one.yaml").write_text(steps)
    (tmp_path / "flows" / "more" / "two.yaml").write_text("flow: one\n" + steps)
    (tmp_path / "instaflow.yaml").write_text("{}")
    with pytest.raises(ClickException) as told:
        flows_of(read(tmp_path / "instaflow.yaml"))
    first, second = told.value.message.splitlines()
    assert "the short name 'My Flow' must be of lower-case letters" in first
    assert second == "flows/one.yaml: it is the flow 'one', as flows/more/two.yaml is; give it a short name of its own"
