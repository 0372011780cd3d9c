"""What is fuzzed: bytes in, no exception out, within three seconds. The law of each door is asserted too."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

from core.host.manager import load
from core.host.registry import Registry
from core.lang import Compilation, compile_text
from core.lang.expressions import ExpressionError, parse_expression, parse_template
from core.lang.expressions.unparse import unparse
from core.lang.printing import normal, to_json, to_text, to_yaml
from core.lang.printing.text_form import Unsayable
from core.lang.properties import PropertyError, read_property
from core.lang.reading import read
from core.lang.reading.unreadable import Unreadable
from core.lang.vet import unfit
from core.model.codec import canonical
from core.testing.flowtest import Unplayable, read_suite

SECONDS = 3
"""A diagnostic within three seconds, whatever comes (issue 3)."""


@lru_cache(maxsize=1)
def registry() -> Registry:
    """The plugins in the box."""
    return load(entry_points=False)


def compiled(data: bytes, notation: str | None) -> Compilation:
    """Never raises; what is not fine is named, in words."""
    done = compile_text(data, registry(), notation)
    assert done.program is not None or done.diagnostics
    assert all(d.message and d.code for d in done.diagnostics)
    canonical([d.as_json() for d in done.diagnostics])
    return done


def _notation(notation: str) -> Callable[[bytes], None]:
    def one(data: bytes) -> None:
        compiled(data, notation)
        try:
            document = read(data, notation, "flow").data
        except Unreadable:
            return
        if isinstance(document, dict) and unfit(document) is None:
            _printed(document)

    return one


def _printed(document: dict[str, object]) -> None:
    """What can be read is printed, and what is printed reads as the same."""
    wanted = normal(document)
    if not isinstance(wanted.get("nodes", []), list) or not isinstance(wanted.get("flowDefinition", {}), dict):
        return
    to_yaml(wanted)
    with suppress(Unsayable):
        to_text(wanted)
    assert canonical(normal(read(to_json(wanted), "json", "flow").data)) == canonical(wanted)


def expression(data: bytes) -> None:
    """Read or refused; what is read is spelled so that it reads as the same."""
    text = data.decode("utf-8", "replace")
    for parse in (parse_expression, parse_template):
        try:
            found = parse(text)
        except ExpressionError:
            continue
        if parse is parse_expression:
            assert parse_expression(unparse(found)) == found


def flow_property(data: bytes) -> None:
    """Read or refused, whatever its kind."""
    text = data.decode("utf-8", "replace")
    for kind in ("never", "always", "eventually"):
        try:
            made = read_property(kind, text)
        except PropertyError:
            continue
        assert read_property(kind, made.text.partition(" ")[2]).text == made.text


def flow_test(data: bytes) -> None:
    """A test file, with or without mistakes."""
    try:
        read_suite(data.decode("utf-8", "replace"))
    except Unplayable as e:
        assert e.problems


def in_time(target: str, data: bytes) -> None:
    """Plays a target; it may use so many seconds of the processor, however busy the machine is."""
    begun = time.process_time()
    TARGETS[target](data)
    assert time.process_time() - begun < SECONDS


TARGETS: dict[str, Callable[[bytes], None]] = {
    "json": _notation("json"),
    "yaml": _notation("yaml"),
    "flow": _notation("flow"),
    "expression": expression,
    "property": flow_property,
    "test": flow_test,
}
