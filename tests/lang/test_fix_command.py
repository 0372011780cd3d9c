"""``instaflow flow check --fix``, and fixes and related places where programs read them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.cli.flow import command

FLOW = '# ours\nflow shop\n\nhello:   # greet\n  sya "Hi"\n    quick "More" -> mroe\n    else -> more\n\nmore:\n  say "Bye"\n'
MENDED = FLOW.replace("sya", "say").replace("-> mroe", "-> more")
YAML = "# ours\nflow: shop\nsteps:\n  hello: {say: Hi, next: bey}   # on\n  bye: {say: 'Bye', next: end}\n"
JSON = (
    '{ // ours\n"startNodeId": "a",\n"nodes": [{"id": "a", "type": "mesage", "content": {"text": "Hi"},\n'
    '  "connections": [{"targetNodeId": "bb", "condition": null}, {"targetNodeId": null, "condition": null}]}, /* b */\n'
    '  {"id": "bb", "type": "end"}]}\n'
)


def run(*args: Any) -> tuple[int, str]:
    done = CliRunner().invoke(command, ["check", *map(str, args)])
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_is_certain_is_mended_and_named() -> None:
    Path("shop.flow").write_text(FLOW)
    status, out = run("shop.flow")
    assert status == 1 and "= fix: write 'say'" in out and "1 can be mended by --fix" in out
    status, out = run("--fix", "shop.flow")
    assert Path("shop.flow").read_text() == MENDED and status == 0
    assert out.splitlines()[:2] == [
        "shop.flow:5:3: mended IF001: write 'say'",
        "shop.flow:6:21: mended IF102: write 'more'",
    ]
    again = run("--fix", "shop.flow")
    assert again[0] == 0 and "mended" not in again[1] and Path("shop.flow").read_text() == MENDED


def test_yaml_and_json_keep_their_comments() -> None:
    Path("a.yaml").write_text(YAML)
    Path("b.json").write_text(JSON)
    run("--fix", ".")
    assert Path("a.yaml").read_text() == YAML.replace("bey", "bye")
    gone = ', {"targetNodeId": null, "condition": null}'
    assert Path("b.json").read_text() == JSON.replace("mesage", "message").replace(gone, "")


def test_line_breaks_and_the_mark_at_the_beginning_stay() -> None:
    raw = b"\xef\xbb\xbf" + FLOW.replace("\n", "\r\n").encode()
    Path("shop.flow").write_bytes(raw)
    run("--fix", "shop.flow")
    assert Path("shop.flow").read_bytes() == b"\xef\xbb\xbf" + MENDED.replace("\n", "\r\n").encode()


def test_what_a_person_should_look_at_is_mended_only_when_asked_for() -> None:
    text = 'flow x\n\nhello:\n  say "Hi {{contact.firstName}}"\n'
    Path("x.flow").write_text(text)
    status, out = run("--fix", "x.flow")
    assert status == 0 and Path("x.flow").read_text() == text and "= possible fix: write {{contact.firstName" in out
    run("--fix", "--unsure", "x.flow")
    assert "{{contact.firstName|default('there')}}" in Path("x.flow").read_text()
    status, out = run("--unsure", "x.flow")
    assert status == 2 and "--unsure goes with --fix" in out


def test_files_that_cannot_be_read_are_left_alone() -> None:
    Path("x.flow").write_bytes(b"flow \xff\n")
    Path("old.flow").write_bytes(FLOW.replace("\n", "\r").encode())
    before = Path("old.flow").read_bytes()
    assert run("--fix", "x.flow", "old.flow")[0] == 1
    assert Path("x.flow").read_bytes() == b"flow \xff\n" and Path("old.flow").read_bytes() == before


def test_programs_read_fixes_and_related_places() -> None:
    Path("b.json").write_text(JSON)
    told = json.loads(run("--json", "b.json")[1])["diagnostics"]
    typed = next(d for d in told if d["code"] == "IF110")
    assert typed["fix"]["sure"] and typed["fix"]["title"] == "write 'message'"
    assert typed["fix"]["changes"] == [{"op": "replace", "path": "/nodes/0/type", "value": "message"}]
    assert typed["fix"]["edits"] == [
        {"span": {"line": 3, "column": 32, "endLine": 3, "endColumn": 38}, "text": "message"}
    ]
    Path("b.json").write_text(JSON.replace("mesage", "message"))
    twice = next(d for d in json.loads(run("--json", "b.json")[1])["diagnostics"] if d["code"] == "IF204")
    assert twice["related"][0]["message"] == "the first connection without a condition"
    assert twice["related"][0]["span"]["line"] == 4
    assert "= see line 4: the first connection without a condition" in run("b.json")[1]
    done = CliRunner().invoke(command, ["check", "--fix", "--json", "b.json"])
    given = json.loads(done.stdout)
    assert [(f["file"], f["code"]) for f in given["fixed"]] == [("b.json", "IF204")]
    assert "mended IF204" in done.stderr and "IF204" not in {d["code"] for d in given["diagnostics"]}


def test_sarif_has_fixes_related_places_and_the_way() -> None:
    Path("b.json").write_text(JSON.replace("mesage", "message"))
    (made,) = json.loads(run("--format", "sarif", "b.json")[1])["runs"]
    assert made["columnKind"] == "unicodeCodePoints"
    one = next(r for r in made["results"] if r["ruleId"] == "IF204")
    assert one["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 4
    (change,) = one["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "b.json" and change["replacements"][0]["insertedContent"] == {
        "text": ""
    }
    Path("c.yaml").write_text("flow: x\nsteps:\n  a: {tag: x, next: b}\n  b: {tag: y, next: a}\n")
    (made,) = json.loads(run("--format", "sarif", "c.yaml")[1])["runs"]
    loop = next(r for r in made["results"] if r["ruleId"] == "IF201")
    steps = loop["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [s["location"]["message"]["text"] for s in steps] == ["a", "b", "a"]
    assert [s["location"]["physicalLocation"]["region"]["startLine"] for s in steps] == [3, 4, 3]


@pytest.mark.parametrize(
    "name, text", [("x.json", '{"startNodeId": "a",\n "startNodeId": "b"}'), ("x.yaml", "flow: a\nflow: b\n")]
)
def test_a_key_written_twice_names_the_first(name: str, text: str) -> None:
    Path(name).write_text(text)
    (one,) = json.loads(run("--json", name)[1])["diagnostics"]
    assert one["span"]["line"] == 2 and one["related"][0]["span"]["line"] == 1
