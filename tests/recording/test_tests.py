"""Conversations that were had: as tests they pass and hold nothing personal, replayed they go the same way."""

import os
import random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engine.replay import faithful, parted, recording_of, replayed
from core.engine.script import read
from core.engine.shelf import Shelf
from core.engine.simulation import Simulation
from core.host.manager import load
from core.lang import compile_definition, compile_text
from core.model.program import Program
from core.model.recording import Recording
from core.testing.flowtest import read_suite, run_suite
from core.testing.flowtest.from_run import Unrecordable, test_of
from core.testing.flowtest.masks import Mask
from tests.properties.crowd import flow, next_event, person

REGISTRY = load(entry_points=False)
EXAMPLES = 5000 if os.environ.get("INSTAFLOW_NIGHTLY") else 200


def talked(rng: random.Random, program: Program, shelf: Shelf) -> Recording:
    """Somebody talks to the flow; between what they do any time passes."""
    script = person(rng)
    simulation = Simulation(shelf, program.hash, read({**script, "events": []}))
    simulation.play(script["events"][0])
    for _ in range(rng.randint(1, 12)):
        event = next_event(rng, simulation)
        if event is None:
            break
        simulation.play(event)
        if rng.random() < 0.3:
            simulation.advance(simulation.now + rng.choice([1, 1500, 70_001]))
    return recording_of(simulation)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 2**32))
def test_any_conversation_becomes_a_test_that_passes(seed: int) -> None:
    rng = random.Random(seed)
    done = compile_definition(flow(rng), REGISTRY)
    if done.program is None or any(d.code in ("IF201", "IF006") for d in done.diagnostics):
        return
    shelf = Shelf([done.program])
    recording = Recording.from_json(talked(rng, done.program, shelf).as_json())
    turns = list(replayed(shelf, done.program.hash, recording))
    assert faithful(turns, recording) is None
    assert parted(turns, list(replayed(shelf, done.program.hash, recording))) is None
    text = test_of(recording, done.program, shelf, "a.yaml", "recorded")
    report = run_suite("a.test.yaml", read_suite(text), done.program, shelf)
    assert [t.problem for t in report.tests] == [None], text


SHOP = """flow: shop
when: [{dm_keyword: {keyword: hi}}]
steps:
  hello: {say: "Hello {{contact.firstName}}!", quick: [{text: Order, to: mail}, {text: Talk, to: talk}]}
  talk: {ask: What is it about?, type: text, into: contact.topic, routes: [{answer: valid, to: note}]}
  note: {say: "You wrote: {{contact.topic}}", next: vip}
  vip: {branch: [{if: contact.plan is "gold", to: gold}], else: end}
  gold: {say: You are a gold customer.}
  mail: {ask: Your e-mail?, type: email, into: contact.email, routes: [{answer: valid, to: crm}]}
  crm: {call: http.request, with: {url: "https://crm.example", body: "{{contact.email}}"}, into: answer,
        routes: [{outcome: success, to: thanks}, {outcome: failure, to: end}]}
  thanks: {say: "We have written to {{contact.email}}."}
"""
REAL = ("Konrad", "Adler", "konrad.adler", "konrad@adler.org", "0170 5551234", "secret")


def shop(changed: str = SHOP) -> Program:
    program = compile_text(changed, REGISTRY, "yaml").program
    assert program is not None
    return program


def real(program: Program, *events: dict[str, object]) -> Recording:
    contact = {
        "firstName": "Konrad",
        "lastName": "Adler",
        "username": "konrad.adler",
        "plan": "gold",
        "topic": "secret",
    }
    trigger = {"type": "dm_keyword", "text": "hi, this is Konrad Adler, 0170 5551234", "id": "row-7"}
    start = {"type": "start", "trigger": trigger}
    simulation = Simulation(Shelf([program]), program.hash, read({"contact": contact, "events": []}))
    for event in (start, *events):
        simulation.play(event)
    return recording_of(simulation)


ORDER = (
    {"type": "tap", "payload": "ORDER"},
    {"type": "text", "text": "it is konrad@adler.org"},
    {"type": "result", "outcome": "success", "data": {"id": "0170 5551234", "name": "Konrad Adler"}},
)
TALK = (
    {"type": "tap", "title": "Talk"},
    {"type": "advance", "seconds": 90},
    {"type": "text", "text": "a secret of Konrad"},
)


@pytest.mark.parametrize("events", [ORDER, TALK])
def test_nothing_personal_is_left(events: tuple[dict[str, object], ...]) -> None:
    program = shop()
    text = test_of(real(program, *events), program, Shelf([program]), "shop.yaml", "an order")
    assert not [word for word in REAL if word.lower() in text.lower()], text
    (case,) = yaml.safe_load(text)["tests"]
    assert case["contact"]["firstName"] == "Ana"


def test_what_makes_a_difference_is_kept() -> None:
    program = shop()
    text = test_of(real(program, *TALK), program, Shelf([program]), "shop.yaml", "talk")
    (case,) = yaml.safe_load(text)["tests"]
    assert case["contact"]["plan"] == "gold" and "You are a gold customer." in text
    assert {"advance": "1m30s"} in case["steps"] and {"type": "text 1"} in case["steps"]


def test_the_same_value_is_always_replaced_by_the_same_one() -> None:
    mask = Mask({"firstName": "Zoe"})
    told = mask.over({"a": ["zoe: Z@x.org, q@y.org", "z@X.org"], "b": "Zoela and @zoe.q, +49 30 123456"})
    assert told == {
        "a": ["ana: ana@mail.example, ana2@mail.example", "ana@mail.example"],
        "b": "Zoela and @ana.example, +33612345678",
    }


def test_what_was_changed_from_outside_is_said() -> None:
    program, other = shop(), shop(SHOP.replace('is "gold"', 'is "silver"'))
    with pytest.raises(Unrecordable, match="another way than it did then"):
        test_of(real(program, *TALK), other, Shelf([other]), "shop.yaml", "talk")


def test_the_first_difference_of_two_versions() -> None:
    old, new = shop(), shop(SHOP.replace("We have written to", "We wrote to"))
    shelf = Shelf([old, new])
    recording = real(old, *ORDER)
    found = parted(*(list(replayed(shelf, p.hash, recording)) for p in (old, new)))
    assert found is not None and found.event == 3
    assert found.old[0] == "Sends “We have written to konrad@adler.org.”."
    assert found.new[0] == "Sends “We wrote to konrad@adler.org.”."
    assert found.after[-1] == "The call ended: success."
    untouched = real(old, *TALK)
    assert parted(*(list(replayed(shelf, p.hash, untouched)) for p in (old, new))) is None


def test_arguments_of_a_call_are_a_difference() -> None:
    old, new = shop(), shop(SHOP.replace("https://crm.example", "https://crm2.example"))
    shelf = Shelf([old, new])
    found = parted(*(list(replayed(shelf, p.hash, real(old, *ORDER))) for p in (old, new)))
    assert found is not None and "crm2.example" in found.new[0]


BAD = ("", [], {}, {"program": "x"}, {"program": "x", "ids": ["a"], "events": []}, {"events": [{"at": "soon"}]})


@pytest.mark.parametrize("data", BAD)
def test_what_is_no_recording_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="no recording"):
        Recording.from_json(data)  # type: ignore[arg-type]
