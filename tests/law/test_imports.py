"""The law of imports, and that every module can be imported first, without a warning."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SOURCE = ("core", "plugins", "instaflow", "flask_api")
LAYERS = ("core.model", "core.host", "core.lang", "core.engine", "core.store", "core.runtime", "core.services", "")
"""Inner to outer; the last is all the rest."""

ALONE = """
import importlib, os, sys, traceback, warnings
warnings.simplefilter("ignore")
for heavy in "alembic sqlalchemy flask flask_smorest marshmallow huey redis requests structlog lark yaml granian".split():
    importlib.import_module(heavy)
warnings.resetwarnings()
warnings.simplefilter("error")
failed = []
for layer in sys.argv[1:]:
    names = layer.split(",")
    for name in names:
        child = os.fork()
        if not child:
            try:
                importlib.import_module(name)
            except BaseException:
                sys.stderr.write(f"{name}: {traceback.format_exc()}")
                sys.stderr.flush()
                os._exit(1)
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            failed.append(name)
    if failed:
        sys.exit(", ".join(failed))
    for name in names if layer != sys.argv[-1] else ():
        importlib.import_module(name)
"""
"""Third parties are loaded once. Each module is the first of its layer to be imported, in a fork that holds no more than the
layers below, which the law of imports lets it use and which cannot know it."""


def modules() -> list[str]:
    """Every module of ours by its dotted name."""
    found = []
    for top in SOURCE:
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if not name.endswith("__main__"):
                found.append(name)
    return found


def test_every_module_imports_alone() -> None:
    rest = modules()
    layers = []
    for prefix in LAYERS:
        layer = [name for name in rest if f"{name}.".startswith(f"{prefix}." if prefix else "")]
        rest = [name for name in rest if name not in layer]
        layers.append(",".join(layer))
    assert rest == []
    command = [sys.executable, "-c", ALONE, *layers]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_import_law() -> None:
    done = subprocess.run([BIN / "lint-imports"], check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [("check", "."), ("format", "--check", ".")], ids=" ".join)
def test_ruff(arguments: tuple[str, ...]) -> None:
    done = subprocess.run([BIN / "ruff", *arguments], check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
