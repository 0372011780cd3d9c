"""All keywords of one kind of event in one automaton: a message is read once, however many triggers there are."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import re2
from ahocorasick_rs import AhoCorasick, Implementation

from core.model.fold import fold
from core.runtime.match.words import MATCHED_CHARS, cased, is_edge, matches, open_left, open_right, stands


class Entry(NamedTuple):
    """One keyword of one trigger; ``place`` is its number in the order of precedence."""

    place: int
    keyword: str
    mode: str
    exact_case: bool


class KeywordIndex:
    """Finds the entries whose keyword is in a text. Immutable.

    >>> index = KeywordIndex([Entry(0, "price", "word", False), Entry(1, "^ord", "regex", False)])
    >>> list(index.hits("The PRICE, please")), list(index.hits("prices")), list(index.hits("Order 5"))
    ([0], [], [1])
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        by_word: dict[str, list[Entry]] = {}
        self._patterns: list[tuple[int, Any]] = []
        for entry in entries:
            if entry.mode == "regex":
                pattern = compiled(entry.keyword, entry.exact_case)
                if pattern is not None:
                    self._patterns.append((entry.place, pattern))
            elif word := fold(entry.keyword):
                by_word.setdefault(word, []).append(entry)
        self._words = list(by_word)
        self._entries = [_compact(group) for group in by_word.values()]
        self._open = [(open_left(w), open_right(w)) for w in self._words]
        self._automaton = AhoCorasick(self._words, implementation=Implementation.ContiguousNFA)

    def hits(self, text: str) -> Iterator[int]:
        """Places of the entries that take the text; one may come more than once."""
        folded = fold(text[:MATCHED_CHARS])
        length = len(folded)
        for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            entries = self._entries[number]
            if type(entries) is int:  # by far most keywords: one trigger, mode word
                free_left, free_right = self._open[number]
                if (start == 0 or free_left or is_edge(folded[start - 1])) and (
                    end == length or free_right or is_edge(folded[end])
                ):
                    yield entries
                continue
            for entry in entries:
                if _takes(entry, text, folded, start, end):
                    yield entry.place
        for place, pattern in self._patterns:
            if pattern.search(cased(text[:MATCHED_CHARS])):
                yield place


def _compact(group: list[Entry]) -> Any:
    if len(group) == 1 and group[0].mode == "word" and not group[0].exact_case:
        return group[0].place
    return tuple(group)


def _takes(entry: Entry, text: str, folded: str, start: int, end: int) -> bool:
    if not stands(folded, start, end, folded[start:end], entry.mode):
        return False
    return not entry.exact_case or matches(cased(text[:MATCHED_CHARS]), cased(entry.keyword), entry.mode)


def compiled(pattern: str, exact_case: bool) -> Any:
    """The pattern as an RE2 object (linear time whatever the pattern); None when it is not one.

    >>> compiled("(", False) is None, compiled("a+", False).search("xAx") is not None
    (True, True)
    """
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = exact_case
    try:
        return re2.compile(pattern, options)
    except re2.error:
        return None
