"""Two people's changes in one document."""

import subprocess
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cli.flow import command
from core.lang.printing import normal, to_json, to_text, to_yaml
from core.lang.printing.text_form import without_sections
from core.lang.reading import read
from core.lang.revisions import merged
from core.lang.revisions.carry import renamed
from core.lang.revisions.lists import ABSENT
from tests.printing.graphs import documents
from tests.printing.test_round_trips import EXAMPLES, MANY

BASE = """# the flow of the shop
flow shop "Shop"
  when dm "hi"

hello:
  say "Hi"   # said often
    quick "Mugs" -> mugs
    quick "Bowls" -> bowls
    else -> end

mugs:
  say "Mugs are blue."
  tag likes_mugs

bowls:
  say "Bowls are green."
"""


def both(ours: str, theirs: str, base: str = BASE) -> Any:
    old, mine, other = (read(t, "flow", "x") for t in (base, ours, theirs))
    return merged(old.data, mine.data, other.data, (mine.automatic, other.automatic))


CLEAN = {
    "different steps": (('"Mugs are blue."', '"Mugs are red."'), ('"Bowls are green."', '"Bowls are grey."')),
    "different fields of a step": (('say "Hi"', '## Greeting\n  say "Hi"'), ('say "Hi"', 'say "Hello"')),
    "two new steps in a place each": (
        ("  tag likes_mugs\n", '  tag likes_mugs\n  say "Ours"\n'),
        ('  say "Bowls are green."\n', '  say "Bowls are green."\n  say "Theirs"\n'),
    ),
    "exits of one step": (
        ('    quick "Bowls" -> bowls\n', '    quick "Bowls" -> bowls\n    on timeout 2h -> end\n'),
        ('quick "Mugs" -> mugs', 'quick "Mugs" -> bowls'),
    ),
    "a step gone, another changed": (("  tag likes_mugs\n", ""), ('"Bowls are green."', '"Bowls are grey."')),
    "keywords and header": (('when dm "hi"', 'when dm "hi"\n  when story_mention'), ('"Shop"', '"The shop"')),
    "the same change": (('"Hi"', '"Hello"'), ('"Hi"', '"Hello"')),
}


@pytest.mark.parametrize("title", CLEAN)
def test_both_changes_are_in(title: str) -> None:
    (a, b), (c, d) = CLEAN[title]
    found = both(BASE.replace(a, b), BASE.replace(c, d))
    assert found.conflicts == []
    together = read(
        BASE.replace(a, b).replace(c, d) if a != c else BASE.replace(a, b.replace("Hi", "Hello")), "flow", "x"
    )
    assert without_sections(found.document) == without_sections(normal(together.data))


NAMED = {
    "one text": (('"Hi"', '"Hello"'), ('"Hi"', '"Hey"'), "nodes › hello › content › text"),
    "a step gone, and changed": (("  tag likes_mugs\n", ""), ("likes_mugs", "wants_mugs"), "nodes › mugs.tag1"),
    "a step gone, and newly led to": (
        ('    quick "Mugs" -> mugs\n', "", 'mugs:\n  say "Mugs are blue."\n  tag likes_mugs\n\n', ""),
        ("else -> end", "else -> mugs"),
        "nodes › hello › connections › mugs",
    ),
    "one exit, two targets": (
        ('"Mugs" -> mugs', '"Mugs" -> bowls'),
        ('"Mugs" -> mugs', '"Mugs" -> end'),
        'nodes › hello › connections › {"type":"button_payload","value":"MUGS"} › targetNodeId',
    ),
    "one condition, two others": (
        ('quick "Mugs" -> mugs', 'quick "Cups" -> mugs'),
        ('quick "Mugs" -> mugs', 'quick "Beakers" -> mugs'),
        "nodes › hello › content › buttons",
    ),
}  # fmt: skip


@pytest.mark.parametrize("title", NAMED)
def test_what_cannot_be_put_together_is_named(title: str) -> None:
    ours, theirs, where = NAMED[title]
    sides = []
    for changes in (ours, theirs):
        text = BASE
        for a, b in zip(changes[::2], changes[1::2], strict=True):
            assert a in text
            text = text.replace(a, b)
        sides.append(text)
    for one, other in (sides, sides[::-1]):
        assert where in [c.where for c in both(one, other).conflicts]


def test_a_target_in_conflict_that_the_other_side_removed_is_named_whoever_merges() -> None:
    def flow(target: str | None, *ids: str) -> dict[str, Any]:
        says = {"type": "message", "content": {"text": "Hi"}}
        way = {"targetNodeId": target, "condition": None}
        nodes = [{**says, "id": "a", "connections": [way]}, *({**says, "id": i} for i in ids)]
        return {"startNodeId": "a", "nodes": nodes}

    base, ours, theirs = flow(None, "b", "c"), flow("b", "b", "c"), flow("c", "c")
    for one, other in ((ours, theirs), (theirs, ours)):
        assert "nodes › a › connections › b" in [c.where for c in merged(base, one, other).conflicts]


def test_a_property_follows_a_step_whose_id_is_a_part_of_the_word_before_it() -> None:
    says = {"type": "message", "content": {"text": "Hi"}}
    definition = {
        "startNodeId": "te",
        "nodes": [{**says, "id": "te"}],
        "properties": [{"eventually": "step te"}, {"never": 'step "te" or tag vip'}],
    }
    told = renamed(definition, {"te": "two words"})["properties"]
    assert told == [{"eventually": 'step "two words"'}, {"never": 'step "two words" or tag vip'}]


def edited(document: dict[str, Any], chance: Random, mark: str) -> dict[str, Any]:
    """A few changes: fields, names, new and removed steps, other targets."""
    out = deepcopy(document)
    definition = out.get("flowDefinition", out)
    nodes = definition["nodes"]
    for n in range(chance.randint(1, 3)):
        node = chance.choice(nodes)
        kind = chance.choice(["field", "name", "add", "remove", "target", "setting"])
        if kind == "field":
            node[chance.choice("pqr")] = f"{mark}{n}"
        elif kind == "name":
            node["name"] = f"{mark}{n}"
        elif kind == "add":
            nodes.append({"id": f"{mark}{n}", "type": "message", "content": {"text": mark}})
        elif kind == "remove" and len(nodes) > 1:
            nodes.remove(node)
        elif kind == "target" and node.get("connections"):
            chance.choice(node["connections"])["targetNodeId"] = chance.choice(nodes)["id"]
        elif kind == "setting":
            definition["settings"] = {"expireSeconds": chance.randint(1, 3) * 60}
    return out


def leaves(document: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """(step, field) to value, exits apart, and the definition's own fields."""
    definition = normal(document).get("flowDefinition", normal(document))
    out: dict[tuple[str, str], Any] = {("", k): v for k, v in definition.items() if k not in ("nodes", "sections")}
    for node in definition["nodes"]:
        ways = node.get("connections", [])
        out |= {(node["id"], k): v for k, v in node.items() if k not in ("connections", "position")}
        out |= {
            (node["id"], f"{c['condition']}"): c
            for c in ways
            if sum(w["condition"] == c["condition"] for w in ways) == 1
        }
    return out


@MANY
@given(documents(), st.integers(0, 2**32))
def test_random_changes_merge_or_the_conflict_is_named(base: dict[str, Any], seed: int) -> None:
    chance = Random(seed)
    ours, theirs = edited(base, chance, "ours"), edited(base, chance, "theirs")
    found, mirrored = merged(base, ours, theirs), merged(base, theirs, ours)
    assert {c.path for c in found.conflicts} == {c.path for c in mirrored.conflicts}
    assert merged(base, ours, base).document == normal(ours)
    assert merged(base, base, theirs).document == normal(theirs)
    assert merged(base, ours, ours).conflicts == []
    old, mine, other, now = (leaves(d) for d in (base, ours, theirs, found.document))
    about = {c.step for c in found.conflicts} | {c.path[1] for c in found.conflicts if len(c.path) > 1}
    for key in {*old, *mine, *other, *now}:
        b, o, t, n = (side.get(key, ABSENT) for side in (old, mine, other, now))
        if key[0] in about or (not key[0] and key[1] in about):
            continue
        assert n == (t if b == o else o if b == t else n), key
        assert o == t or b in (o, t) or isinstance(n, dict | list), "both changed it, and nobody says so"


@settings(MANY, max_examples=MANY.max_examples // 5)
@given(st.sampled_from(EXAMPLES), st.integers(0, 2**32))
def test_changes_of_texts_do_not_meet(path: Path, seed: int) -> None:
    """Two people put steps into different places of one text: both are there, and nothing else is changed."""
    document = normal(read(path.read_bytes(), None, str(path)).data)
    base = to_text(document)
    lines = base.splitlines()
    places = [i for i, line in enumerate(lines) if line.startswith("  tag ") and lines[i - 1].startswith(" ")]
    if len(places) < 2:
        return
    first, second = Random(seed).sample(places, 2)
    ours, theirs = ([*lines[:i], f'  say "{who}"', *lines[i:]] for i, who in ((first, "ours"), (second, "theirs")))
    found = both("\n".join(ours), "\n".join(theirs), base)
    texts = [n.get("content", {}).get("text") for n in found.document["flowDefinition"]["nodes"]]
    assert found.conflicts == [] and {"ours", "theirs"} <= set(texts)
    assert len(texts) == len(read(base, "flow", "x").data["flowDefinition"]["nodes"]) + 2


def run(*args: Any) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["merge", *map(str, args)])
    return result.exit_code, result.output


def files(folder: Path, suffix: str, *texts: str) -> list[Path]:
    out = [folder / f"{name}{suffix}" for name in ("base", "ours", "theirs")]
    for path, text in zip(out, texts, strict=True):
        path.write_text(text)
    return out


def test_lines_stay_as_they_were_written(tmp_path: Path) -> None:
    ours, theirs = BASE.replace("blue", "red"), BASE.replace("green", "grey")
    three = files(tmp_path, ".flow", BASE, ours, theirs)
    assert run(*three) == (0, "")
    assert three[1].read_text() == ours.replace("green", "grey")


@pytest.mark.parametrize(("suffix", "write"), [(".yaml", to_yaml), (".json", to_json), (".flow", to_text)])
def test_a_conflict_is_named_and_noted_in_the_file(tmp_path: Path, suffix: str, write: Any) -> None:
    sides = [write(read(BASE.replace("Hi", w), "flow", "x").data) for w in ("Hi", "Hello", "Hey")]
    three = files(tmp_path, suffix, *sides)
    status, out = run(*three, "-o", tmp_path / f"out{suffix}")
    assert (status, out) == (
        1,
        f'{three[1]}: conflict: nodes › hello › content › text: base "Hi", ours "Hello", theirs "Hey"\n',
    )
    made = (tmp_path / f"out{suffix}").read_text()
    assert "MERGE CONFLICT nodes › hello › content › text" in made
    assert "Hello" in made and three[1].read_text() == sides[1]


def test_a_side_that_is_no_flow_is_merged_by_lines(tmp_path: Path) -> None:
    three = files(tmp_path, ".flow", BASE, BASE.replace('"Hi"', '"Hi'), BASE.replace('"Hi"', '"Hey"'))
    status, out = run(*three)
    assert status == 1 and "the lines are merged, not the steps" in out
    assert "<<<<<<< ours" in three[1].read_text()
    assert run(*three, "--path", "a.txt")[1].startswith("Error: a.txt: the ending must be one of")


def git(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@shop.example", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *who, *args], cwd=folder, capture_output=True, text=True, check=False)


def test_as_a_merge_driver(tmp_path: Path) -> None:
    """The set-up of docs/how-to/flows-in-git.md, with changes that lie side by side, which lines alone cannot merge."""
    import sys

    flow = tmp_path / "shop.flow"
    git(tmp_path, "init")
    (tmp_path / ".gitattributes").write_text("*.flow merge=instaflow\n")
    driver = f'"{sys.executable}" -m core.cli flow merge %O %A %B --path %P'
    git(tmp_path, "config", "merge.instaflow.driver", f'PYTHONPATH="{Path(__file__).parents[2]}" {driver}')
    flow.write_text(BASE)
    git(tmp_path, "add", "."), git(tmp_path, "commit", "-m", "base")
    git(tmp_path, "checkout", "-b", "theirs")
    flow.write_text(BASE.replace('  say "Hi"', '  ## Greeting\n  say "Hi"'))
    git(tmp_path, "commit", "-am", "theirs"), git(tmp_path, "checkout", "main")
    flow.write_text(BASE.replace('  say "Hi"', '  say "Hello"'))
    git(tmp_path, "commit", "-am", "ours")
    done = git(tmp_path, "merge", "theirs", "-m", "both")
    assert done.returncode == 0, done.stdout + done.stderr
    assert '  ## Greeting\n  say "Hello"' in flow.read_text()
