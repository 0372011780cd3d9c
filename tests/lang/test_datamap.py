"""Where what people tell goes."""

from pathlib import Path
from typing import Any

from click.testing import CliRunner

from core.cli.flow_data import command
from core.host.registry import Registry
from core.lang import compile_text
from core.lang.datamap import data_map

FLOW = """
flow: demo
steps:
  mail: {ask: Your e-mail?, type: email, into: contact.email, next: size}
  size: {ask: Which size?, type: text, into: size, next: join}
  join:
    call: http.request
    with: {url: "https://api.example/join?x=1", json: {mail: "{{contact.email}}", size: "{{size}}"}}
    into: answer
    next: note
  note: {handover: "{{contact.firstName|default('Somebody')}} wants {{size}}: {{answer.body.id}}"}
"""


def told(text: str, box: Registry) -> dict[str, tuple[list[str], bool, list[tuple[str, str]]]]:
    program = compile_text(text, box, "yaml").program
    assert program is not None
    return {d.name: (d.asked, d.profile, d.goes) for d in data_map(program)}


def test_answers_and_whom_they_are_given(box: Registry) -> None:
    api: Any = ("http.request (api.example)", "join")
    assert told(FLOW, box) == {
        "answer": ([], False, [("people", "note")]),
        "contact.email": (["mail"], False, [api]),
        "contact.firstName": ([], True, [("people", "note")]),
        "size": (["size"], False, [api, ("people", "note")]),
    }


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(FLOW)
    said = CliRunner().invoke(command, [str(file)]).output
    assert "contact.email  asked in mail" in said and "to http.request (api.example)  (step join)" in said
    assert "contact.firstName  from Instagram" in said and "answer  worked out by the flow" in said
