"""The page of the text language names every word, and shows each in a flow that is tested."""

import pytest

from core.lang.text.words import HEADER, OPTIONS, STEPS
from tests.docs.pages import ROOT, blocks, prose

PAGE = ROOT / "docs" / "reference" / "text-language.md"
SHOWN = "\n".join(b.text for b in blocks(PAGE) if b.language == "flow")
NOT_SHOWN = {"prop", "start", "audio", "file", "do"}
"""Words that a flow needs only with a plugin, or with keys that nothing reads."""


@pytest.mark.parametrize("word", sorted({*STEPS, *OPTIONS, *HEADER}))
def test_word_is_explained(word: str) -> None:
    assert f"`{word}`" in prose(PAGE) or f"`{word} " in prose(PAGE)
    lines = [line.split(None, 1)[0].rstrip(":") for line in SHOWN.splitlines() if line.strip()]
    assert word in lines or word in NOT_SHOWN
