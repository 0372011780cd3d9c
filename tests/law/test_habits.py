"""The habits of the house: small files, short functions, documented modules, no addresses of one machine."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import instaflow

ROOT = Path(__file__).parents[2]
SOURCE = ("core", "plugins", "instaflow", "flask_api")
SKIPPED = {".git", ".venv", "data", "build", "node_modules", "__pycache__", "dist"}

FILE_LINES = 300
FUNCTION_LINES = 40
PUBLIC_NAMES = 45

REGISTRIES = ("pypi" + ".org", "python" + "hosted", "npm" + "js.org", "registry." + "yarnpkg", "rubygems" + ".org")
MACHINE = ("/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/", "/op" + "t/")
BINARY = {".png", ".jpg", ".ico", ".woff2", ".gif", ".mp4", ".pyc", ".db"}


def files() -> Iterator[Path]:
    """Every file that belongs to the project."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in SKIPPED and not f.endswith(("_cache", ".egg-info", ".hypothesis"))]
        yield from (Path(folder) / name for name in names)


def python(*tops: str) -> list[Path]:
    return [p for p in files() if p.suffix == ".py" and (not tops or p.relative_to(ROOT).parts[0] in tops)]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_files_stay_small() -> None:
    long = {short(p): n for p in python() if (n := len(p.read_text().splitlines())) > FILE_LINES}
    assert long == {}


def test_functions_stay_short() -> None:
    long = []
    for path in python(*SOURCE):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines(node) > FUNCTION_LINES:
                long.append(f"{short(path)}:{node.lineno} {node.name} has {lines(node)} lines")
    assert long == []


def lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From the name to the end, without the docstring and the functions inside, which are counted for themselves."""
    inside = [n for n in function.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    less = sum(span(min([n.lineno, *(d.lineno for d in n.decorator_list)]), n) for n in inside)
    if ast.get_docstring(function) is not None:
        less += span(function.body[0].lineno, function.body[0])
    return span(function.lineno, function) - less


def span(first: int, node: ast.stmt) -> int:
    return (node.end_lineno or first) - first + 1


def test_every_module_says_what_it_is() -> None:
    silent = [short(p) for p in python() if (text := p.read_text()).strip() and not ast.get_docstring(ast.parse(text))]
    assert silent == []


def test_public_functions_and_classes_are_documented() -> None:
    silent = []
    for path in python("core", "instaflow"):
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if ast.get_docstring(node) is None:
                silent.append(f"{short(path)}:{node.lineno} {node.name}")
    assert silent == []


def test_no_file_names_a_registry_or_one_machines_folders() -> None:
    found = []
    for path in files():
        if path.suffix in BINARY:
            continue
        text = path.read_text(errors="replace")
        found += [f"{short(path)}: {word}" for word in (*REGISTRIES, *MACHINE) if word in text]
    assert found == []


def test_the_doors_names_are_listed_in_order() -> None:
    public = {n for n, v in vars(instaflow).items() if not n.startswith("_") and not hasattr(v, "__path__")}
    modules = {p.stem for p in (ROOT / "instaflow").glob("*.py")}
    names = list(instaflow.__all__)
    assert names == sorted(names, key=lambda n: (not n.isupper(), not n[0].isupper(), n)), (
        "constants, classes, functions"
    )
    assert len(names) <= PUBLIC_NAMES
    assert public - modules == set(names) - modules
    assert [n for n in names if not hasattr(instaflow, n)] == []
