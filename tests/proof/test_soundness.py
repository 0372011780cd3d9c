"""The proof holds: what the compiler accepts, Instagram never refuses; what it rejects is refused when its witness is played."""

import os
import random
import sys
from collections.abc import Iterator

import pytest

from core.host.manager import load
from core.lang import Compilation, compile_definition
from core.lang.analysis import Finding, analyse
from core.lang.analysis.witness import witness
from instaflow.testing import FakeInstagram
from tests.proof.world import Judge, flow, schedule

REGISTRY = load(entry_points=False)
NIGHTLY = bool(os.environ.get("INSTAFLOW_NIGHTLY"))
FLOWS = 1500 if NIGHTLY else 250
SCHEDULES = 6 if NIGHTLY else 4
ABOUT = {"IF401", "IF402", "IF403", "IF404", "IF407"}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with FakeInstagram(seed=3, frozen_at=1_795_392_000_000, rate_limits=False) as instagram:
        judge = Judge(instagram)
        yield judge
        judge.line.close()


def flows(seed: int) -> Iterator[tuple[random.Random, Compilation, str]]:
    """Compiled flows with a random generator of their own and the trigger that starts them."""
    rng = random.Random(seed)
    for _ in range(FLOWS):
        own = random.Random(rng.random())
        made = flow(own)
        done = compile_definition(made, REGISTRY)
        if done.program is not None and not {d.code for d in done.diagnostics} & {"IF201", "IF006"}:
            yield own, done, made["triggers"][0]["type"]


def test_accepted_flows_are_never_refused(judge: Judge) -> None:
    accepted = 0
    for rng, done, kind in flows(11):
        if {d.code for d in done.diagnostics} & ABOUT:
            continue
        accepted += 1
        assert done.program is not None
        for _ in range(SCHEDULES):
            events = list(schedule(rng, kind))
            assert judge.play(done.program, events) == [], (done.program.as_json(), events)
    assert accepted > FLOWS / 10, "the generator makes enough flows that are fine"


def test_rejected_flows_are_refused(judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    """Precision: of the findings, how many does their witness show. Ways that a condition closes are the rest."""
    right = total = 0
    for _, done, kind in flows(12):
        assert done.program is not None
        finding: Finding | None = next(iter(analyse(done.program, [kind]).findings), None)
        if finding is None:
            continue
        total += 1
        right += bool(judge.play(done.program, witness(done.program, finding)))
    with capsys.disabled():
        sys.stdout.write(
            f"\nwindow proof: {right} of {total} findings are shown by their witness ({right / total:.1%})\n"
        )
    assert total > FLOWS / 10 and right / total >= 0.9
