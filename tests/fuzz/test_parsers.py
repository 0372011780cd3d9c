"""Bad input of every sort: a diagnostic within three seconds, never a crash. ``make nightly`` goes on with atheris."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import WORDS, flows, seeds
from tests.fuzz.targets import TARGETS, compiled, in_time

NIGHTLY = bool(os.environ.get("INSTAFLOW_NIGHTLY"))
TIGHT = settings(
    max_examples=5000 if NIGHTLY else 100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
NOTATIONS = ("json", "yaml", "flow")
FLOWS = {notation: [f.encode() for f in flows(notation)] for notation in NOTATIONS}
ENCODINGS = ("utf-16", "utf-32", "latin-1", "utf-8-sig", "cp037", "utf-7")
DEEP = 10_000


@pytest.mark.parametrize("target", TARGETS)
def test_seeds(target: str) -> None:
    for seed in seeds(target):
        in_time(target, seed)


@pytest.mark.parametrize("target", TARGETS)
@TIGHT
@given(data=st.binary(max_size=400))
def test_any_bytes(target: str, data: bytes) -> None:
    in_time(target, data)


@pytest.mark.parametrize("target", TARGETS)
@TIGHT
@given(text=st.lists(st.sampled_from(WORDS) | st.text(max_size=6) | st.just("\n  "), max_size=40).map("".join))
def test_any_words(target: str, text: str) -> None:
    in_time(target, text.encode("utf-8", "surrogatepass"))


CUTS = st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(WORDS) | st.text(max_size=8))


@pytest.mark.parametrize("notation", NOTATIONS)
@TIGHT
@given(which=st.integers(0, 1000), cuts=st.lists(CUTS, min_size=1, max_size=6))
def test_a_flow_with_holes(notation: str, which: int, cuts: list[tuple[float, int, str]]) -> None:
    """An example with pieces taken out, others put in."""
    data = FLOWS[notation][which % len(FLOWS[notation])]
    for at, less, more in cuts:
        begin = int(at * len(data))
        data = data[:begin] + more.encode("utf-8", "surrogatepass") + data[begin + less :]
    in_time(notation, data)


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_wrong_encodings(notation: str, encoding: str) -> None:
    for flow in FLOWS[notation]:
        compiled(flow.decode().encode(encoding, "replace"), notation)


NESTED = {
    "json": ('{"nodes": ', "[", "]", "}"),
    "yaml": ("steps: ", "[", "]", ""),
    "yaml block": ("steps:\n", "- ", "", "x"),
    "yaml keys": ("steps: ", "{a: ", "}", ""),
    "flow": ("flow a\n\nb:\n  set c = ", "(", ")", ""),
    "flow list": ("flow a\n\nb:\n  set c = ", "[", "]", ""),
    "flow not": ("flow a\n\nb:\n  if ", "not ", "", "x -> b"),
    "flow minus": ("flow a\n\nb:\n  set c = ", "-", "", "1"),
    "flow or": ("flow a\n\nb:\n  if x", " or x", "", " -> b"),
    "flow path": ("flow a\n\nb:\n  set c = a", ".a", "", ""),
    "flow filter": ("flow a\n\nb:\n  set c = a", "|upper", "", ""),
}


@pytest.mark.parametrize("shape", NESTED)
@pytest.mark.parametrize("closed", [True, False])
def test_nesting_of_ten_thousand(shape: str, closed: bool) -> None:
    before, opening, closing, after = NESTED[shape]
    text = before + opening * DEEP + closing * DEEP * closed + after
    found = compiled(text.encode(), shape.partition(" ")[0]).diagnostics
    assert any(d.severity == "error" for d in found)


def test_blocks_of_ten_thousand() -> None:
    lines = [f"{' ' * n}if tagged a{n}:" for n in range(2, 1000, 2)]
    assert compiled("\n".join(["flow a", "", "b:", *lines]).encode(), "flow").diagnostics


ENDLESS = ("(a+)+$", "(a|a)*b", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?:a{1,500}){1,500}", "a{100000}", "(" * 200)


@pytest.mark.parametrize("pattern", ENDLESS)
def test_patterns_that_would_not_end(pattern: str) -> None:
    flow = f"flow a\n\nb:\n  ask text 'x'\n    matching /{pattern}/\n    on valid -> b\n    else -> end\n"
    done = compiled(flow.encode(), "flow")
    if done.program is None or not done.ok:
        assert done.diagnostics
        return
    from core.engine.shelf import Shelf
    from core.engine.simulate import simulate

    events = [{"type": "start"}, {"type": "text", "text": "a" * 5000 + "!"}]
    simulate(Shelf([done.program]), done.program.hash, {"events": events})


CAPS = {"flow": 256 * 1024, "yaml": 1024 * 1024, "json": 4 * 1024 * 1024}


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("filled", ["x", " ", "\n", "a: 1\n", "[", '"', "# ", "\t", "é", "\x00"])
def test_files_at_the_cap(notation: str, filled: str) -> None:
    """Just under it the file is read, one byte more and it is refused; either is said in time."""
    size = len(filled.encode())
    under = filled * (CAPS[notation] // size)
    compiled(under.encode(), notation)
    (found, *_) = compiled((under + filled).encode(), notation).diagnostics
    assert found.code == "IF001" and "too large" in found.message
