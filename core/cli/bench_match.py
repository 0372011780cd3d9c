"""``instaflow bench match``: what keyword triggers cost a message, and how long an account's matcher takes to build."""

import random
import statistics
from collections.abc import Sequence
from time import perf_counter, process_time
from typing import Any

import click

from core.host.manager import load
from core.model.fold import fold
from core.model.nodetype import TriggerRow
from core.runtime.match import Matcher

SYLLABLES = [c + v for c in "bcdfghjklmnprstvz" for v in "aeiou"]
SIZES = (1_000, 10_000, 100_000)
MESSAGES = 400
LENGTH = 200
BAR_US, BAR_BUILD_S = 50.0, 1.0


def main() -> None:
    """Prints a line for each number of triggers, then the bars."""
    types = load(["plugins.triggers"], entry_points=False).trigger_types
    click.echo(
        f"{MESSAGES} messages of {LENGTH} characters, every other one holds a keyword; medians of 5 rounds, CPU time"
    )
    click.echo(f"{'triggers':>9} {'build s':>9} {'us/message':>11} {'without folding':>16} {'hits':>6}")
    seen = {size: _measure(size, types) for size in SIZES}
    for size, (build, each, bare, hits) in seen.items():
        click.echo(f"{size:>9} {build:>9.3f} {each:>11.1f} {bare:>16.1f} {hits:>6}")
    _bar("10,000 keyword triggers cost a message", seen[10_000][1], BAR_US, "us")
    _bar("100,000 build in", seen[100_000][0], BAR_BUILD_S, "s")


def _bar(what: str, figure: float, bar: float, unit: str) -> None:
    click.echo(f"{what} {figure:.2f} {unit}: {'within' if figure <= bar else 'OVER'} the bar of {bar:g} {unit}")


def _measure(size: int, types: Any) -> tuple[float, float, float, int]:
    random_ = random.Random(7)
    words = _words(random_, size)
    rows = [TriggerRow(f"t{i}", "f", "dm_keyword", word, {}, i) for i, word in enumerate(words)]
    started = process_time()
    matcher = Matcher(rows, types)
    build = process_time() - started
    events: list[Any] = [{"kind": "message", "text": text} for text in _messages(random_, words)]
    hits = sum(bool(matcher.candidates(event, False)) for event in events)
    return build, _each(matcher, events, folded=False), _each(matcher, events, folded=True), hits


def _each(matcher: Matcher, events: Sequence[Any], folded: bool) -> float:
    """Microseconds a message; without ``folded`` each text is folded anew, as a message that comes once is."""
    rounds = []
    for _ in range(5):
        fold.cache_clear()
        if folded:
            for event in events:
                fold(event["text"])
        started = perf_counter()
        for event in events:
            matcher.candidates(event, False)
        rounds.append((perf_counter() - started) / len(events) * 1e6)
    return statistics.median(rounds)


def _words(random_: random.Random, size: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < size:
        word = _word(random_, 2, 5)
        found[f"{word} {_word(random_, 2, 3)}" if random_.random() < 0.15 else word] = None
    return list(found)


def _word(random_: random.Random, least: int, most: int) -> str:
    return "".join(random_.choice(SYLLABLES) for _ in range(random_.randint(least, most)))


def _messages(random_: random.Random, words: Sequence[str]) -> list[str]:
    texts = []
    for i in range(MESSAGES):
        parts = [_word(random_, 1, 5) for _ in range(LENGTH // 6)]
        if i % 2:
            parts[random_.randrange(len(parts))] = random_.choice(words)
        texts.append(" ".join(parts)[:LENGTH].capitalize() + "?")
    return texts
