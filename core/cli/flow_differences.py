"""A difference between two versions of a flow as lines for the terminal."""

from collections.abc import Iterator, Mapping
from typing import Any


def told(difference: Mapping[str, Any], where: str = "") -> Iterator[tuple[str, str | None]]:
    """Lines with their colours. ``difference`` = {after, old, new, ways}; ``where`` stands before its way.

    >>> [line for line, _ in told({"after": ["the start"], "old": ["wait 1h"], "new": ["wait 2h"], "ways": 1})]
    ['after: the start', '    - wait 1h', '    + wait 2h']
    """
    way = " -> ".join(difference["after"]) or "in the flow's settings"
    more = f" (and on {difference['ways'] - 1} other ways)" if difference["ways"] > 1 else ""
    yield f"{where}after: {way}{more}", None
    for sign, colour, lines in (("-", "red", difference["old"]), ("+", "green", difference["new"])):
        yield from ((f"    {sign} {line}", colour) for line in lines)
