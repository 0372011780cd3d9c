"""The proof holds: what the compiler accepts, Instagram never refuses; what it rejects is refused when its witness is played."""

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from core.host.manager import load
from core.lang import Compilation, Workspace, compile_definition
from core.lang.analysis import analyse, witness
from core.model.program import Program
from instaflow.testing import FakeInstagram
from tests.proof.flows import PARTS, flow
from tests.proof.somebody import acting, beginning
from tests.proof.world import LIVE_MS, Judge

REGISTRY = load(entry_points=False)
NIGHTLY = bool(os.environ.get("INSTAFLOW_NIGHTLY"))
FLOWS = 6000 if NIGHTLY else 500
SCHEDULES = 15 if NIGHTLY else 6
ABOUT = {"IF401", "IF402", "IF403", "IF404", "IF407", "IF410"}
PRECISION = 0.9


@dataclass
class Made:
    """A compiled flow with the kind of its trigger and the flows around it."""

    done: Compilation
    program: Program
    kind: str
    others: Mapping[str, Program]
    rng: random.Random


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with FakeInstagram(seed=3, frozen_at=1_795_392_000_000, rate_limits=False) as instagram:
        judge = Judge(instagram)
        yield judge
        judge.line.close()


@pytest.fixture(scope="module")
def crowd() -> list[Made]:
    return list(flows(random.SystemRandom().randrange(1 << 30) if NIGHTLY else 11))


def flows(seed: int) -> Iterator[Made]:
    """Flows that can be played; those that go round without waiting are told of by other codes."""
    chance = random.Random(seed)
    for _ in range(FLOWS):
        rng = random.Random(chance.random())
        parts = {name: compile_definition(flow(rng, True), REGISTRY) for name in PARTS}
        others = {name: c.program for name, c in parts.items() if c.program is not None}
        made = flow(rng)
        done = compile_definition(made, REGISTRY, Workspace(others))
        codes = {d.code for c in (done, *parts.values()) for d in c.diagnostics}
        if done.program is not None and not codes & {"IF201", "IF107", "IF006"}:
            yield Made(done, done.program, made["triggers"][0]["type"], others, rng)


def test_accepted_flows_are_never_refused(judge: Judge, crowd: list[Made]) -> None:
    accepted = 0
    for made in crowd:
        if {d.code for d in made.done.diagnostics} & ABOUT:
            continue
        accepted += 1
        for _ in range(SCHEDULES):
            script, seed = beginning(made.rng, made.kind), made.rng.random()
            live_ms = LIVE_MS * made.rng.choice([1, 1, 10, 100])
            refused = judge.play(made.program, script, made.others, live_ms, acting(random.Random(seed)))
            others = {k: p.as_json() for k, p in made.others.items()}
            assert refused == [], (made.program.as_json(), others, script, seed)
    assert accepted > FLOWS / 10, "the generator makes enough flows that are fine"


def test_rejected_flows_are_refused(judge: Judge, crowd: list[Made], capsys: pytest.CaptureFixture[str]) -> None:
    """Precision: of the findings, how many does their witness show. Ways that chance or another answer closes are the rest."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for made in crowd:
        for finding in analyse(made.program, [made.kind], made.others).findings[:3]:
            script = witness(finding)
            refused = judge.play(made.program, script, made.others) if script else []
            total[finding.code] += 1
            right[finding.code] += finding.last.program.states[finding.last.state].node in refused
    by_code = ", ".join(f"{code} {right[code]}/{n}" for code, n in sorted(total.items()))
    share = right.total() / total.total()
    with capsys.disabled():
        sys.stdout.write(
            f"\nwindow proof: {right.total()} of {total.total()} findings are shown by their witness ({share:.1%}): {by_code}\n"
        )
    assert total.total() > FLOWS / 10 and share >= PRECISION
