"""Looking through an expression and putting others in its place, without recursion where a stranger decides the depth."""

from collections.abc import Iterator, Mapping

from core.model.program import Json


def children(e: Json) -> list[Json]:
    """The expressions directly inside ``e``."""
    if not isinstance(e, list) or not e or e[0] in ("var", "dur", "tagged", "says", "roll"):
        return []
    if e[0] == "obj":
        return [value for _, value in e[1]]
    if e[0] == "tpl":
        return [part[0] for part in e[1] if not isinstance(part, str)]
    return [c for c in e[1:] if isinstance(c, list)]


def walk(e: Json) -> Iterator[list[Json]]:
    """Every operator inside ``e``, itself first.

    >>> [x[0] for x in walk(["and", ["tagged", "vip"], ["var", "n"]])]
    ['and', 'var', 'tagged']
    """
    stack = [e]
    while stack:
        one = stack.pop()
        if isinstance(one, list) and one:
            yield one
            stack.extend(children(one))


def depth(e: Json) -> int:
    """How deep the expression is nested; a scalar has depth 0."""
    deepest, level = 0, [e]
    while level := [c for one in level for c in children(one)]:
        deepest += 1
    return deepest + 1 if isinstance(e, list) else 0


def variables(e: Json) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Every path that is read, and whether a default, a test for presence or a count guards it.

    >>> list(variables(["filter", ["var", "contact", "city"], "default", "x"]))
    [(('contact', 'city'), True)]
    """
    stack: list[tuple[Json, bool]] = [(e, False)]
    while stack:
        one, guarded = stack.pop()
        if not isinstance(one, list) or not one:
            continue
        if one[0] == "var":
            yield tuple(one[1:]), guarded
        elif one[0] in ("isset", "isunset") or (one[0] == "filter" and one[2] in ("default", "length")):
            stack.append((one[1], True))
            stack.extend((c, guarded) for c in one[3:])
        else:
            stack.extend((c, guarded) for c in children(one))


def substitute(e: Json, names: Mapping[str, Json]) -> Json:
    """``e`` with each variable whose first word is in ``names`` replaced; used for expansions of plugins (decision 21)."""
    if not isinstance(e, list) or not e:
        return e
    if e[0] == "var":
        return _member(names[e[1]], e[2:]) if e[1] in names else e
    if e[0] in ("dur", "tagged", "says", "roll"):
        return e
    if e[0] == "obj":
        return ["obj", [[k, substitute(v, names)] for k, v in e[1]]]
    if e[0] == "tpl":
        return ["tpl", [p if isinstance(p, str) else [substitute(p[0], names)] for p in e[1]]]
    return [e[0], *(substitute(c, names) for c in e[1:])]


def _member(e: Json, path: list[str]) -> Json:
    for word in path:
        e = [*e, word] if isinstance(e, list) and e[0] == "var" else ["attr", e, word]
    return e
