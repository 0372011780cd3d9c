"""Conditions without a contact: each is taken to hold and not to hold, the same way on both sides."""

from collections.abc import Mapping
from typing import NamedTuple

from core.model.codec import canonical
from core.model.program import Json


class Atom(NamedTuple):
    """A condition that cannot be taken apart, at a moment: ``after`` = what was changed before it in the same step."""

    text: str
    after: str = ""


Assumed = Mapping[Atom, bool]


class Open(Exception):
    """It depends on a condition about which nothing is assumed yet."""

    def __init__(self, atom: Atom, guard: Json) -> None:
        super().__init__(atom.text)
        self.atom, self.guard = atom, guard


def holds(guard: Json, assumed: Assumed, after: str) -> bool:
    """The truth of a guard. Raises Open."""
    if guard is True or guard is False or guard is None:
        return bool(guard)
    if isinstance(guard, list | tuple) and guard:
        if guard[0] == "not":
            return not holds(guard[1], assumed, after)
        if guard[0] == "and":
            return holds(guard[1], assumed, after) and holds(guard[2], assumed, after)
        if guard[0] == "or":
            return holds(guard[1], assumed, after) or holds(guard[2], assumed, after)
        if guard[0] == "isunset":
            return not holds(["isset", guard[1]], assumed, after)
        if guard[0] in ("!=", "notin"):
            return not holds(["==" if guard[0] == "!=" else "in", *guard[1:]], assumed, after)
    atom = Atom(canonical(guard).decode(), after)
    if atom not in assumed:
        raise Open(atom, guard)
    return assumed[atom]
