"""The example flows compile without error or warning, and say what they are and how they begin."""

from pathlib import Path

import pytest

from core.host.registry import Registry
from core.lang import check_triggers, compile_text

FOLDER = Path(__file__).parents[2] / "flows_examples"
FILES = sorted(p for p in FOLDER.iterdir() if p.suffix in (".yaml", ".json"))


def test_there_are_enough() -> None:
    names = {p.stem for p in FILES}
    assert names >= {
        "requirements", "welcome", "faq", "comment_to_dm", "lead_capture", "order_status", "story_mention_thanks",
        "support_triage", "product_carousel",
    }  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.stem)
def test_example(file: Path, box: Registry) -> None:
    compiled = compile_text(file.read_bytes(), box, source=file.name)
    assert [f"{d.code} {d.node} {d.message}" for d in compiled.diagnostics if d.severity != "info"] == []
    assert compiled.ok and compiled.doc and compiled.doc.description and compiled.doc.triggers
    assert check_triggers(compiled.doc.triggers, compiled.program, box) == []
