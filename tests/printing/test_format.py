"""The formatter: one spelling, nothing lost, nothing said otherwise."""

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cli.flow import command
from core.lang.printing import WouldLose, formatted, to_json, to_text, to_yaml
from core.lang.reading import read
from core.lang.reading.unreadable import Unreadable
from tests.printing.graphs import documents, graphs
from tests.printing.test_round_trips import EXAMPLES, MANY

MESSY = """
# above
#close
flow   shop   'Shop'   # behind
    when dm 'a','b'  match = "word"
    prop  x={a:[1,2h],  'b c':"d"}


    status draft
    never say "*x*"
# of the section
hello :

  # first
  ##The name
  say 'Hi "you"'  # greets
   # odd margin
  ask email \"\"\"
 Your
   mail?
 \"\"\" into contact.email @mail
      quick  'A'  as  A->end
      # was here: quick "B"
  if contact.plan is 'pro' :
      tag   a ,b
  elif  raw {type:"x"}  -> hello
  else:
      call http.request url="https://shop.example/a/rather/long/address/of/an/order" body={a: "and a long text too, so that",
          # inside
          c: 1}
      # last of its block
layout
  hello 1 2 {a:1}
# very last


"""
TIDY = """# above
# close
flow shop "Shop"  # behind
  when dm "a", "b" match="word"
  prop x = {a: [1, 2h], "b c": "d"}

  status draft
  never say "*x*"

# of the section
hello:
  # first
  ## The name
  say "Hi \\"you\\""  # greets
  # odd margin
  ask email \"\"\"
    Your
      mail?
    \"\"\" into contact.email @mail
    quick "A" as A -> end
    # was here: quick "B"
  if contact.plan is "pro":
    tag a, b
  elif raw {type: "x"} -> hello
  else:
    # inside
    call http.request url="https://shop.example/a/rather/long/address/of/an/order" body={
      a: "and a long text too, so that",
      c: 1
    }
    # last of its block

layout
  hello 1 2 {a: 1}
# very last
"""


def test_a_text_in_its_one_spelling() -> None:
    assert formatted(MESSY, "flow") == TIDY
    assert formatted(TIDY, "flow") == TIDY
    assert formatted(MESSY.replace("\n", "\r\n"), "flow") == TIDY


@settings(MANY, max_examples=MANY.max_examples // 2)
@given(st.one_of(documents(), graphs()))
def test_what_is_printed_is_formatted(document: dict[str, Any]) -> None:
    for notation, text in (("flow", to_text(document)), ("json", to_json(document)), ("yaml", to_yaml(document))):
        assert formatted(text, notation) == text


COMMENTS = ("# a note", "#", "    # far in", "", "", "  ", "# ## no name", "#!x # y")


@settings(MANY, max_examples=MANY.max_examples // 2)
@given(st.sampled_from(EXAMPLES), st.integers(0, 2**32), st.integers(1, 5))
def test_comments_and_margins(path: Path, seed: int, wide: int) -> None:
    """Whatever the margins are and wherever comments stand: each comment stays, in its order; a second time changes nothing."""
    chance = Random(seed)
    messy: list[str] = []
    long = False
    for line in to_text(read(path.read_bytes(), None, str(path)).data).splitlines():
        if not long:
            messy += chance.choices(COMMENTS, k=chance.randint(0, 1))
        margin = len(line) - len(line.lstrip())
        messy.append(line if long else " " * (margin // 2 * wide) + line.lstrip())
        long ^= line.count('"""') % 2 == 1
        if not long and '"""' not in line and line.strip()[:1] not in ("", "#") and chance.random() < 0.3:
            messy[-1] += "   #behind"
    text = "\n".join(messy)
    made = formatted(text, "flow")
    assert formatted(made, "flow") == made
    assert read(made, "flow", "x").data == read(text, "flow", "x").data
    assert _notes(made) == _notes(text)


def _notes(text: str) -> list[str]:
    return [re.sub(r"^(#+)\s*", r"\1", n).strip() for n in re.findall(r"(?m)(?:^\s*|  )(#.*)$", text)]


def test_comments_of_json_and_yaml_are_not_lost() -> None:
    yaml = "# yaml-language-server: $schema=x\n\nsteps:\n  a: {say: 'no # comment'}\n"
    assert formatted(yaml, "yaml") == yaml
    for text in (
        "steps:\n  a: {say: x}  # why\n",
        "steps:\n  # why\n  a: {say: x}\n",
        "steps:\n  a:\n    say: | # why\n      x\n",
    ):
        with pytest.raises(WouldLose):
            formatted(text, "yaml")
    with pytest.raises(WouldLose):
        formatted('{"startNodeId": "a", /* why */ "nodes": []}', "json")
    with pytest.raises(Unreadable, match="this is no flow"):
        formatted('{"name": "left-pad", "version": "1.0.0"}', "json")


def run(*args: Any) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["fmt", *map(str, args)])
    return result.exit_code, result.output


def test_files(tmp_path: Path) -> None:
    messy, fine = tmp_path / "messy.flow", tmp_path / "fine.yaml"
    messy.write_text(MESSY)
    messy.chmod(0o640)
    fine.write_text("steps:\n  a: {say: x}\n")
    (tmp_path / "kept.yaml").write_text("steps:\n  a: {say: x} # why\n")
    status, out = run("--check", tmp_path)
    assert status == 1 and f"{messy}: would be changed\n" in out and messy.read_text() == MESSY
    assert "kept.yaml: left as it is: it has comments" in out
    assert out.endswith("1 would be changed, 1 as they should be, 1 left as they are\n")
    assert run(tmp_path)[0] == 0
    assert messy.read_text() == TIDY and messy.stat().st_mode & 0o777 == 0o640
    assert run("--check", tmp_path)[0] == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["fine.yaml", "kept.yaml", "messy.flow"]


def test_a_file_with_mistakes_stays_as_it_is(tmp_path: Path) -> None:
    bad = tmp_path / "bad.flow"
    bad.write_text('flow x\na:\n  sya "Hi"\n')
    status, out = run(bad)
    assert status == 1 and f"{bad}:3:3: error: unexpected 'sya'" in out
    assert bad.read_text() == 'flow x\na:\n  sya "Hi"\n'
    assert run(tmp_path / "none.flow")[0] == 1
    (tmp_path / "empty").mkdir()
    assert "there is no flow here" in run(tmp_path / "empty")[1]


def test_yaml_that_only_the_reader_takes_is_left_alone() -> None:
    with pytest.raises(WouldLose, match="cannot be printed for certain"):
        formatted("flow: x\nsteps:\n  a: {say: Hi, ne\tst: 1}\n", "yaml")
