"""Every example flow in a made-up language: whoever reads it goes the same ways, and sees no word of the flow's own."""

import random
from pathlib import Path
from typing import Any

import pytest

from core.engine import Shelf
from core.engine.script import read as read_script
from core.engine.simulation import Simulation
from core.host.manager import load
from core.lang import compile_definition
from core.lang.locales import texts_of
from core.lang.reading import read
from core.model.program import Program

FOLDER = Path(__file__).parents[2] / "flows_examples"
FILES = sorted(p for p in FOLDER.iterdir() if p.suffix in (".flow", ".json", ".yaml") and ".test." not in p.name)
FILES = [p for p in FILES if p.stem != "language_choice"]
"""It sets the language itself."""
REGISTRY = load(entry_points=False)
OFFER = ("yes", "no", "3", "tomorrow", "ana@mail.example", "hm?", "#1234")


def programs(path: Path) -> tuple[Program, Program]:
    data: dict[str, Any] = read(path.read_bytes(), None, path.name).data
    definition = {
        **data["flowDefinition"],
        "settings": {**data["flowDefinition"].get("settings", {}), "language": "en"},
    }
    own = compile_definition({**data, "flowDefinition": definition}, REGISTRY)
    assert own.doc and own.program
    table = {
        t.key: t.text if isinstance(t.text, list) or t.optional else f"⟦{t.text}"
        for t in texts_of(own.doc, own.program)
    }
    other = compile_definition({**data, "flowDefinition": {**definition, "locales": {"zz": table}}}, REGISTRY)
    assert other.program and [d for d in other.diagnostics if d.code in ("IF601", "IF602", "IF603", "IF604")] == []
    return own.program, other.program


def simulation(program: Program, seed: int, kind: str) -> Simulation:
    contact = {"language": "zz", "firstName": "Ana", "tags": ["vip", "waitlist"][: seed % 3]}
    made = Simulation(Shelf([program]), program.hash, read_script({"contact": contact, "seed": seed}))
    made.play({"type": "start", "trigger": {"type": kind, "text": "hello", "commentId": "1"}})
    return made


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_the_same_ways_in_other_words(path: Path) -> None:
    own, other = programs(path)
    kind = "comment_keyword" if path.stem in ("comment_to_dm", "giveaway_follow") else "dm_keyword"
    for seed in range(6):
        choose = random.Random(seed)
        a, b = simulation(own, seed, kind), simulation(other, seed, kind)
        for _ in range(14):
            event = _event(choose, a)
            a.play(event)
            b.play(event)
        assert [s["path"] for s in a.steps] == [s["path"] for s in b.steps]
        assert [s["disposition"] for s in a.steps] == [s["disposition"] for s in b.steps]
        mine, theirs = (
            [t["message"] for t in s.transcript if t["who"] == "flow" and t["message"].get("text")] for s in (a, b)
        )
        assert ["⟦" + m["text"] for m in mine] == [m["text"] for m in theirs]
        assert [_keys(m) for m in mine] == [_keys(m) for m in theirs]


def _event(choose: random.Random, talk: Simulation) -> dict[str, Any]:
    if talk.run is not None and talk.run.wait_kind == "result":
        return {
            "type": "result",
            "outcome": choose.choice(["success", "failure"]),
            "data": {"body": {"status": "open"}},
        }
    buttons = [b for b in talk.buttons if b.get("payload")]
    if buttons and choose.random() < 0.6:
        button = choose.choice(buttons)
        typed = choose.random() < 0.3
        return {"type": "text", "text": button["text"]} if typed else {"type": "tap", "payload": button["payload"]}
    if choose.random() < 0.25:
        return {"type": "advance", "hours": choose.choice([1, 12, 30])}
    return {"type": "text", "text": choose.choice(OFFER)}


def _keys(message: dict[str, Any]) -> list[Any]:
    return [sorted(message), [b.get("payload") for b in message.get("buttons", ())]]
