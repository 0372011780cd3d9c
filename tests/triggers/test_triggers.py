"""The trigger types: what they accept, and what every one of them must have."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.host.manager import load

TYPES = load(["plugins.triggers"], entry_points=False).trigger_types
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "problems.yaml").read_text())
OF_THE_REQUIREMENTS = {"welcome_message", "dm_keyword", "comment_keyword", "story_mention"}
OURS = {"story_reply", "live_comment", "ref", "ice_breaker", "menu", "ad", "reaction", "default_reply"}


@pytest.mark.parametrize("case", CASES, ids=lambda c: str(c["trigger"])[1:60])
def test_problems(case: dict[str, Any]) -> None:
    found = TYPES[case["trigger"]["type"]].problems(case["trigger"])
    assert [[p.code, *p.place] for p in found] == case["wrong"]
    assert all(p.message and "." not in p.message[-1:] for p in found)


def test_the_types_in_the_box() -> None:
    assert set(TYPES) == OF_THE_REQUIREMENTS | OURS
    assert {case["trigger"]["type"] for case in CASES} == set(TYPES), "a type without a case"


@pytest.mark.parametrize("name", sorted(TYPES))
def test_contract(name: str) -> None:
    type_ = TYPES[name]
    assert type_.name == name and type_.title and type_.summary and type_.kinds
    assert type_.keyed in ("keyword", "payload", "ref", "ad", "")
    schema = type_.json_schema()
    assert schema["type"] == "object" and schema["title"] == type_.title
    assert {"whenBusy", "parallel", "cooldownSeconds", "oncePerContact"} <= schema["properties"].keys()
    assert ("keyword" in schema["properties"]) is (type_.keyed == "keyword")
