"""`instaflow plan`, `apply` and `pull` against a real server, on both stores."""

import json
from pathlib import Path
from typing import Any

from tests.workspaces.conftest import PASSWORD, Folder

WELCOME = """\
flow: welcome
status: active
when: [{dm_keyword: {keyword: [hi, hello]}}]
steps:
  greet: {say: "Hello!", next: ask}
  ask:
    say: Would you like our offers?
    quick: [{text: "Yes", to: thanks}, {text: "No", to: end}]
  thanks: {say: Thank you!}
"""
TEST = """\
file: welcome.yaml
tests:
  - name: it says thanks
    steps:
      - expect: [{say: "Hello!"}, {say: "Would*"}]
      - tap: "Yes"
      - expect: [{say: Thank you!}, end]
"""
TEXT = 'flow hours "Opening hours"\n  when dm "hours"\n\n# When we are there.\nanswer:\n  say "From 9 to 18."\n'


def filled(folder: Folder) -> Folder:
    folder.write("flows/welcome.yaml", WELCOME)
    folder.write("flows/welcome.test.yaml", TEST)
    folder.write("flows/hours.flow", TEXT)
    return folder


def said(text: str) -> Any:
    def change(definition: dict[str, Any]) -> None:
        message = next(n for n in definition["nodes"] if n["type"] == "message")
        message["content"]["text"] = text

    return change


def test_plan_apply_and_nothing_is_left_to_do(folder: Folder) -> None:
    filled(folder)
    plan = folder.run("plan")
    assert plan.exit_code == 2, plan.output
    assert "+ hours  new" in plan.output and "+ welcome  new" in plan.output
    assert "Plan: 2 new; 1 test, 0 failed" in plan.output
    done = folder.run("apply", "--yes")
    assert (done.exit_code, "Applied: 2 flows changed" in done.output) == (0, True), done.output
    again = folder.run("plan")
    assert (again.exit_code, "Plan: 2 unchanged" in again.output) == (0, True), again.output
    assert (folder.flow("welcome")["status"], folder.flow("hours")["status"]) == ("active", "draft")
    assert folder.run("apply", "--yes").output.endswith("Nothing to do\n")


def test_a_change_is_shown_as_a_conversation(folder: Folder) -> None:
    filled(folder).run("apply", "--yes")
    folder.write("flows/welcome.yaml", WELCOME.replace("Thank you!", "Thanks a lot!"))
    plan = folder.run("plan")
    assert plan.exit_code == 1
    lines = [line.strip() for line in plan.output.splitlines()]
    assert "~ welcome  changed: document" in lines
    assert "after: the start -> tap YES" in lines
    assert '- say "Thank you!"' in lines and '+ say "Thanks a lot!"' in lines
    assert "a conversation that shows it:" in lines
    assert any(line.endswith("contact  Yes (taps)") for line in lines)
    assert any(x.startswith("✗ flows/welcome.test.yaml:7:") and x.endswith(": it says thanks") for x in lines)
    assert "error: flows/welcome.test.yaml: it says thanks" in lines
    refused = folder.run("apply", "--yes")
    assert (refused.exit_code, "--despite-failed-tests" in refused.output) == (1, True)
    assert folder.run("apply", "--yes", "--despite-failed-tests").exit_code == 0
    assert folder.flow("welcome")["publishedVersion"] == 2


def test_without_a_yes_it_asks(folder: Folder) -> None:
    filled(folder)
    asked = folder.run("apply")
    assert (asked.exit_code, f"Apply this to @{folder.username}" in asked.output) == (1, True)
    assert set(folder.kinds().values()) == {"new"}


def test_errors_are_shown_with_their_lines(folder: Folder) -> None:
    folder.write("flows/welcome.yaml", WELCOME.replace("next: ask}", "next: asks}"))
    plan = folder.run("plan")
    assert (plan.exit_code, "flows/welcome.yaml:5:" in plan.output, "IF102" in plan.output) == (1, True, True), (
        plan.output
    )
    folder.write("flows/welcome.yaml", WELCOME.replace("steps:", "steps"))
    folder.write("flows/hours.flow", "flow hours\n\na:\n  sya 'x'\n")
    plan = folder.run("plan")
    assert plan.exit_code == 1
    assert "flows/welcome.yaml:5:" in plan.output and "flows/hours.flow:4:3: unexpected 'sya'" in plan.output


def test_pull_writes_each_file_in_its_own_notation(folder: Folder) -> None:
    filled(folder)
    folder.write(
        "flows/json/faq.json",
        json.dumps({"startNodeId": "a", "nodes": [{"id": "a", "type": "message", "content": {"text": "FAQ"}}]}),
    )
    folder.run("apply", "--yes")
    for slug in ("welcome", "hours", "faq"):
        folder.draw(slug, said(f"Drawn for {slug}"))
    plan = folder.run("plan")
    assert plan.exit_code == 0
    assert "< hours  changed on the server, left as it is there: document" in plan.output
    assert "on the server, after: the start" in plan.output
    assert folder.run("apply", "--yes").exit_code == 0
    assert folder.flow("welcome")["flowDefinition"]["nodes"][0]["content"]["text"] == "Drawn for welcome"
    pulled = folder.run("pull")
    assert (pulled.exit_code, len(pulled.output.splitlines())) == (0, 3), pulled.output
    assert "Drawn for welcome" in folder.read("flows/welcome.yaml") and "dm_keyword" in folder.read(
        "flows/welcome.yaml"
    )
    text = folder.read("flows/hours.flow")
    assert 'say "Drawn for hours"' in text and "# When we are there." in text and 'when dm "hours"' in text
    assert (
        json.loads(folder.read("flows/json/faq.json"))["flowDefinition"]["nodes"][0]["content"]["text"]
        == "Drawn for faq"
    )
    assert folder.kinds() == {"welcome": "changed", "hours": "same", "faq": "same"}
    assert "~ welcome  changed: not yet live" in folder.run("plan").output
    assert "the files have everything" in folder.run("pull").output


def test_both_sides_changed_is_for_a_person_to_decide(folder: Folder) -> None:
    filled(folder).run("apply", "--yes")
    folder.draw("hours", said("Drawn"))
    folder.write("flows/hours.flow", TEXT.replace("From 9", "From 10"))
    plan = folder.run("plan")
    assert plan.exit_code == 1
    assert "! hours  conflict: document" in plan.output and "instaflow pull" in plan.output
    refused = folder.run("pull")
    assert (refused.exit_code, "--force" in refused.output) == (1, True)
    assert "From 10" in folder.read("flows/hours.flow")
    assert folder.run("plan", "--overwrite", "hours").exit_code == 2
    assert folder.run("pull", "--force", "hours").exit_code == 0
    assert 'say "Drawn"' in folder.read("flows/hours.flow") and folder.kinds()["hours"] == "same"


def test_pull_of_flows_that_are_on_the_server_only(folder: Folder) -> None:
    body = {
        "name": "By hand",
        "flowDefinition": {"startNodeId": "a", "nodes": [{"id": "a", "type": "message", "content": {"text": "Hi"}}]},
    }
    made = folder.call("POST", f"/instagram-accounts/{folder.account}/flows", body)
    folder.call("PUT", f"/flows/{made['flowId']}", {"status": "active"})
    assert folder.kinds() == {"by-hand": "unmanaged"}
    assert "the files have everything" in folder.run("pull").output
    assert "flows/by-hand.yaml: new" in folder.run("pull", "--all").output
    assert "status: active" in folder.read("flows/by-hand.yaml")
    assert folder.kinds() == {"by-hand": "same"}
    assert folder.run("pull", "nobody").exit_code == 1


def test_translations_stay_in_their_files(folder: Folder) -> None:
    filled(folder)
    folder.write("flows/locales/de.yaml", "welcome:\n  greet.text: Hallo!\n  when.dm_keyword.HI: servus\n")
    folder.write("texts/fr.yaml", "hours:\n  answer.text: De 9 à 18 h.\n")
    folder.write("instaflow.yaml", folder.read("instaflow.yaml") + "locales: texts\n")
    folder.run("apply", "--yes")
    stored = folder.flow("welcome")
    assert stored["flowDefinition"]["locales"]["de"]["greet.text"] == "Hallo!"
    assert folder.flow("hours")["flowDefinition"]["locales"] == {"fr": {"answer.text": "De 9 à 18 h."}}
    folder.draw("welcome", said("Drawn"))
    assert folder.run("pull").exit_code == 0
    text = folder.read("flows/welcome.yaml")
    assert "Drawn" in text and "Hallo" not in text and "servus" not in text
    assert [f["changes"] for f in folder.plan()["flows"]] == [[], ["published"]]
    assert folder.run("apply", "--yes", "--despite-failed-tests").exit_code == 0
    assert folder.plan()["changes"] == 0


def test_a_kept_plan_is_carried_out_as_it_was_and_not_when_it_is_stale(folder: Folder, tmp_path: Path) -> None:
    filled(folder)
    kept = str(tmp_path / "flows.plan")
    assert folder.run("plan", "--out", kept).exit_code == 2
    assert folder.token not in Path(kept).read_text("utf-8")
    folder.write("flows/welcome.yaml", WELCOME.replace("Hello!", "Not planned"))
    done = folder.kept(kept)
    assert done.exit_code == 0, done.output
    assert folder.flow("welcome")["flowDefinition"]["nodes"][0]["content"]["text"] == "Hello!"
    late = folder.kept(kept)
    assert (late.exit_code, "another apply wrote it" in late.output) == (1, True), late.output
    assert "is no plan" in folder.kept(str(folder.write("x.plan", "{}"))).output


def test_two_applies_at_once_one_wins_and_the_other_is_told_why(folder: Folder, tmp_path: Path) -> None:
    filled(folder).run("apply", "--yes")
    kept = []
    for n in range(3):
        folder.write("flows/hours.flow", TEXT.replace("From 9", f"From {n}"))
        kept.append(str(tmp_path / f"{n}.plan"))
        folder.run("plan", "--out", kept[-1])
    started = [folder.start("apply", k, "--yes") for k in kept]
    told = [p.communicate(timeout=120)[0] for p in started]
    codes = [p.returncode for p in started]
    assert sorted(codes) == [0, 1, 1], told
    assert all("hours: another apply wrote it" in t for t, c in zip(told, codes, strict=True) if c)
    won = codes.index(0)
    nodes = folder.flow("hours")["flowDefinition"]["nodes"]
    assert [n["content"]["text"] for n in nodes if n["type"] == "message"] == [f"From {won} to 18."]


def test_an_empty_folder_does_not_remove_everything_by_accident(folder: Folder) -> None:
    filled(folder).run("apply", "--yes")
    for name in ("welcome.yaml", "welcome.test.yaml", "hours.flow"):
        (folder.root / "flows" / name).unlink()
    plan = folder.run("plan")
    assert (plan.exit_code, "- welcome  removed" in plan.output) == (2, True)
    refused = folder.run("apply", "--yes")
    assert (refused.exit_code, "2 flows would be removed" in refused.output) == (1, True)
    assert folder.run("apply", "--yes", "--allow-empty").exit_code == 0
    assert folder.kinds() == {}


def test_signing_in_by_password_and_by_key_file(folder: Folder) -> None:
    filled(folder)
    env = {"INSTAFLOW_EMAIL": folder.email, "INSTAFLOW_PASSWORD": PASSWORD}
    assert folder.run("plan", env=env).exit_code == 2
    wrong = folder.run("plan", env={**env, "INSTAFLOW_PASSWORD": "wrong-one"})
    assert (wrong.exit_code, "wrong-one" in wrong.output) == (1, False)
    nobody = folder.run("plan", env={})
    assert (nobody.exit_code, "INSTAFLOW_TOKEN" in nobody.output) == (1, True)
    key = folder.write("key", folder.token + "\n")
    key.chmod(0o644)
    open_ = folder.run("plan", "--key-file", str(key), env={})
    assert (open_.exit_code, "chmod 600" in open_.output, folder.token in open_.output) == (1, True, False)
    key.chmod(0o600)
    assert folder.run("plan", "--key-file", str(key), env={}).exit_code == 2
    key.write_text(f"INSTAFLOW_EMAIL={folder.email}\nINSTAFLOW_PASSWORD='{PASSWORD}'\n")
    assert folder.run("plan", env={"INSTAFLOW_KEY_FILE": str(key)}).exit_code == 2
    stale = folder.run("plan", env={"INSTAFLOW_TOKEN": "xyz-secret"})
    assert (stale.exit_code, "xyz-secret" in stale.output) == (1, False)


def test_other_servers_and_accounts(folder: Folder) -> None:
    filled(folder)
    other = folder.run("plan", "--account", "nobody.here")
    assert (other.exit_code, "no account 'nobody.here'" in other.output) == (1, True)
    assert folder.run("plan", "--account", f"@{folder.username}").exit_code == 2
    assert folder.run("plan", "--account", folder.account).exit_code == 2
    gone = folder.run("plan", "--server", "http://127.0.0.1:9")
    assert (gone.exit_code, "cannot be reached" in gone.output) == (1, True)
    unsafe = folder.run("plan", "--server", "http://flows.example.org")
    assert (unsafe.exit_code, "write https://flows.example.org" in unsafe.output) == (1, True)
    assert folder.run("plan", "--nonsense").exit_code == 1
