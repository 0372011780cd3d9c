"""`examples/flows-in-git`: the page shows the files themselves, their commands exist, the flows pass their tests."""

import re
from pathlib import Path

import pytest
import yaml

from core.cli.workspace import read
from core.cli.workspace_files import body_of, flows_of
from core.testing.flowtest.files import files_of, run
from tests.docs.pages import ROOT
from tests.docs.test_words import command_of

HERE = ROOT / "examples" / "flows-in-git"
WORKFLOW = HERE / ".github" / "workflows" / "flows.yaml"
PAGE = (ROOT / "docs" / "how-to" / "flows-in-git.md").read_text()
RUNS = re.findall(
    r"instaflow ((?:flow )?[a-z]+(?: [^\n|>]*)?)", WORKFLOW.read_text().replace("pip install instaflow", "")
)


@pytest.mark.parametrize(
    "file", [WORKFLOW, HERE / ".pre-commit-config.yaml", HERE / "instaflow.yaml"], ids=lambda p: p.name
)
def test_the_page_shows_the_file(file: Path) -> None:
    assert f"```text\n{file.read_text()}```" in PAGE


@pytest.mark.parametrize("run_", RUNS)
def test_commands_of_the_workflow_exist(run_: str) -> None:
    command, rest = command_of(run_.split())
    known = {o for p in command.params for o in p.opts}
    assert command.name in ("check", "test", "plan", "apply") and {w for w in rest if w.startswith("--")} <= known


def test_the_workflow_plans_pull_requests_and_applies_what_is_merged() -> None:
    jobs = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    assert set(jobs) == {"check", "plan", "apply"} and jobs["plan"]["needs"] == jobs["apply"]["needs"] == "check"
    assert len(RUNS) == 4


def test_hooks_of_the_example_are_offered() -> None:
    offered = {h["id"] for h in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    wanted = yaml.safe_load((HERE / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert {h["id"] for h in wanted} <= offered


def test_the_workspace_can_be_read_and_its_tests_pass() -> None:
    workspace = read(HERE / "instaflow.yaml")
    body = body_of(workspace, flows_of(workspace))
    assert (body["workspace"], [f["slug"] for f in body["flows"]]) == ("shop", ["welcome"])
    assert [t["flows"] for t in body["tests"]] == [{"welcome.yaml": "welcome"}]
    reports = run(files_of([HERE]))
    assert [r.failed for r in reports] == [0] and reports[0].coverage is not None and reports[0].coverage.share == 1
