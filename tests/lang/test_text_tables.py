"""The kept tables of the parser are those of the grammar."""

import json

import pytest

from core.lang.text.tables import TABLES, built, load, made, source
from tests.lang.test_text import STEPS


def test_kept_tables_are_fresh(request: pytest.FixtureRequest) -> None:
    if kept() != source() and request.config.getoption("--update-golden"):
        TABLES.write_bytes(made())
    assert kept() == source(), "run: make golden"


def kept() -> str:
    """What the kept tables were made of."""
    return str(json.loads(TABLES.read_bytes())["of"]) if TABLES.exists() else ""


def test_kept_tables_read_like_the_grammar() -> None:
    known, fresh = load(TABLES.read_bytes()), built()
    for body, _ in STEPS.values():
        line = body.split("\n")[0]
        if line[0] != "#" and line.count("[") == line.count("]") and '"""' not in line:
            assert known.parse(line, start="step") == fresh.parse(line, start="step")


@pytest.mark.parametrize("tables", [b"", b'{"of": "lark 0.1"}'])
def test_other_tables_are_not_used(tables: bytes) -> None:
    assert load(tables).parse("pass", start="step").data == "pass_"
