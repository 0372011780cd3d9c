"""``instaflow flow texts``, and the folder ``locales`` beside a flow in the commands that read flows."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from core.cli.flow import command

FLOW = """
flow: shop
name: Shop
settings: {expireSeconds: 86400, language: en}
when: [{dm_keyword: {keyword: [hello]}}]
steps:
  hello:
    say: "Hello!\\nWhat would you like?"
    quick: [{text: Prices, to: end}, {text: "Yes: now", payload: "A:B", to: end}]
    else: end
"""


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(FLOW)
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "de.yaml").write_text(
        "shop:\n  hello.text: Hallo!\n  when.dm_keyword.HELLO: [hallo]\nother:\n  a.text: nichts\n"
    )
    return tmp_path / "shop.yaml"


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def test_a_file_for_translators(flow: Path) -> None:
    done = run("texts", str(flow), "--language", "de")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "shop:",
        '  when.dm_keyword.HELLO: ["hallo"]',
        '  hello.text: "Hallo!"',
        '  hello.button.PRICES: "Prices"  # not translated',
        '  "hello.button.A:B": "Yes: now"  # not translated',
    ]
    missing = run("texts", str(flow), "-l", "de", "--missing")
    assert [line.split(":")[0].strip(' "') for line in missing.output.splitlines()[1:]] == [
        *("hello.button.PRICES", "hello.button.A")
    ]


def test_what_it_prints_is_a_whole_translation(flow: Path) -> None:
    printed = run("texts", str(flow), "-l", "fr").output
    (flow.parent / "locales" / "fr.yaml").write_text(printed)
    checked = run("check", str(flow))
    assert "fr:" not in checked.output
    assert "de: 2 texts not translated: hello.button.PRICES, hello.button.A:B" in checked.output


def test_as_json_and_without_a_language(flow: Path) -> None:
    found: Any = json.loads(run("texts", str(flow), "--json", "-l", "de").output)
    assert found[1] == {"key": "hello.text", "text": "Hello!\nWhat would you like?", "translation": "Hallo!"}
    assert run("texts", str(flow)).output.splitlines()[2] == '  hello.text: "Hello!\\nWhat would you like?"'


def test_what_cannot_be_printed(flow: Path, tmp_path: Path) -> None:
    assert run("texts", str(flow), "--missing").exit_code == 2
    (tmp_path / "bad.yaml").write_text("flow: [")
    done = run("texts", str(tmp_path / "bad.yaml"))
    assert done.exit_code == 1 and "cannot be compiled" in done.output


def test_the_api_body_holds_the_translations(flow: Path) -> None:
    body = json.loads(run("json", str(flow)).output)
    assert body["flowDefinition"]["locales"] == {"de": {"hello.text": "Hallo!", "when.dm_keyword.HELLO": ["hallo"]}}
    assert body["triggers"] == [{"type": "dm_keyword", "keyword": "hello, hallo"}]


def test_a_locale_file_that_is_broken_is_said_and_a_missing_folder_is_nothing(flow: Path, tmp_path: Path) -> None:
    (flow.parent / "locales" / "es.yaml").write_bytes(b"\xff\x00")
    done = run("check", str(flow))
    assert done.exit_code == 1 and "the translations into es: the text is not UTF-8" in done.output
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "shop.yaml").write_text(FLOW)
    assert run("check", str(alone / "shop.yaml")).exit_code == 0


def test_flow_tests_play_in_the_languages_beside_the_flow(flow: Path) -> None:
    (flow.parent / "shop.test.yaml").write_text(
        "file: shop.yaml\ncontact: {language: de}\ntests:\n  - name: German\n    steps: [{expect: {say: Hallo!}}]\n"
    )
    assert run("test", str(flow.parent)).exit_code == 0
