"""Which step of a new version is which step of the old one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from core.model.codec import canonical

Node = Mapping[str, Any]
_NOT_CONTENT = frozenset({"id", "position", "connections", "notes"})
_MOST = 60
"""So many steps between two that are known are compared with each other."""


def pairs(new: Sequence[Node], old: Sequence[Node], automatic: AbstractSet[str]) -> dict[str, str]:
    """New id to old id, for the steps that are the same: nodes in the order of their texts.

    Ids that are not ``automatic`` were written, and name the same step in both. The others are told by what the steps say: first in
    order (the longest common run of steps, and so on), then wherever they were moved to; last, a step that was changed is the one of
    its type that stood in the same place.

    >>> say = lambda id, text: {"id": id, "type": "message", "content": {"text": text}}
    >>> pairs([say("a.say1", "new"), say("a.say2", "Hi")], [say("a.say1", "Hi")], {"a.say1", "a.say2"})
    {'a.say2': 'a.say1'}
    """
    there = {n["id"] for n in old}
    found = {n["id"]: n["id"] for n in new if n["id"] not in automatic and n["id"] in there}
    before = [n for n in old if n["id"] not in found]
    after = [n for n in new if n["id"] in automatic]
    for ours, theirs in _alike(after, before):
        found[ours["id"]] = theirs["id"]
    _changed(new, old, automatic, found)
    return found


def _content(node: Node) -> bytes:
    """What a step says: its fields, and the conditions of its exits, but not where they lead."""
    ways = node.get("connections")
    conditions = [c.get("condition") for c in ways if isinstance(c, Mapping)] if isinstance(ways, list) else []
    return canonical([{k: v for k, v in node.items() if k not in _NOT_CONTENT}, conditions])


def _alike(new: Sequence[Node], old: Sequence[Node]) -> Iterator[tuple[Node, Node]]:
    ours, theirs = [_content(n) for n in new], [_content(n) for n in old]
    used: set[int] = set()
    left: dict[bytes, list[int]] = defaultdict(list)
    taken: set[int] = set()
    for a, b, size in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        for i in range(size):
            used.add(a + i)
            taken.add(b + i)
            yield new[a + i], old[b + i]
    for j, content in enumerate(theirs):
        if j not in taken:
            left[content].append(j)
    for i, content in enumerate(ours):
        if i not in used and left[content]:
            yield new[i], old[left[content].pop(0)]


def _changed(new: Sequence[Node], old: Sequence[Node], automatic: AbstractSet[str], found: dict[str, str]) -> None:
    """Adds the steps that say something else now but stand between the same neighbours, the likest first."""
    where = {n["id"]: i for i, n in enumerate(old)}
    free = {n["id"] for n in old} - set(found.values())
    runs = groupby(new, key=lambda n: n["id"] in found or n["id"] not in automatic)
    stretches = [(known, list(run)) for known, run in runs]
    for k, (known, run) in enumerate(stretches):
        if known:
            continue
        before = found.get(stretches[k - 1][1][-1]["id"]) if k else None
        behind = found.get(stretches[k + 1][1][0]["id"]) if k + 1 < len(stretches) else None
        ahead = _run(old, where[before] + 1 if before else 0, 1, free) if before or not k else ()
        back = (
            _run(old, where[behind] - 1 if behind else len(old) - 1, -1, free)
            if behind or k + 1 == len(stretches)
            else ()
        )
        near = {n["id"]: n for n in (*ahead, *back)}
        _likest(run[:_MOST], sorted(near.values(), key=lambda n: where[n["id"]])[:_MOST], found, free)


def _likest(new: Sequence[Node], old: Sequence[Node], found: dict[str, str], free: set[str]) -> None:
    scored = [
        (-SequenceMatcher(None, _content(a), _content(b), autojunk=False).quick_ratio(), abs(i - j), i, j)
        for i, a in enumerate(new)
        for j, b in enumerate(old)
        if a.get("type") == b.get("type")
    ]
    for _, _, i, j in sorted(scored):
        if new[i]["id"] not in found and old[j]["id"] in free:
            found[new[i]["id"]] = old[j]["id"]
            free.discard(old[j]["id"])


def _run(old: Sequence[Node], at: int, direction: int, free: AbstractSet[str]) -> Iterator[Node]:
    """The steps from ``at`` on that are nobody's yet, up to the first that is somebody's."""
    while 0 <= at < len(old) and old[at]["id"] in free:
        yield old[at]
        at += direction
