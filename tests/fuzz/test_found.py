"""What the fuzzers have found, kept so that it does not come back."""

import pytest

from tests.fuzz.targets import TARGETS

LONG = 'say"a"or ' * 220 + "end"
FOUND = {
    "a text of an expression with U+0000": ("expression", b"a|default('\x00')"),
    "a text of a property with U+0000": ("property", b'say "\x00"'),
    "a property that is longer in its own spelling": ("property", LONG.encode()),
    "a step with two verbs, printed": ("yaml", b"flow: a\nsteps:\n  b: {say: Hi, wait: 1h}\n"),
}


@pytest.mark.parametrize("name", FOUND)
def test_found(name: str) -> None:
    target, data = FOUND[name]
    TARGETS[target](data)
