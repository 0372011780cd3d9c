"""Expressions (JSON s-expressions of ``core.lang.expressions``) to closures: evaluation never raises and always ends.

Each closure takes the Scope. The fixed cost of an expression stands in ``core.engine.cost`` and is charged by state; what
handles long texts or lists charges for their size, and answers null once the fuel is used up.
"""

import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from inspect import signature
from typing import Any

from core.engine import filters
from core.engine.functions import FUNCTIONS
from core.engine.operators import BINARY
from core.engine.patterns import compiled, found
from core.engine.scope import Scope
from core.engine.values import cut, is_set, member, text_of
from core.model.fold import plain
from core.model.limits import REPLY_CHARS_MATCHED
from core.model.program import Json

Closure = Callable[[Scope], Any]
Guard = Closure | None
"""None = always holds."""


def closure(e: Json) -> Closure:
    """The expression as a function of the scope. ValueError when it has an operator that does not exist.

    >>> closure(["+", 1, ["var", "n"]])(Scope())
    '1'
    """
    if not isinstance(e, list | tuple) or not e:
        return lambda scope: e
    build = BUILDERS.get(e[0])
    if build is not None:
        return build(e)
    binary = BINARY.get(e[0])
    if binary is None:
        raise ValueError(f"the operator {e[0]!r} does not exist")
    return _binary(binary, closure(e[1]), closure(e[2]))


def guard(e: Json) -> Guard:
    """A guard; None when it always holds."""
    return None if e is True else closure(e)


def _binary(function: Callable[[Any, Any], Any], a: Closure, b: Closure) -> Closure:
    def run(scope: Scope) -> Any:
        x, y = a(scope), b(scope)
        if (_large(x) or _large(y)) and not scope.pay(_size(x) + _size(y)):
            return None
        return function(x, y)

    return run


def _large(value: Any) -> bool:
    return isinstance(value, str | list | dict | tuple) and (len(value) > 64 or type(value) is not str)


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    return 4096 + 16 * len(value) if isinstance(value, list | dict | tuple) else 1


def _paid(function: Callable[..., Any], parts: Sequence[Closure]) -> Closure:
    """Applies a total function to values, charging for large ones."""
    if len(parts) == 1:
        one = parts[0]

        def run_one(scope: Scope) -> Any:
            value = one(scope)
            return None if _large(value) and not scope.pay(_size(value)) else function(value)

        return run_one

    def run(scope: Scope) -> Any:
        values = [p(scope) for p in parts]
        if any(_large(v) for v in values) and not scope.pay(sum(map(_size, values))):
            return None
        return function(*values)

    return run


def _var(e: Json) -> Closure:
    root, path = e[1], e[2:]
    read = _ROOTS.get(root)
    if read is None:
        if not path:
            return lambda scope: scope.vars.get(root)
        read = _variable(root)
    elif not path:
        return read
    if len(path) == 1:
        return _ONE[root](path[0]) if root in _ONE else _member(read, path[0])

    def run(scope: Scope) -> Any:
        value = read(scope)
        for key in path:
            value = member(value, key)
        return value

    return run


def _variable(name: str) -> Closure:
    return lambda scope: scope.vars.get(name)


def _member(read: Closure, key: str) -> Closure:
    return lambda scope: member(read(scope), key)


_ROOTS: dict[str, Closure] = {
    "contact": lambda scope: dict(scope.contact),
    "account": lambda scope: dict(scope.account),
    "trigger": lambda scope: dict(scope.trigger),
    "last": lambda scope: dict(scope.last),
    "window": lambda scope: scope.window(),
    "now": lambda scope: scope.now // 1000,
}
_ONE: dict[str, Callable[[str], Closure]] = {
    "contact": lambda key: lambda scope: scope.contact.get(key),
    "account": lambda key: lambda scope: scope.account.get(key),
    "trigger": lambda key: lambda scope: scope.trigger.get(key),
    "last": lambda key: lambda scope: scope.last.get(key),
}


def _list(e: Json) -> Closure:
    parts = [closure(x) for x in e[1:]]
    return lambda scope: [p(scope) for p in parts]


def _object(e: Json) -> Closure:
    pairs = [(str(k), closure(v)) for k, v in e[1]]
    return lambda scope: {k: v(scope) for k, v in pairs}


def _attribute(e: Json) -> Closure:
    of, key = closure(e[1]), e[2]
    return lambda scope: member(of(scope), key)


def _index(e: Json) -> Closure:
    of, key = closure(e[1]), closure(e[2])
    return lambda scope: member(of(scope), key(scope))


def _filter(e: Json) -> Closure:
    parts = [closure(x) for x in (e[1], *e[3:])]
    if e[2] == "date":
        fitting(filters.date, len(parts) + 1, "date")
        return lambda scope: filters.date(scope, *[p(scope) for p in parts])
    if e[2] not in filters.FILTERS:
        raise ValueError(f"the filter {e[2]!r} does not exist")
    return _paid(fitting(filters.FILTERS[e[2]], len(parts), e[2]), parts)


def _call(e: Json) -> Closure:
    name, parts = e[1], [closure(x) for x in e[2:]]
    if name == "in_segment":
        return lambda scope: text_of(parts[0](scope)) in scope.segments
    if name == "matches":
        pattern = compiled(text_of(e[3]))
        return _paid(lambda value: found(pattern, text_of(value)), parts[:1])
    if name not in FUNCTIONS:
        raise ValueError(f"the function {name!r} does not exist")
    return _paid(fitting(FUNCTIONS[name], len(parts), name), parts)


@lru_cache(maxsize=256)
def fitting(function: Callable[..., Any], count: int, name: str) -> Callable[..., Any]:
    """The function, when it takes that many arguments; else ValueError, so that evaluation itself never raises."""
    try:
        signature(function).bind(*range(count))
    except TypeError:
        raise ValueError(f"{name} does not take {count} arguments") from None
    return function


def _tagged(e: Json) -> Closure:
    name = e[1]
    return lambda scope: name in scope.tags


def _says(e: Json) -> Closure:
    words = [f" {plain(w)} " for w in e[1:]]

    def run(scope: Scope) -> bool:
        said = scope.last.get("text")
        if not isinstance(said, str) or not said:
            return False
        folded = f" {plain(said[:REPLY_CHARS_MATCHED])} "
        return any(w in folded for w in words)

    return run


def _not(e: Json) -> Closure:
    of = closure(e[1])
    return lambda scope: not of(scope)


def _negative(e: Json) -> Closure:
    return _binary(BINARY["-"], lambda scope: 0, closure(e[1]))


def _is_set(e: Json) -> Closure:
    of, wanted = closure(e[1]), e[0] == "isset"
    return lambda scope: is_set(of(scope)) is wanted


def _and(e: Json) -> Closure:
    a, b = closure(e[1]), closure(e[2])
    return lambda scope: a(scope) and b(scope)


def _or(e: Json) -> Closure:
    a, b = closure(e[1]), closure(e[2])
    return lambda scope: a(scope) or b(scope)


def _duration(e: Json) -> Closure:
    seconds = e[1]
    return lambda scope: seconds


def _template(e: Json) -> Closure:
    parts = [p if isinstance(p, str) else closure(p[0]) for p in e[1]]

    def run(scope: Scope) -> str:
        text = "".join([p if isinstance(p, str) else text_of(p(scope)) for p in parts])
        if len(text) > 1000 and not scope.pay(len(text)):
            return ""
        return cut(text)

    return run


def _roll(e: Json) -> Closure:
    _, key, upto, sticky = e

    def run(scope: Scope) -> bool:
        seed = f"{scope.contact_id if sticky else scope.run_id}:{key}".encode("utf-8", "replace")
        return bool(zlib.crc32(seed) / 4294967296.0 < upto)

    return run


BUILDERS: dict[str, Callable[[Json], Closure]] = {
    "var": _var,
    "dur": _duration,
    "list": _list,
    "obj": _object,
    "attr": _attribute,
    "idx": _index,
    "filter": _filter,
    "call": _call,
    "tagged": _tagged,
    "says": _says,
    "not": _not,
    "neg": _negative,
    "isset": _is_set,
    "isunset": _is_set,
    "and": _and,
    "or": _or,
    "tpl": _template,
    "roll": _roll,
}
