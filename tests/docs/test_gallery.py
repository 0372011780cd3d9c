"""The page of example flows and their pictures are what the flows are today; run ``make golden`` after a change."""

from xml.etree import ElementTree as ET

import pytest

from core.host.registry import Registry
from core.testing import gallery
from tests.docs.pages import GENERATE, ROOT

FOLDER = ROOT / "flows_examples"


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    registry: Registry = GENERATE.registry()
    return gallery.pictures(FOLDER, registry)


def test_every_flow_has_its_picture_and_no_picture_is_left_over(drawn: dict[str, str]) -> None:
    assert {p.name for p in FOLDER.glob("*.svg")} == set(drawn)
    assert {p.name.partition(".")[0] for p in FOLDER.glob("*.test.yaml")} == {n.removesuffix(".svg") for n in drawn}


def test_the_pictures_are_current(drawn: dict[str, str]) -> None:
    old = [name for name, text in drawn.items() if (FOLDER / name).read_text("utf-8") != text]
    assert old == [], "run: make golden"


def test_a_picture_is_well_formed_and_names_its_flow(drawn: dict[str, str]) -> None:
    for name, text in drawn.items():
        root = ET.fromstring(text)
        assert root.tag.endswith("svg"), name
