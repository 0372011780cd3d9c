"""The example flows compile without error or warning, say what they are and how they begin, and are tested throughout."""

from pathlib import Path

import pytest

from core.host.registry import Registry
from core.lang import Workspace, check_triggers, compile_text
from core.model.program import Program
from core.testing.flowtest.files import run

FOLDER = Path(__file__).parents[2] / "flows_examples"
FILES = sorted(p for p in FOLDER.iterdir() if p.suffix in (".flow", ".json", ".yaml") and ".test." not in p.name)
PARTS = {"ask_email"}
"""Flows that others run: nothing starts them by itself."""


def program_of(name: str, box: Registry) -> Program:
    program = compile_text((FOLDER / f"{name}.yaml").read_bytes(), box, source=name).program
    assert program is not None
    return program


def test_there_are_enough() -> None:
    names = {p.stem for p in FILES}
    assert names >= {
        *("requirements", "welcome", "faq", "comment_to_dm", "giveaway_follow", "lead_capture", "quiz", "booking_request"),
        *("order_status", "abandoned_cart", "support_triage", "story_mention_thanks", "story_reply", "ad_referral"),
        *("waitlist", "ask_email", "feedback", "product_carousel", "coupon", "event_rsvp", "opt_out", "language_choice"),
        *("live_link", "heart_back", "not_understood"),
    }  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.stem)
def test_example(file: Path, box: Registry) -> None:
    around = Workspace({name: program_of(name, box) for name in PARTS})
    compiled = compile_text(file.read_bytes(), box, source=file.name, around=around)
    assert [f"{d.code} {d.node} {d.message}" for d in compiled.diagnostics if d.severity != "info"] == []
    assert compiled.ok and compiled.doc and compiled.doc.name and compiled.doc.description
    assert compiled.doc.triggers or file.stem in PARTS
    assert check_triggers(compiled.doc.triggers, compiled.program, box, around) == []


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.stem)
def test_its_tests_pass_and_come_by_every_state_and_exit(file: Path) -> None:
    (report,) = run([file.with_suffix(".test.yaml")])
    assert not report.problems
    assert [(t.name, t.problem.message) for t in report.tests if t.problem] == []
    assert report.coverage is not None and report.coverage.missed == ()


def test_no_two_examples_are_started_by_the_same_keyword(box: Registry) -> None:
    taken: dict[tuple[str, str], str] = {}
    for file in FILES:
        doc = compile_text(file.read_bytes(), box, source=file.name).doc
        assert doc is not None
        for trigger in doc.triggers:
            for word in str(trigger.get("keyword", "")).split(","):
                if word.strip():
                    assert taken.setdefault((trigger["type"], word.strip()), file.stem) == file.stem
