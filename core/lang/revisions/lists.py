"""Lists whose items have names: what each is told by, and the order of two changed lists in one."""

from collections.abc import Hashable, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from core.model.codec import canonical


class _Absent(Enum):
    ABSENT = "absent"

    def __repr__(self) -> str:
        return "nothing"


ABSENT: Final = _Absent.ABSENT
"""What a side has that does not have the thing."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    "nodes": ("id",),
    "connections": ("condition",),
    "buttons": ("type", "payload", "contentType", "url"),
    "cards": ("title",),
    "params": ("name",),
    "triggers": ("type", "keyword", "postPermalink", "ref", "payload", "adId", "emoji"),
}
"""List -> the fields by which its objects are told apart; items of other lists are their own names."""


def keyed(name: str, items: Sequence[Any]) -> dict[Hashable, Any] | None:
    """The items by their names; None when two have the same."""
    out = {_name(name, item): item for item in items}
    return out if len(out) == len(items) else None


def _name(name: str, item: Any) -> Hashable:
    fields = _NAMES.get(name)
    if fields is None or not isinstance(item, Mapping):
        return canonical(item).decode()
    if len(fields) == 1:
        given = item.get(fields[0])
        return given if isinstance(given, str) else canonical(given).decode()
    return canonical([item.get(f) for f in fields]).decode()


def replaced(base: Mapping[Hashable, Any], ours: Mapping[Hashable, Any], theirs: Mapping[Hashable, Any]) -> bool:
    """True when both sides took the same item away and each put something else in: they may have changed one thing differently."""
    gone = base.keys() - ours.keys() - theirs.keys()
    mine, other = ours.keys() - base.keys(), theirs.keys() - base.keys()
    return bool(gone and mine and other and mine != other)


def order(
    base: Sequence[Hashable], ours: Sequence[Hashable], theirs: Sequence[Hashable], strict: bool
) -> list[Hashable] | None:
    """All names of the two lists (those that one side removed included), each behind what it stands behind there.

    Who changed the order wins; when both did, differently, None if ``strict``, else ours.

    >>> order("abc", "axbc", "abcy", strict=True)
    ['a', 'x', 'b', 'c', 'y']
    """
    common = [k for k in base if k in ours and k in theirs]
    mine, other = [k for k in ours if k in common], [k for k in theirs if k in common]
    first, second = ours, theirs
    if mine == common and other != common:
        first, second = theirs, ours
    elif mine != other and other != common and strict:
        return None
    out = list(first)
    for i, key in enumerate(second):
        if key not in out:
            before = next((k for k in reversed(second[:i]) if k in out), None)
            at = out.index(before) + 1 if before is not None else 0
            while at < len(out) and out[at] not in base and out[at] not in second:
                at += 1
            out.insert(at, key)
    return out
