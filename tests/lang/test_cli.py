"""``instaflow flow``: the shapes that programs read, the text that people read, the exit status."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.cli.flow import command
from core.lang.printing import normal

PRINTED = Path(__file__).parents[1] / "cases" / "lang" / "requirements.jsonc"
GOOD = Path(__file__).parents[2] / "flows_examples" / "welcome.yaml"


def run(*args: Any) -> tuple[int, str]:
    done = CliRunner().invoke(command, [str(a) for a in args])
    return done.exit_code, done.output


def test_check_json() -> None:
    status, out = run("check", "--json", PRINTED)
    given = json.loads(out)
    assert status == 1 and set(given) == {"diagnostics"}
    first = given["diagnostics"][0]
    assert set(first) == {"code", "severity", "message", "node", "span", "hint", "fix"}
    assert set(first["span"]) == {"line", "column", "endLine", "endColumn"}
    assert [d["code"] for d in given["diagnostics"] if d["severity"] == "error"] == ["IF102", "IF102"]


def test_compile_json() -> None:
    status, out = run("compile", "--json", GOOD)
    given = json.loads(out)
    assert status == 0 and set(given) == {"diagnostics", "hash", "program"}
    assert given["hash"].startswith("ir1:") and given["program"]["entry"] == "hello"


def test_compile_what_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(b"\xff\x00")
    status, out = run("compile", "--json", file)
    given = json.loads(out)
    assert status == 1 and given["hash"] is given["program"] is None
    assert given["diagnostics"][0]["code"] == "IF001"


def test_check_tells_people() -> None:
    status, out = run("check", GOOD, PRINTED)
    assert status == 1
    assert "welcome.yaml: fine" in out
    assert "error IF102 [node_6]" in out and "^^^^^^^^" in out and "= hint:" in out
    assert "requirements.jsonc: 2 errors" in out
    status, out = run("compile", GOOD)
    assert status == 0 and "ir1:" in out


@pytest.mark.parametrize("args", [("check", "nothing.json"), ("compile", "/"), ("check",)])
def test_wrong_usage_is_one_sentence(args: tuple[str, ...]) -> None:
    status, out = run(*args)
    assert status in (1, 2) and "Traceback" not in out and out.strip()


def test_json_is_what_the_api_takes() -> None:
    status, out = run("json", GOOD)
    given = json.loads(out)
    assert status == 0 and list(given) == ["name", "slug", "description", "flowDefinition", "triggers"]
    assert given["triggers"] == [{"type": "welcome_message"}]
    assert given["flowDefinition"]["startNodeId"] == "hello"


def test_json_of_a_bare_definition_and_of_what_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "hello.json"
    file.write_text('{"startNodeId": "a", "nodes": [], /* note */}')
    status, out = run("json", file)
    assert (status, json.loads(out)) == (0, {"name": "hello", "flowDefinition": {"startNodeId": "a", "nodes": []}})
    for text in ("{", "[]", "- a: ["):
        file.write_text(text)
        status, out = run("json", file)
        assert status == 1 and out.startswith(f"Error: {file}: ")
    assert run("json", tmp_path / "none.yaml")[0] == 1


def test_convert(tmp_path: Path) -> None:
    flow = GOOD.with_name("requirements.json")
    target, back = tmp_path / "a.yaml", tmp_path / "b.json"
    assert CliRunner().invoke(command, ["convert", str(flow), str(target)]).exit_code == 0
    assert CliRunner().invoke(command, ["convert", str(target), str(back)]).exit_code == 0
    assert normal(json.loads(back.read_text())) == normal(json.loads(flow.read_text()))
    said, yaml = tmp_path / "requirements.flow", tmp_path / "c.yaml"
    assert CliRunner().invoke(command, ["convert", str(flow), str(said)]).exit_code == 0
    assert said.read_text().startswith('flow requirements "Welcome, shop or support"\n')
    assert run("check", said)[1].endswith(f"{said}: fine\n")
    assert CliRunner().invoke(command, ["convert", str(said), str(yaml)]).exit_code == 0
    assert "ask: Can I get your email" in yaml.read_text()
    none = tmp_path / "none.json"
    none.write_text('{"startNodeId": "a", "nodes": []}')
    refused = CliRunner().invoke(command, ["convert", str(none), str(tmp_path / "none.flow")])
    assert (refused.exit_code, refused.output) == (
        1,
        f"Error: {none}: a flow without steps cannot be written as text\n",
    )
    again = CliRunner().invoke(command, ["convert", str(flow), str(target)])
    assert again.exit_code == 1 and "--force writes over it" in again.output
    odd = CliRunner().invoke(command, ["convert", str(flow), str(tmp_path / "a.txt")])
    assert odd.exit_code == 1 and "the ending must be one of" in odd.output


def test_findings_for_machines(tmp_path: Path) -> None:
    status, out = run("check", "--format", "sarif", PRINTED)
    told = json.loads(out)
    assert status == 1 and told["version"] == "2.1.0"
    (made,) = told["runs"]
    errors = [r for r in made["results"] if r["level"] == "error"]
    assert [r["ruleId"] for r in errors] == ["IF102", "IF102"]
    place = errors[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("requirements.jsonc") and place["region"]["startLine"] > 50
    assert made["tool"]["driver"]["rules"][errors[0]["ruleIndex"]]["id"] == "IF102"
    status, out = run("check", "--format", "github", PRINTED)
    assert status == 1 and out.splitlines()[0].startswith("::error file=") and ",title=IF102::" in out


def test_a_folder_is_checked_without_its_tests() -> None:
    status, out = run("check", GOOD.parent)
    assert status == 0 and "welcome.yaml: fine" in out and ".test.yaml" not in out and "locales" not in out


def test_the_flows_beside_a_file_are_known(tmp_path: Path) -> None:
    """A flow that runs another one is looked at with it; the way that shows a finding is told."""
    file = tmp_path / "order.yaml"
    file.write_text(
        "flow: order\nwhen: [{dm_keyword: {keyword: hi}}]\nsteps:\n  s: {run: pause, next: a}\n  a: {say: Hi}\n"
    )
    status, out = run("check", file)
    assert status == 0 and "info IF410 [a]" in out
    (tmp_path / "pause.yaml").write_text("flow: pause\nsteps:\n  w: {wait: 2d, next: end}\n")
    status, out = run("check", file)
    assert status == 1 and "error IF401 [a]" in out and "= shown by: started by dm_keyword; 2d pass" in out
    status, out = run("check", "--json", file)
    (late,) = [d for d in json.loads(out)["diagnostics"] if d["code"] == "IF401"]
    assert late["path"] == ["s", "a"] and late["witness"]["events"][1] == {"type": "advance", "seconds": 172800}


def test_a_code_is_explained() -> None:
    status, out = run("explain", "if402")
    assert status == 0 and out.startswith("# IF402") and "## How to fix it" in out
    status, out = run("explain", "IF9999")
    assert status == 1 and "there is no code" in out


def test_overlaps_and_tags_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "flow: a\nwhen: [{dm_keyword: {keyword: [hi, price list]}}]\nsteps:\n"
        "  w: {branch: [{tagged: vpi, to: x}], else: x}\n  x: {say: A}\n"
    )
    (tmp_path / "b.flow").write_text('flow b\n  when dm "price"\n\nhello:\n  tag vip\n  say "B"\n')
    status, out = run("overlaps", tmp_path)
    assert (status, out) == (
        0,
        "info: “price list” starts 'a' (dm_keyword), not 'b' (dm_keyword), which wants it too\n",
    )
    _, out = run("check", tmp_path)
    assert "“price list” starts 'a'" in out and "info IF311 [w]" in out and "no flow here sets it" in out
    (tmp_path / "instaflow.yaml").write_text("tags: [blocked]\n")
    _, out = run("check", tmp_path)
    assert "warning IF311 [w]: a condition asks for the tag 'vpi', but no flow, import or agent sets it" in out
    (tmp_path / "instaflow.yaml").write_text("tags: [vpi]\n")
    assert "IF311" not in run("check", tmp_path)[1]
    given = json.loads(run("check", "--json", tmp_path)[1])
    assert [o["example"] for o in given["overlaps"]] == ["price list"]
    (tmp_path / "instaflow.yaml").write_text("tags: vip\n")
    status, out = run("check", tmp_path)
    assert status == 1 and "'tags' is a list of names" in out
