"""Whatever is typed and wherever the pointer stands, the server has an answer; without its package it says what to do."""

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cli.lsp import going
from core.cli.lsp.actions import format_edits
from core.cli.lsp.checking import shown
from core.cli.lsp.complete import complete
from core.cli.lsp.hover import hover
from core.cli.lsp.page import ENDINGS, Page
from core.host.manager import load
from core.lang.printing import WouldLose

ROOT = Path(__file__).parents[2]
BOX = load(entry_points=False)
EXAMPLES = [
    (p.read_text("utf-8"), ENDINGS[p.suffix])
    for p in sorted((ROOT / "flows_examples").iterdir())
    if p.suffix in (".yaml", ".json", ".flow") and ".test." not in p.name
]
PIECES = st.sampled_from(
    [
        "",
        "\n",
        "  ",
        '"',
        "{{",
        "}}",
        "->",
        ":",
        "|",
        "\t",
        "🎉",
        "\r\n",
        "\u2028",
        "\x0c",
        "- ",
        "[",
        "say ",
        "when",
        "#",
    ]
)
MANY = settings(
    max_examples=3_000 if os.environ.get("INSTAFLOW_NIGHTLY") else 150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@MANY
@given(
    which=st.sampled_from(EXAMPLES),
    start=st.floats(0, 1),
    length=st.integers(0, 40),
    piece=PIECES,
    pointer=st.floats(0, 1),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-32"]),
)
def test_every_question_has_an_answer(
    which: tuple[str, str], start: float, length: int, piece: str, pointer: float, encoding: str
) -> None:
    text, notation = which
    at = int(start * len(text))
    before = Page(text, notation, None, encoding, BOX)
    page = Page(text[:at] + piece + text[at + length :], notation, None, encoding, BOX, before)
    offset = int(pointer * len(page.plain))
    assert page.positions.offset(page.positions.position(offset)) == offset
    complete(page, offset)
    hover(page, offset)
    going.definition(page, offset)
    going.references(page, offset, True)
    going.symbols(page)
    shown(page, "file:///x")
    try:
        format_edits(page)
    except WouldLose as e:
        assert str(e)
    if going.renameable(page, offset):
        assert going.renamed(page, offset, "a_new_name")[None]


def test_without_its_package_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['pygls'] = None; from core.cli import main; main(['lsp'])"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 1 and "pip install 'instaflow[lsp]'" in done.stderr and "Traceback" not in done.stderr


def test_it_ends_with_its_editor() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", "lsp"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    assert done.stdout == b"" and b"Traceback" not in done.stderr
