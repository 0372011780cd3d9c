"""Matching by truth tables, and the automaton against the plain reading of the rules."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.host.manager import load
from core.model.fold import fold
from core.model.nodetype import TriggerRow
from core.runtime.match import FINAL_RANK, PRECEDENCE, Matcher
from core.runtime.match.keywords import Entry, KeywordIndex
from core.runtime.match.words import MODES, matches

CASES = Path(__file__).parents[1] / "cases" / "match"
TYPES = load(["plugins.triggers"], entry_points=False).trigger_types


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a file."""
    found: list[dict[str, Any]] = yaml.safe_load((CASES / f"{name}.yaml").read_text())
    return found


def row(id: str, trigger: dict[str, Any], age: int = 0) -> TriggerRow:
    """A trigger of a case as the matcher sees it."""
    return TriggerRow(id, "flow", trigger["type"], trigger.get("keyword", ""), trigger.get("options", {}), age)


def event(case: dict[str, Any]) -> Any:
    """The event of a case; a message unless it says otherwise."""
    return {"kind": "message", "ig_id": "1", "contact": "2", "at": 1, "key": "k", **case}


@pytest.mark.parametrize("case", cases("words"), ids=lambda c: c["why"])
def test_words(case: dict[str, Any]) -> None:
    options = {"match": case.get("mode", "word"), "exclude": case.get("exclude"), "caseSensitive": case.get("case")}
    matcher = Matcher([TriggerRow("t", "f", "dm_keyword", case["keyword"], options, 0)], TYPES)
    said = event({"text": case["text"]})
    assert bool(matcher.candidates(said, False)) is case["takes"]
    ((_, reason),) = matcher.why(said, False)
    assert (reason is None) is case["takes"]


@pytest.mark.parametrize("case", cases("why"), ids=lambda c: f"{c['trigger']['type']}-{c['why']}")
def test_why(case: dict[str, Any]) -> None:
    matcher = Matcher([row("t", case["trigger"])], TYPES)
    ((_, reason),) = matcher.why(event(case["event"]), case.get("first", False))
    assert reason == case["why"]
    assert bool(matcher.candidates(event(case["event"]), case.get("first", False))) is (case["why"] is None)


@pytest.mark.parametrize("case", cases("precedence"), ids=lambda c: c["why"])
def test_precedence(case: dict[str, Any]) -> None:
    rows = [row(id, trigger, age) for age, (id, trigger) in enumerate(case["triggers"].items())]
    matcher = Matcher(list(reversed(rows)), TYPES)
    said = event(case["event"])
    assert [t.id for t in matcher.candidates(said, case.get("first", False))] == case["order"]
    takers = [t.id for t, reason in matcher.why(said, case.get("first", False)) if reason is None]
    assert takers == case["order"]


def test_follow_only_where_it_is_switched_on() -> None:
    rows = [row("w", {"type": "welcome_message"})]
    followed = event({"kind": "follow"})
    assert Matcher(rows, TYPES).candidates(followed, True) == []
    assert Matcher(rows, TYPES, follow=True).candidates(followed, True) == rows


def test_ranks_are_those_of_decision_10() -> None:
    order = ["ref", "ice_breaker", "menu", "ad", "reaction", "story_mention", "story_reply", "dm_keyword"]
    ranks = [TYPES[name].rank for name in [*order, "welcome_message", "default_reply"]]
    assert ranks == sorted(ranks)
    assert {n for n, t in TYPES.items() if t.rank >= FINAL_RANK} == {"welcome_message", "default_reply"}
    assert [name for name, _ in PRECEDENCE] == ["type", "aim", "mode", "length", "age"]
    assert MODES == ("exact", "starts", "word", "contains", "regex")


_alphabet = st.text(alphabet="abAB é-!❤\ufe0f\u200b価格ß1_दा", min_size=0, max_size=8)
_entries = st.lists(st.tuples(_alphabet, st.sampled_from(MODES[:4])), max_size=12)


@given(_entries, st.text(alphabet="abAB é-!❤\ufe0f\u200b価格ß1_दा", max_size=30))
@settings(max_examples=500, deadline=None)
def test_the_automaton_says_what_the_rules_say(words: list[tuple[str, str]], text: str) -> None:
    index = KeywordIndex([Entry(place, word, mode, False) for place, (word, mode) in enumerate(words)])
    plain = {place for place, (word, mode) in enumerate(words) if matches(fold(text), fold(word), mode)}
    assert set(index.hits(text)) == plain


@given(st.text(max_size=200), st.text(max_size=10))
@settings(max_examples=200, deadline=None)
def test_any_text_and_any_keyword(text: str, keyword: str) -> None:
    rows = [TriggerRow(mode, "f", "dm_keyword", keyword, {"match": mode, "exclude": keyword[:2]}, 0) for mode in MODES]
    matcher = Matcher(rows, TYPES)
    said = event({"text": text})
    taken = {t.id for t in matcher.candidates(said, False)}
    assert taken == {t.id for t, reason in matcher.why(said, False) if reason is None}
