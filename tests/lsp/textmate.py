"""A reader of TextMate grammars, as much of it as ours uses: match, begin and end, captures, includes."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

Rule = dict[str, Any]


class Grammar:
    """Lines to tokens, each with the names of its scopes, outermost first."""

    def __init__(self, path: Path) -> None:
        self.grammar: Rule = json.loads(path.read_text("utf-8"))

    def lines(self, text: str) -> Iterator[list[tuple[int, int, tuple[str, ...]]]]:
        """For each line its tokens: start, end, scopes."""
        stack: list[Rule] = [{"patterns": self.grammar["patterns"], "scopes": (self.grammar["scopeName"],)}]
        for line in text.split("\n"):
            yield merged(list(self._line(line, stack)))

    def _line(self, line: str, stack: list[Rule]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        at = 0
        while at <= len(line) and (found := self._next(line, at, stack[-1])):
            rule, match = found
            yield (at, match.start(), stack[-1]["scopes"])
            depth = len(stack)
            yield from self._matched(rule, match, stack)
            at = match.end()
            if match.end() == match.start() and len(stack) == depth:
                yield (at, min(at + 1, len(line)), stack[-1]["scopes"])
                at += 1
        yield (min(at, len(line)), len(line), stack[-1]["scopes"])

    def _next(self, line: str, at: int, top: Rule) -> tuple[Rule | None, re.Match[str]] | None:
        best: tuple[Rule | None, re.Match[str]] | None = None
        if "end" in top and (match := compiled(top["end"]).search(line, at)):
            best = None, match
        for rule in self._flat(top["patterns"]):
            match = compiled(rule.get("match") or rule["begin"]).search(line, at)
            if match and (best is None or match.start() < best[1].start()):
                best = rule, match
        return best

    def _flat(self, patterns: list[Rule]) -> Iterator[Rule]:
        for rule in patterns:
            if "include" in rule:
                found = self.grammar["repository"][rule["include"].removeprefix("#")]
                yield from self._flat([found] if "match" in found or "begin" in found else found["patterns"])
            else:
                yield rule

    def _matched(
        self, rule: Rule | None, match: re.Match[str], stack: list[Rule]
    ) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        if rule is None:
            top = stack.pop()
            yield from captured(match, top.get("endCaptures"), top["scopes"])
            return
        scopes = stack[-1]["scopes"] + ((rule["name"],) if "name" in rule else ())
        if "begin" not in rule:
            yield from captured(match, rule.get("captures"), scopes)
            return
        yield from captured(match, rule.get("beginCaptures"), scopes)
        stack.append({**rule, "patterns": rule.get("patterns", []), "scopes": scopes})


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Oniguruma's patterns that ours keeps to are Python's too."""
    return re.compile(pattern)


def captured(
    match: re.Match[str], captures: Rule | None, scopes: tuple[str, ...]
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The pieces of a match by its captures, which do not lie in each other."""
    at = match.start()
    for number, capture in sorted((captures or {}).items(), key=lambda c: int(c[0])):
        start, end = match.span(int(number))
        if start >= at and end > start:
            yield (at, start, scopes)
            yield (start, end, (*scopes, capture["name"]))
            at = end
    yield (at, match.end(), scopes)


def merged(tokens: list[tuple[int, int, tuple[str, ...]]]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Without empty tokens; neighbours of the same scopes are one."""
    out: list[tuple[int, int, tuple[str, ...]]] = []
    for start, end, scopes in tokens:
        if start == end:
            continue
        if out and out[-1][1] == start and out[-1][2] == scopes:
            out[-1] = (out[-1][0], end, scopes)
        else:
            out.append((start, end, scopes))
    return out
