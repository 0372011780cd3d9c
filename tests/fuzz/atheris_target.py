"""One target under atheris: ``python -m tests.fuzz.atheris_target yaml [libFuzzer's options] [corpus]``.

libFuzzer stops at the first input that raises, that takes more than three seconds (``-timeout``), or that takes too much memory.
"""

import sys

import atheris

with atheris.instrument_imports(include=["core.lang", "core.testing", "yaml", "lark"]):
    from tests.fuzz.targets import TARGETS, registry


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    target = TARGETS[sys.argv[1]]
    registry()
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
