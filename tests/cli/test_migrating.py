"""``run`` and ``demo`` migrate in a process of their own: the parent stays small, a failure ends it with one sentence."""

import os
import subprocess
import sys
from pathlib import Path

from core.store.migrate import check

CODE = "import sys; from core.cli.migrating import migrate; migrate(sys.argv[1]); print('sqlalchemy' in sys.modules)"


def migrated(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CODE, url], capture_output=True, text=True, timeout=60, check=False, env={**os.environ}
    )


def test_the_parent_keeps_nothing_of_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    first, again = migrated(url), migrated(url)
    assert (first.returncode, first.stdout, first.stderr) == (0, "False\n", "")
    assert (again.returncode, again.stdout) == (0, "False\n")
    check(url)


def test_a_failure_ends_the_start(tmp_path: Path) -> None:
    failed = migrated("postgresql://nobody:canary-password@127.0.0.1:1/x")
    assert failed.returncode == 1 and failed.stdout == "" and "Traceback" not in failed.stderr
    assert failed.stderr.startswith("instaflow: ") and "canary" not in failed.stderr
