"""The kept tables of the parser are those of the grammar."""

import json

import pytest

from core.lang.text.tables import TABLES, built, load, made, source
from tests.lang.test_text import STEPS


def test_kept_tables_are_fresh() -> None:
    kept = json.loads(TABLES.read_bytes())
    assert kept["of"] == source(), "run: python -m core.lang.text.tables"


@pytest.mark.parametrize("name", STEPS)
def test_kept_tables_read_like_the_grammar(name: str) -> None:
    line = STEPS[name][0].split("\n")[0]
    if line.count("[") != line.count("]") or line.startswith("#") or '"""' in line:
        return
    assert _KEPT.parse(line, start="step") == _BUILT.parse(line, start="step")


@pytest.mark.parametrize("tables", [b"", b'{"of": "lark 0.1"}'])
def test_other_tables_are_not_used(tables: bytes) -> None:
    assert load(tables).parse("pass", start="step").data == "pass_"


_KEPT, _BUILT = load(made()), built()
