"""Random people: what they find is real, short, and can be played again as a test."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli.flow_fuzz import command
from core.testing.flowtest.files import files_of, run

EXAMPLES = Path(__file__).parents[2] / "flows_examples"
LATE = """
flow: late
when: [{dm_keyword: {keyword: hi}}]
settings: {expireSeconds: 604800}
steps:
  a:
    say: Hello?
    quick: [{text: "Yes", to: b}, {text: "No", to: a}]
    routes: [{timeout: 25h, to: b}]
    else: a
  b: {say: Late}
"""
STAYS = "flow: stays\nsteps:\n  a: {ask: Name?, type: text, into: n, next: b}\n  b: {say: 'Hi {{n}}'}\n"
STOPS = "flow: stops\nsteps:\n  a: {say: Hi, next: b}\n  b: {call: http.request, with: {url: 'https://a.example'}, routes: [{outcome: success, to: end}]}\n"


@pytest.mark.parametrize(
    ("flow", "said", "lines"),
    [(LATE, "outside the messaging window", 5), (STAYS, "rests for ever", 2), (STOPS, "IFR07", 5)],
)
def test_trouble_is_found_and_made_short(flow: str, said: str, lines: int, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(flow)
    done = CliRunner().invoke(command, [str(file), "--people", "200", "--save", str(tmp_path / "bad.test.yaml")])
    assert done.exit_code == 1 and said in done.output, done.output
    assert done.output.count("   | ") <= lines
    (report,) = run(files_of([tmp_path]))
    assert not report.problems, "what is written is a test file"


def test_nothing_is_found_in_a_flow_that_is_fine() -> None:
    done = CliRunner().invoke(command, [str(EXAMPLES / "requirements.json"), "--people", "150"])
    assert done.exit_code == 0 and "nothing went wrong" in done.output
