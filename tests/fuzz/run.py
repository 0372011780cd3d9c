"""Runs the fuzzers, one process a target: ``python -m tests.fuzz.run --seconds 120`` (part of ``make nightly``).

What they find stands in ``data/fuzz/<target>``: the inputs that reach new code, and ``crash-…`` for what went wrong. Exit status 1 when something
did, 2 when atheris is not there.
"""

import argparse
import importlib.util
import subprocess
import sys
from pathlib import Path

from tests.fuzz.seeds import WORDS, seeds
from tests.fuzz.targets import SECONDS, TARGETS

ROOT = Path(__file__).parents[2]
HOME = ROOT / "data" / "fuzz"
LONGEST = 20_000
"""Bytes of an input."""
MEMORY_MB = 3000
NOISE = ("INFO:", "WARNING:")
MISSING = (
    "The fuzzers need atheris, which is not installed here: it comes as a wheel for Linux on x86-64 and CPython 3.11 to 3.13. "
    "Run 'make nightly' there, or 'pip install atheris'."
)


def main() -> int:
    """Fuzzes each target for so many seconds."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=120, help="for each target")
    options.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all when none is named"
    )
    given = options.parse_args()
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write(MISSING + "\n")
        return 2
    failed = [t for t in given.targets or TARGETS if not fuzzed(t, given.seconds)]
    sys.stderr.write(f"fuzzers: {'something was found in ' + ', '.join(failed) if failed else 'nothing was found'}\n")
    return 1 if failed else 0


def fuzzed(target: str, seconds: int) -> bool:
    """True when nothing went wrong."""
    folder = HOME / target
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for n, seed in enumerate(seeds(target)):
        (corpus / f"seed-{n}").write_bytes(seed)
    words = folder / "words"
    words.write_text("".join(f'"{_escaped(w)}"\n' for w in WORDS))
    sys.stderr.write(f"fuzzing {target} for {seconds} s ...\n")
    command = [sys.executable, "-m", "tests.fuzz.atheris_target", target, str(corpus), f"-dict={words}"]
    limits = [f"-max_total_time={seconds}", f"-timeout={SECONDS}", f"-rss_limit_mb={MEMORY_MB}", f"-max_len={LONGEST}"]
    done = subprocess.run(
        [*command, *limits, f"-artifact_prefix={folder}/", "-print_final_stats=1", "-verbosity=0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    told = [line for line in done.stdout.splitlines() if not line.startswith(NOISE)][-60:]
    stats = [line for line in done.stdout.splitlines() if "number_of_executed_units" in line]
    sys.stderr.write("".join(f"  {line}\n" for line in (stats if done.returncode == 0 else told)))
    return done.returncode == 0


def _escaped(word: str) -> str:
    """As libFuzzer's dictionaries write bytes."""
    return "".join(f"\\x{b:02x}" for b in word.encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    sys.exit(main())
