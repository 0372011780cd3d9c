"""The generated reference pages are what the program says today; run ``make golden`` after a change."""

import pytest

from tests.docs.pages import GENERATE, ROOT


@pytest.mark.parametrize("name", sorted(GENERATE.PAGES))
def test_page_is_current(name: str) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text() == GENERATE.PAGES[name](), "run: make golden"
